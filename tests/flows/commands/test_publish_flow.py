import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.core.icons import icon_path
from apps.core.models import OutboxMessage
from apps.flows.commands import publish_flow as command_module
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.documents import Draft, draft_of
from apps.flows.errors import FlowInvalid
from apps.flows.models import BookingFlow, FlowStatus, FlowVersion, StepType
from apps.flows.queries import needs_publishing
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
    FlowFactory,
    QuestionNodeFactory,
    ServiceNodeFactory,
    WholeFlow,
    whole_flow,
)
from tests.factories.organizations import OrganizationFactory


def reloaded(flow: BookingFlow) -> BookingFlow:
    return BookingFlow.objects.for_organization(flow.organization_id).get(pk=flow.pk)


def problems_of(whole: WholeFlow) -> list[dict[str, Any]]:
    with pytest.raises(FlowInvalid) as refusal:
        whole.publish()
    problems: list[dict[str, Any]] = refusal.value.data["problems"]
    return problems


@pytest.mark.django_db
class TestPublishFlow:
    def test_makes_the_first_version(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        flow = reloaded(whole.flow)
        assert (flow.status, flow.published_version, version.number) == (FlowStatus.PUBLISHED, version, 1)
        assert version.created_by == "Scheduler"

    def test_writes_the_document_of_the_contract(self) -> None:
        whole = whole_flow(title="Book a visit", description="Two minutes.", icon="calendar")
        document = whole.publish().document
        assert set(document) == {"id", "content", "steps", "services", "categories", "icons"}
        assert document["id"] == str(whole.flow.id)
        assert document["content"] == {
            "title": "Book a visit",
            "description": "Two minutes.",
            "icon": "calendar",
        }
        assert [step["step_type"] for step in document["steps"]] == list(StepType)
        assert set(document["steps"][0]) == {"id", "step_type", "step_config", "type_config"}
        assert document["steps"][0]["type_config"]["areas"][0]["zip_codes"] == ["80202"]
        assert document["steps"][3]["type_config"] == {
            "allow_resource_choice": False,
            "location_id": None,
            "location_name": "",
        }

    def test_ships_the_icons_that_are_used_and_no_others(self) -> None:
        whole = whole_flow(icon="calendar")
        whole.service.icon = "flame"
        whole.service.save()

        document = whole.publish().document

        assert document["icons"] == {name: icon_path(name) for name in ("calendar", "flame")}

    def test_a_redrawn_icon_is_nobodys_change(self) -> None:
        whole = whole_flow(icon="calendar")
        draft = draft_of(whole.flow)

        redrawn = Draft({**draft.document, "icons": {"calendar": "M0 0h1"}}, ())

        assert redrawn.digest == draft.digest

    def test_says_whether_a_visit_may_be_for_several_services(self) -> None:
        whole = whole_flow()
        step = whole.flow.steps.get(step_type=StepType.SERVICE_SELECTION)

        assert whole.publish().document["steps"][1]["type_config"]["allow_several"] is False
        step.type_config = {"allow_several": True}
        step.save()

        assert whole.publish().document["steps"][1]["type_config"]["allow_several"] is True

    def test_freezes_services_as_they_are_now(self) -> None:
        whole = whole_flow()
        whole.service.duration_minutes, whole.service.price = 90, 129
        whole.service.price_note = "waived with any repair"
        whole.service.save()
        version = whole.publish()
        whole.service.price = 999
        whole.service.save()
        version.refresh_from_db()
        assert version.document["services"] == {
            str(whole.service.id): {
                "id": str(whole.service.id),
                "content": whole.service.content(),
                "duration_minutes": 90,
                "price": "129.00",
                "currency": "USD",
                "price_note": "waived with any repair",
            }
        }

    def test_resolves_the_graph_in_the_order_of_its_edges(self) -> None:
        whole = whole_flow()
        organization, step = whole.flow.organization, whole.selection
        category = AnswerCategoryFactory.create(organization=organization, title="Heating")
        question = QuestionFactory.create(organization=organization)
        known = ServiceAnswerFactory.create(question=question, category=category)
        own_words = AnswerNodeFactory.create(step=step, answer_title="Not sure", answer_icon="circle-help")
        answer = AnswerNodeFactory.create(step=step, answer=known, answer_title="")
        EdgeFactory.create(source=whole.question, target=own_words, position=20_001)
        EdgeFactory.create(source=whole.question, target=answer, position=20_000)
        EdgeFactory.create(source=own_words, target=whole.service_node)

        document = whole.publish().document
        config = document["steps"][1]["type_config"]
        nodes = {node["id"]: node for node in config["nodes"]}
        assert config["root_node_id"] == str(whole.question.id)
        asked = whole.question.question
        assert asked is not None
        assert nodes[str(whole.question.id)] == {
            "id": str(whole.question.id),
            "type": "question_reference",
            "question": {
                "id": str(asked.id),
                "unique_name": asked.unique_name,
                "help_text": "",
                **asked.content(),
            },
        }
        assert nodes[str(answer.id)] == {
            "id": str(answer.id),
            "type": "answer_reference",
            "answer": {**known.content(), "category_id": str(category.id)},
            "service_id": str(known.service_id),
        }
        assert nodes[str(own_words.id)]["answer"] == {
            "title": "Not sure",
            "description": "",
            "icon": "circle-help",
            "category_id": None,
        }
        assert nodes[str(whole.service_node.id)] == {
            "id": str(whole.service_node.id),
            "type": "service_reference",
            "service_id": str(whole.service.id),
        }
        choices = [
            e["target_node_id"] for e in config["edges"] if e["source_node_id"] == str(whole.question.id)
        ]
        assert choices == [str(whole.service_node.id), str(answer.id), str(own_words.id)]
        assert document["categories"] == {str(category.id): category.content()}
        assert set(document["services"]) == {str(whole.service.id), str(known.service_id)}

    def test_of_an_unchanged_draft_returns_the_version_that_is_there(self) -> None:
        whole = whole_flow()
        first = whole.publish()
        assert whole.publish() == first
        assert FlowVersion.objects.for_organization(whole.flow.organization).count() == 1
        assert OutboxMessage.objects.count() == 1

    def test_of_a_changed_draft_makes_the_next_version(self) -> None:
        whole = whole_flow()
        first = whole.publish()
        whole.selection.title = "What can we do for you?"
        whole.selection.save()
        second = whole.publish()
        first.refresh_from_db()
        assert (first.number, second.number) == (1, 2)
        assert first.document["steps"][1]["step_config"]["title"] == "Service selection"

    def test_is_audited_and_told(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        entry = AuditEntry.objects.for_organization(whole.flow.organization).get()
        assert (entry.action, entry.subject_id) == ("flows.flow.published", whole.flow.id)
        assert (entry.old["version"], entry.new["version"]) == (None, 1)
        message = OutboxMessage.objects.get()
        assert message.name == "flow.published"
        assert message.payload == {
            "organization_id": str(whole.flow.organization_id),
            "flow_id": str(whole.flow.id),
            "flow_version_id": str(version.id),
            "number": 1,
        }

    def test_takes_the_same_number_of_queries_however_large_the_graph(self) -> None:
        small, large = whole_flow(), whole_flow()
        for _ in range(25):
            EdgeFactory.create(source=large.question, target=ServiceNodeFactory.create(step=large.selection))
        with CaptureQueriesContext(connection) as few:
            small.publish()
        with CaptureQueriesContext(connection) as many:
            large.publish()
        assert len(few) == len(many)

    def test_another_businesss_flow_does_not_exist(self) -> None:
        with pytest.raises(NotFound):
            publish_flow(actor=Actor.system(OrganizationFactory.create().id), flow_id=whole_flow().flow.id)

    def test_a_deleted_flow_does_not_exist(self) -> None:
        with pytest.raises(NotFound):
            whole_flow(status=FlowStatus.DELETED).publish()


@pytest.mark.django_db
class TestRefusals:
    def test_an_empty_flow_lacks_four_steps(self) -> None:
        flow = FlowFactory.create()
        with pytest.raises(FlowInvalid) as refusal:
            publish_flow(actor=Actor.system(flow.organization_id), flow_id=flow.id)
        assert [problem.code for problem in refusal.value.problems] == ["step_missing"] * 4
        assert reloaded(flow).status == FlowStatus.DRAFT

    def test_names_the_wrong_path_of_the_graph(self) -> None:
        whole = whole_flow()
        unsure = AnswerNodeFactory.create(step=whole.selection, answer_title="Not sure")
        EdgeFactory.create(source=whole.question, target=unsure)
        assert problems_of(whole) == [
            {
                "code": "path_without_service",
                "message": (
                    "The path “What do you need?” → “Not sure” ends without a service. Add one to this path."
                ),
                "step_id": str(whole.selection.id),
                "node_ids": [str(whole.question.id), str(unsure.id)],
            }
        ]

    def test_finds_two_roots(self) -> None:
        whole = whole_flow()
        other = QuestionNodeFactory.create(step=whole.selection)
        EdgeFactory.create(source=other, target=ServiceNodeFactory.create(step=whole.selection))
        assert [problem["code"] for problem in problems_of(whole)] == ["many_roots"]

    def test_names_the_step_whose_config_is_wrong(self) -> None:
        whole = whole_flow()
        whole.flow.steps.filter(step_type=StepType.ZIPCODE).update(type_config={"areas": []})
        [problem] = problems_of(whole)
        assert problem["code"] == "step_config_invalid"
        assert problem["message"].startswith("Step “Zip code”: There is no zip code yet")

    def test_refuses_a_service_that_is_switched_off(self) -> None:
        whole = whole_flow()
        whole.service.active = False
        whole.service.save()
        assert [problem["code"] for problem in problems_of(whole)] == ["service_inactive"]

    def test_refuses_another_businesss_content(self) -> None:
        whole = whole_flow()
        whole.service_node.service = ServiceFactory.create()
        whole.service_node.save()
        [problem] = problems_of(whole)
        assert (problem["code"], problem["node_ids"]) == ("foreign_content", [str(whole.service_node.id)])

    def test_a_node_of_another_businesss_answer_is_refused_too(self) -> None:
        whole = whole_flow()
        foreign = AnswerNodeFactory.create(
            step=whole.selection, answer=AnswerFactory.create(), answer_title=""
        )
        EdgeFactory.create(source=whole.question, target=foreign)
        EdgeFactory.create(source=foreign, target=whole.service_node)
        assert [problem["code"] for problem in problems_of(whole)] == ["foreign_content"]

    def test_a_refused_draft_leaves_the_published_version_alone(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        whole.flow.steps.filter(step_type=StepType.CUSTOMER).delete()
        assert [problem["code"] for problem in problems_of(whole)] == ["step_missing"]
        assert reloaded(whole.flow).published_version == version


@pytest.mark.django_db
class TestNeedsPublishing:
    def test_a_new_draft_does(self) -> None:
        assert needs_publishing(whole_flow().flow)

    def test_what_was_just_published_does_not(self) -> None:
        whole = whole_flow()
        whole.publish()
        assert not needs_publishing(reloaded(whole.flow))

    def test_a_changed_text_anywhere_below_does(self) -> None:
        whole = whole_flow()
        whole.publish()
        asked = whole.question.question
        assert asked is not None
        asked.help_text = "Look at the label."
        asked.save()
        assert needs_publishing(reloaded(whole.flow))


@pytest.mark.concurrency
def test_publishing_at_the_same_moment_makes_one_version(race: Race) -> None:
    whole = whole_flow()
    versions = race([whole.publish, whole.publish, whole.publish])
    assert len({version.id for version in versions}) == 1
    assert FlowVersion.objects.for_organization(whole.flow.organization).count() == 1


@pytest.mark.concurrency
def test_without_the_lock_it_does_not(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    all_have_read = threading.Barrier(3)

    def read_unlocked(organization_id: UUID, **which: UUID) -> BookingFlow:
        flow = BookingFlow.objects.for_organization(organization_id).get(**which)
        all_have_read.wait(timeout=30)
        return flow

    monkeypatch.setattr(command_module, "lock_flow", read_unlocked)
    whole = whole_flow()
    outcomes = race([whole.publish, whole.publish, whole.publish])
    refused = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    versions = FlowVersion.objects.for_organization(whole.flow.organization).count()
    assert refused or versions > 1
