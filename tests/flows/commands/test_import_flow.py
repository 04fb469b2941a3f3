import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.content.models import (
    AnswerType,
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.core.actors import Actor
from apps.flows.commands import import_flow as command_module
from apps.flows.commands.import_flow import Imported, import_flow
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.errors import FlowFileInvalid, LocationsUnknown, QuestionNameTaken
from apps.flows.models import BookingFlow, BookingFlowStep, FlowStatus, StepType
from apps.flows.portable.parsing import parse_flow_file
from apps.flows.portable.planning import plan_import
from apps.flows.portable.shapes import FlowDocument, PortableAnswer, PortableContent, Words
from apps.organizations.models import Organization
from tests.conftest import Race
from tests.factories.availability import LocationFactory
from tests.factories.content import QuestionFactory, ServiceAnswerFactory, ServiceFactory
from tests.factories.organizations import OrganizationFactory
from tests.flows.portable.support import file_with


@pytest.fixture
def organization() -> Organization:
    owner: Organization = LocationFactory.create(name="Downtown").organization
    return owner


def imported_into(organization: Organization, raw: bytes | None = None, **options: Any) -> Imported:
    document = parse_flow_file(raw or file_with())
    return import_flow(actor=Actor.system(organization.id), document=document, **options)


def step_of(flow: BookingFlow, kind: StepType) -> BookingFlowStep:
    return BookingFlowStep.objects.for_organization(flow.organization).get(flow=flow, step_type=kind)


@pytest.mark.django_db
class TestImportFlow:
    def test_makes_a_draft_that_can_be_published_at_once(self, organization: Organization) -> None:
        imported = imported_into(organization)
        assert (imported.flow.status, imported.flow.title) == (FlowStatus.DRAFT, "Book a plumber")
        assert imported.problems == ()
        version = publish_flow(actor=Actor.system(organization.id), flow_id=imported.flow.id)
        assert [step["step_type"] for step in version.document["steps"]] == [
            "zipcode",
            "service_selection",
            "timeslot",
            "customer",
            "summary",
        ]
        nodes = version.document["steps"][1]["type_config"]["nodes"]
        titles = {node["answer"]["title"] for node in nodes if "answer" in node}
        assert titles == {"Something leaks", "Drain clearing", "Not sure"}

    def test_makes_the_content_that_it_needs(self, organization: Organization) -> None:
        imported = imported_into(organization)
        service = BookingService.objects.for_organization(organization).get(title="Check-up")
        assert (service.duration_minutes, str(service.price)) == (45, "89.00")
        assert (service.required_skills, service.requires_approval) == (["gas licence"], True)
        answers = BookingQuestionAnswer.objects.for_organization(organization).order_by("sort_order")
        assert [(answer.title, answer.type) for answer in answers] == [
            ("Something leaks", AnswerType.TEXT),
            ("", AnswerType.SERVICE_REFERENCE),
        ]
        assert (imported.created, imported.reused) == (6, 0)

    def test_uses_what_is_there_and_leaves_it_alone(self, organization: Organization) -> None:
        mine = ServiceFactory.create(organization=organization, title="CHECK-UP", price=99)
        asked = QuestionFactory.create(
            organization=organization, unique_name="plumbing-need", title="What can we do?"
        )
        drain = ServiceFactory.create(organization=organization, title="Drain clearing")
        answer = ServiceAnswerFactory.create(question=asked, service=drain, sort_order=7)

        imported = imported_into(organization)

        assert (imported.created, imported.reused) == (2, 4)
        mine.refresh_from_db()
        asked.refresh_from_db()
        assert (mine.title, mine.price, asked.title) == ("CHECK-UP", 99, "What can we do?")
        assert BookingService.objects.for_organization(organization).count() == 2
        nodes = step_of(imported.flow, StepType.SERVICE_SELECTION).nodes
        assert nodes.filter(answer=answer).count() == 1
        assert nodes.filter(service=mine).count() == 1
        new = BookingQuestionAnswer.objects.for_organization(organization).get(title="Something leaks")
        assert new.sort_order == 8  # after those that the question has

    def test_importing_twice_makes_two_flows_and_no_content_twice(self, organization: Organization) -> None:
        first, second = imported_into(organization), imported_into(organization)
        assert (second.created, second.reused) == (0, 6)
        assert first.flow != second.flow
        assert BookingQuestion.objects.for_organization(organization).count() == 1
        assert BookingAnswerCategory.objects.for_organization(organization).count() == 1

    def test_prefers_a_service_that_can_be_booked(self, organization: Organization) -> None:
        ServiceFactory.create(organization=organization, title="Check-up", active=False)
        sold = ServiceFactory.create(organization=organization, title="Check-up")
        imported = imported_into(organization)
        assert step_of(imported.flow, StepType.SERVICE_SELECTION).nodes.filter(service=sold).exists()

    def test_finds_locations_by_name(self, organization: Organization) -> None:
        location = organization.locations.get()
        config = step_of(imported_into(organization).flow, StepType.ZIPCODE).type_config
        assert config["areas"] == [
            {
                "location_id": str(location.id),
                "location_name": "Downtown",
                "zip_codes": ["80202", "80203"],
            }
        ]

    def test_is_told_which_location_is_meant(self) -> None:
        location = LocationFactory.create(name="Main street")
        imported = imported_into(location.organization, locations={"Downtown": location.id})
        [area] = step_of(imported.flow, StepType.ZIPCODE).type_config["areas"]
        assert (area["location_id"], area["location_name"]) == (str(location.id), "Main street")

    def test_asks_for_a_location_that_is_not_here(self) -> None:
        organization = OrganizationFactory.create()
        with pytest.raises(LocationsUnknown) as refusal:
            imported_into(organization)
        assert refusal.value.names == ("Downtown",)
        assert not BookingFlow.objects.for_organization(organization).exists()
        assert not BookingService.objects.for_organization(organization).exists()

    def test_another_businesss_location_is_not_here(self) -> None:
        foreign = LocationFactory.create(name="Downtown")
        with pytest.raises(LocationsUnknown):
            imported_into(OrganizationFactory.create(), locations={"Downtown": foreign.id})

    def test_another_businesss_content_is_not_here(self, organization: Organization) -> None:
        foreign = ServiceFactory.create(title="Check-up")
        QuestionFactory.create(unique_name="plumbing-need")
        imported = imported_into(organization)
        assert imported.reused == 0
        assert not step_of(imported.flow, StepType.SERVICE_SELECTION).nodes.filter(service=foreign).exists()

    def test_a_circle_gets_into_the_draft_and_is_reported(self, organization: Organization) -> None:
        circle = [{"from": "need", "to": "leak"}, {"from": "leak", "to": "need"}]
        imported = imported_into(organization, file_with(steps__1__graph__edges=circle))
        assert "cycle" in {problem.code for problem in imported.problems}
        assert step_of(imported.flow, StepType.SERVICE_SELECTION).edges.count() == 2

    def test_a_step_without_settings_waits_to_be_set_up(self, organization: Organization) -> None:
        imported = imported_into(organization, file_with(steps__0__settings=None))
        assert [problem.code for problem in imported.problems] == ["step_config_invalid"]
        assert step_of(imported.flow, StepType.ZIPCODE).type_config == {}

    def test_refuses_a_document_made_in_code_whose_parts_do_not_fit(self, organization: Organization) -> None:
        orphan = PortableContent(answers={"a": PortableAnswer(question="gone", title="x")})
        document = FlowDocument(flow=Words(title="x"), content=orphan)
        with pytest.raises(FlowFileInvalid):
            import_flow(actor=Actor.system(organization.id), document=document)
        assert not BookingFlow.objects.for_organization(organization).exists()

    def test_is_audited(self, organization: Organization) -> None:
        imported = imported_into(organization)
        entry = AuditEntry.objects.for_organization(organization).get()
        assert (entry.action, entry.subject_id) == ("flows.flow.imported", imported.flow.id)
        assert entry.new == {"name": "Book a plumber", "created": 6, "reused": 0}

    def test_takes_the_same_number_of_queries_however_large_the_file(self) -> None:
        nodes = {f"n{number}": {"kind": "words", "title": f"Answer {number}"} for number in range(100)}
        services = {f"s{number}": {"title": f"Service {number}"} for number in range(100)}
        large = file_with(steps__1__graph={"nodes": nodes}, content__services=services, content__answers={})
        counts = []
        for raw in (file_with(), large):
            organization = LocationFactory.create(name="Downtown").organization
            with CaptureQueriesContext(connection) as queries:
                imported_into(organization, raw)
            counts.append(len(queries))
        # A file without answers or edges has two tables fewer to write.
        assert counts[1] <= counts[0]


@pytest.mark.django_db
class TestPlanImport:
    def test_says_what_is_new_and_what_is_used(self, organization: Organization) -> None:
        ServiceFactory.create(organization=organization, title="Check-up")
        plan = plan_import(organization.id, parse_flow_file(file_with()))
        assert [(item.kind, item.title, item.reused) for item in plan.items()] == [
            ("Service", "Check-up", True),
            ("Service", "Drain clearing", False),
            ("Question", "What do you need?", False),
            ("Answer", "Something leaks", False),
            ("Answer", "Drain clearing", False),
            ("Heading", "Urgent", False),
        ]
        assert plan.missing_locations == []

    def test_says_what_the_draft_will_lack_in_the_words_of_the_draft(
        self, organization: Organization
    ) -> None:
        edges = [{"from": "need", "to": key} for key in ("leak", "drain", "unsure", "check")]
        raw = file_with(steps__1__graph__edges=edges)
        plan = plan_import(organization.id, parse_flow_file(raw))
        assert [problem.message for problem in plan.problems] == [
            "The path “What do you need?” → “Something leaks” ends without a service. Add one to this path.",
            "The path “What do you need?” → “Not sure” ends without a service. Add one to this path.",
        ]
        imported = imported_into(organization, raw)
        assert {problem.message for problem in imported.problems} == {
            problem.message for problem in plan.problems
        }

    def test_writes_nothing(self, organization: Organization) -> None:
        plan_import(organization.id, parse_flow_file(file_with()))
        assert not BookingService.objects.for_organization(organization).exists()


def two_imports(organization: Organization) -> list[Callable[[], Imported]]:
    return [lambda: imported_into(organization), lambda: imported_into(organization)]


@pytest.mark.concurrency
def test_two_imports_at_one_moment_make_the_content_once(race: Race) -> None:
    organization = LocationFactory.create(name="Downtown").organization
    outcomes = race(two_imports(organization))
    assert sorted(outcome.created for outcome in outcomes) == [0, 6]
    assert BookingService.objects.for_organization(organization).count() == 2


@pytest.mark.concurrency
def test_without_the_lock_they_do_not(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_looked = threading.Barrier(2)

    def plan_together(*args: Any, **options: Any) -> Any:
        plan = plan_import(*args, **options)
        both_have_looked.wait(timeout=30)
        return plan

    monkeypatch.setattr(command_module, "plan_import", plan_together)
    monkeypatch.setattr(command_module, "_lock_content", lambda _organization_id: None)
    organization = LocationFactory.create(name="Downtown").organization
    outcomes = race(two_imports(organization))
    refused = [outcome for outcome in outcomes if isinstance(outcome, QuestionNameTaken)]
    assert refused or BookingService.objects.for_organization(organization).count() == 4
