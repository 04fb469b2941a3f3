from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.content.models import BookingQuestion, BookingQuestionAnswer
from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.core.models import OutboxMessage
from apps.flows.commands.restore_version import RolledBack, restore_version
from apps.flows.differences import differences
from apps.flows.errors import FlowInvalid, ServicesGone
from apps.flows.models import BookingFlow, FlowStatus, FlowVersion, ServiceSelectionNode, StepType
from apps.flows.queries import needs_publishing
from apps.organizations.models import Organization
from tests.conftest import Race
from tests.factories.content import (
    AnswerCategoryFactory,
    AnswerFactory,
    QuestionFactory,
    ServiceAnswerFactory,
    ServiceFactory,
)
from tests.factories.flows import (
    AnswerNodeFactory,
    EdgeFactory,
    QuestionNodeFactory,
    ServiceNodeFactory,
    WholeFlow,
    whole_flow,
)
from tests.factories.organizations import OrganizationFactory


def back_to(whole: WholeFlow, version: FlowVersion) -> RolledBack:
    actor = Actor.system(whole.flow.organization_id)
    return restore_version(actor=actor, flow_id=whole.flow.id, version_id=version.id)


def reloaded(flow: BookingFlow) -> BookingFlow:
    return BookingFlow.objects.for_organization(flow.organization_id).get(pk=flow.pk)


def rich_flow() -> WholeFlow:
    """A flow whose graph has one of everything."""
    whole = whole_flow(title="Book a visit")
    organization = whole.flow.organization
    asked = whole.question.question
    heading = AnswerCategoryFactory.create(organization=organization, title="Urgent")
    leak = AnswerFactory.create(question=asked, title="A leak", category=heading)
    drain = ServiceAnswerFactory.create(question=asked)
    words = AnswerNodeFactory.create(step=whole.selection, answer_title="Not sure", answer_category=heading)
    for node in (
        words,
        AnswerNodeFactory.create(step=whole.selection, answer=leak, answer_title="", x=10, y=20),
        AnswerNodeFactory.create(step=whole.selection, answer=drain, answer_title=""),
    ):
        EdgeFactory.create(source=whole.question, target=node)
        if node.answer != drain:
            EdgeFactory.create(source=node, target=whole.service_node)
    return whole


def change_everything(whole: WholeFlow) -> None:
    """Another title, another order, other settings, another graph."""
    flow = reloaded(whole.flow)
    flow.title = "Something else"
    flow.save()
    whole.selection.edges.all().delete()
    whole.selection.nodes.all().delete()
    question = QuestionNodeFactory.create(step=whole.selection)
    EdgeFactory.create(source=question, target=ServiceNodeFactory.create(step=whole.selection))
    flow.steps.filter(step_type=StepType.DETAILS).update(active=False)
    flow.steps.filter(step_type=StepType.SUMMARY).update(type_config={"policy_text": "No refunds."})


@pytest.mark.django_db
class TestRestoreVersion:
    def test_shows_customers_the_old_version_under_a_new_number(self) -> None:
        whole = rich_flow()
        first = whole.publish()
        change_everything(whole)
        second = whole.publish()

        rolled = back_to(whole, first)

        assert (second.number, rolled.version.number, rolled.before) == (2, 3, second)
        assert rolled.version.document == first.document
        assert rolled.rewritten == []
        flow = reloaded(whole.flow)
        assert (flow.published_version, flow.title) == (rolled.version, "Book a visit")
        assert not needs_publishing(flow)

    def test_links_the_answers_that_were_linked(self) -> None:
        whole = rich_flow()
        links = set(whole.selection.nodes.values_list("id", "answer_id", "answer_category_id"))
        first = whole.publish()
        change_everything(whole)
        whole.publish()
        back_to(whole, first)
        assert set(whole.selection.nodes.values_list("id", "answer_id", "answer_category_id")) == links

    def test_finds_answers_by_their_words_in_versions_that_did_not_note_them(self) -> None:
        whole = rich_flow()
        links = set(whole.selection.nodes.values_list("id", "answer_id"))
        noted = whole.publish()
        old = FlowVersion.objects.create(
            organization=whole.flow.organization,
            flow=whole.flow,
            number=7,
            document=noted.document,
            digest=noted.digest,
            created_by="Somebody",
            created_at=noted.created_at,
        )
        change_everything(whole)
        back_to(whole, old)
        assert set(whole.selection.nodes.values_list("id", "answer_id")) == links

    def test_is_undone_by_rolling_back_again(self) -> None:
        whole = rich_flow()
        first = whole.publish()
        change_everything(whole)
        second = whole.publish()
        back_to(whole, first)
        again = back_to(whole, second)
        assert again.version.number == 4
        assert again.version.document == second.document

    def test_of_the_live_version_takes_back_the_draft_and_publishes_nothing(self) -> None:
        whole = rich_flow()
        live = whole.publish()
        change_everything(whole)
        rolled = back_to(whole, live)
        assert rolled.version == live
        assert not needs_publishing(reloaded(whole.flow))
        assert OutboxMessage.objects.count() == 1

    def test_keeps_the_places_of_nodes_that_are_still_there(self) -> None:
        whole = rich_flow()
        first = whole.publish()
        whole.selection.nodes.filter(x=10).update(x=300)
        back_to(whole, first)
        assert whole.selection.nodes.filter(x=300, y=20).count() == 1

    def test_keeps_a_step_that_the_version_did_not_have_switched_off(self) -> None:
        whole = whole_flow()
        details = whole.flow.steps.get(step_type=StepType.DETAILS)
        details.active = False
        details.save()
        first = whole.publish()
        details.active = True
        details.type_config = {"fields": [{"key": "access", "label": "How do we get in?"}]}
        details.save()
        whole.publish()
        back_to(whole, first)
        kept = whole.flow.steps.get(step_type=StepType.DETAILS)
        assert (kept.id, kept.active, kept.type_config) == (details.id, False, details.type_config)

    def test_a_step_that_was_removed_and_added_again_is_the_old_one(self) -> None:
        whole = whole_flow()
        first = whole.publish()
        customer = whole.flow.steps.get(step_type=StepType.CUSTOMER)
        old_id, position = customer.id, customer.position
        customer.delete()
        whole.flow.steps.create(step_type=StepType.CUSTOMER, title="You", position=position)
        whole.publish()
        back_to(whole, first)
        assert whole.flow.steps.get(step_type=StepType.CUSTOMER).id == old_id

    def test_content_is_what_it_is_today(self) -> None:
        whole = whole_flow()
        whole.service.price = 100
        whole.service.save()
        first = whole.publish()
        whole.service.price = 120
        whole.service.save()
        whole.publish()
        rolled = back_to(whole, first)
        [section] = differences(first.document, rolled.version.document)
        assert [change.words for change in section.changes] == [
            f"Price of “{whole.service.title}”: 120.00 USD instead of 100.00 USD."
        ]

    def test_is_audited_and_told(self) -> None:
        whole = whole_flow()
        first = whole.publish()
        whole.selection.title = "New"
        whole.selection.save()
        whole.publish()
        back_to(whole, first)
        entry = AuditEntry.objects.for_organization(whole.flow.organization).order_by("at", "id").last()
        assert entry is not None
        assert (entry.action, entry.subject_id) == ("flows.flow.rolled_back", whole.flow.id)
        assert (entry.old, entry.new) == (
            {"version": 2},
            {"version": 3, "restored": 1, "rewritten": []},
        )
        assert [
            message.payload["number"] for message in OutboxMessage.objects.order_by("created_at", "id")
        ] == [
            1,
            2,
            3,
        ]

    def test_takes_the_same_number_of_queries_however_large_the_graph(self) -> None:
        counts = []
        for size in (1, 25):
            whole = whole_flow()
            for _ in range(size):
                target = ServiceNodeFactory.create(step=whole.selection)
                EdgeFactory.create(source=whole.question, target=target)
            first = whole.publish()
            whole.selection.edges.filter(source=whole.question, target=whole.service_node).delete()
            whole.selection.nodes.filter(edges_in=None, node_type="service_reference").delete()
            whole.publish()
            with CaptureQueriesContext(connection) as queries:
                back_to(whole, first)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_another_flows_version_does_not_exist(self) -> None:
        whole, other = whole_flow(), whole_flow()
        with pytest.raises(NotFound):
            back_to(whole, other.publish())

    def test_another_version_of_the_business_but_not_of_the_flow_does_not_exist(self) -> None:
        whole = whole_flow()
        sibling = whole_flow(whole.flow.organization)
        with pytest.raises(NotFound):
            back_to(whole, sibling.publish())

    def test_another_businesss_flow_does_not_exist(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        with pytest.raises(NotFound):
            restore_version(
                actor=Actor.system(OrganizationFactory.create().id),
                flow_id=whole.flow.id,
                version_id=version.id,
            )


def without_nodes(whole: WholeFlow) -> None:
    """A draft that uses none of the old content, so that it can be deleted."""
    whole.selection.edges.all().delete()
    whole.selection.nodes.all().delete()
    question = QuestionNodeFactory.create(step=whole.selection)
    EdgeFactory.create(source=question, target=ServiceNodeFactory.create(step=whole.selection))
    whole.publish()


@pytest.mark.django_db
class TestContentThatIsGone:
    def test_questions_answers_and_headings_are_written_again(self) -> None:
        whole = rich_flow()
        first = whole.publish()
        without_nodes(whole)
        asked = whole.question.question
        assert asked is not None
        BookingQuestion.objects.filter(id=asked.id).delete()
        whole.flow.organization.answer_categories.all().delete()

        rolled = back_to(whole, first)

        assert sorted(rolled.rewritten) == sorted(
            [
                "the heading “Urgent”",
                "the question “What do you need?”",
                f"the answer “{first_service_answer(first)}”",
            ]
        )
        assert rolled.version.document == first.document
        again = BookingQuestionAnswer.objects.for_organization(whole.flow.organization).get()
        assert again.question_id == asked.id

    def test_a_question_of_the_same_name_stands_in(self) -> None:
        whole = whole_flow()
        first = whole.publish()
        without_nodes(whole)
        asked = whole.question.question
        assert asked is not None
        BookingQuestion.objects.filter(id=asked.id).delete()
        stand_in = QuestionFactory.create(
            organization=whole.flow.organization, unique_name=asked.unique_name, title="And now?"
        )
        assert back_to(whole, first).rewritten == []
        assert nodes_of(whole.flow.organization).filter(question=stand_in).count() == 1

    def test_a_service_that_is_gone_is_named_and_nothing_happens(self) -> None:
        whole = whole_flow()
        first = whole.publish()
        without_nodes(whole)
        title = whole.service.title
        whole.service.delete()
        before = list(nodes_of(whole.flow.organization).values_list("id", flat=True))
        with pytest.raises(ServicesGone) as refusal:
            back_to(whole, first)
        assert refusal.value.titles == (title,)
        assert list(nodes_of(whole.flow.organization).values_list("id", flat=True)) == before

    def test_a_service_of_the_same_title_stands_in(self) -> None:
        whole = whole_flow()
        first = whole.publish()
        without_nodes(whole)
        title, organization = whole.service.title, whole.flow.organization
        whole.service.delete()
        ServiceFactory.create(title=title)  # another business's is none of ours
        stand_in = ServiceFactory.create(organization=organization, title=title)
        back_to(whole, first)
        assert nodes_of(organization).filter(service=stand_in).count() == 1

    def test_a_service_that_is_switched_off_keeps_it_from_being_published(self) -> None:
        whole = whole_flow()
        first = whole.publish()
        without_nodes(whole)
        live = reloaded(whole.flow).published_version
        whole.service.active = False
        whole.service.save()
        with pytest.raises(FlowInvalid) as refusal:
            back_to(whole, first)
        assert [problem.code for problem in refusal.value.problems] == ["service_inactive"]
        assert reloaded(whole.flow).published_version == live
        assert not nodes_of(whole.flow.organization).filter(service=whole.service).exists()


def first_service_answer(version: FlowVersion) -> str:
    [title] = [
        node["answer"]["title"]
        for node in version.document["steps"][1]["type_config"]["nodes"]
        if node["type"] == "answer_reference" and node["service_id"]
    ]
    return str(title)


def nodes_of(organization: Organization) -> Any:
    return ServiceSelectionNode.objects.for_organization(organization)


@pytest.mark.django_db
def test_a_deleted_flow_is_not_rolled_back() -> None:
    whole = whole_flow()
    version = whole.publish()
    BookingFlow.objects.filter(pk=whole.flow.pk).update(status=FlowStatus.DELETED)
    with pytest.raises(NotFound):
        back_to(whole, version)


@pytest.mark.concurrency
def test_rolling_back_and_publishing_at_one_moment_take_turns(race: Race) -> None:
    whole = whole_flow()
    first = whole.publish()
    whole.selection.title = "New"
    whole.selection.save()
    outcomes = race([whole.publish, lambda: back_to(whole, first), lambda: back_to(whole, first)])
    assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    numbers = list(
        FlowVersion.objects.for_organization(whole.flow.organization).values_list("number", flat=True)
    )
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    live = reloaded(whole.flow).published_version
    assert live is not None
    assert live.number == len(numbers)
