"""Routing rules in the back office: written as sentences, refused with an example, tried, moved, in files."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.flows.models import BookingFlow
from apps.organizations.models import Organization, Role
from apps.organizations.staff import keep_staff_flag
from apps.routing.models import BookingFlowRouter, PathMatch
from tests.factories.backoffice import signed_in
from tests.factories.flows import FlowFactory, SchedulerConfigFactory, whole_flow
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.factories.routing import RouterFactory, VariantFactory

pytestmark = pytest.mark.django_db(transaction=True)
RULES = "/admin/routing/bookingflowrouter/"


@pytest.fixture
def organization() -> Organization:
    made: Organization = OrganizationFactory.create()
    return made


@pytest.fixture
def desk(organization: Organization) -> Client:
    return client_of(organization)


def client_of(organization: Organization, role: str = Role.ADMIN) -> Client:
    user = MembershipFactory.create(organization=organization, role=role).user
    keep_staff_flag(user)
    return signed_in(user)


@pytest.fixture
def flow(organization: Organization) -> BookingFlow:
    whole = whole_flow(organization, title="Book a plumber")
    whole.publish()
    whole.flow.refresh_from_db()
    return whole.flow


def typed(flow: BookingFlow, **others: str) -> dict[str, str]:
    return {
        "path_match": "prefix",
        "path": "/services",
        "flow": str(flow.pk),
        "weight": "1",
        "priority": "3",
        "active": "on",
        "conditions-rows": "0",
        "variants-rows": "0",
        **others,
    }


def condition(index: int, parameter: str, value: str, other: str = "") -> dict[str, str]:
    row = {"parameter": parameter, "value": value, "other": other}
    return {f"conditions-{index}-{name}": said for name, said in row.items()}


def rules(organization: Organization) -> list[BookingFlowRouter]:
    return list(BookingFlowRouter.objects.for_organization(organization).in_order())


class TestForm:
    def test_conditions_and_flows_are_rows(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        second = FlowFactory.create(organization=organization)
        sent = typed(flow, **{"conditions-rows": "3", "variants-rows": "1", "weight": "3"})
        sent |= condition(0, "utm_source", "google") | condition(1, "", "*", "gclid") | condition(2, "", "")
        sent |= {"variants-0-flow": str(second.pk), "variants-0-weight": "1"}
        answer = desk.post(f"{RULES}add/", sent)
        assert answer.status_code == 302
        (rule,) = rules(organization)
        assert rule.query == {"utm_source": "google", "gclid": "*"}
        assert rule.shares() == [(flow, 3), (second, 1)]

        page = desk.get(f"{RULES}{rule.pk}/change/").content.decode()
        assert 'value="gclid"' in page
        assert 'value="google"' in page
        assert f'<option value="{second.pk}" selected>' in page

    def test_a_condition_without_a_name_is_asked_about(self, desk: Client, flow: BookingFlow) -> None:
        answer = desk.post(
            f"{RULES}add/", typed(flow, **{"conditions-rows": "1"}) | condition(0, "", "google")
        )
        assert answer.status_code == 200
        assert "Which parameter?" in answer.content.decode()

    def test_a_conflict_shows_both_rules_and_a_page_and_loses_nothing(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        RouterFactory.create(
            organization=organization, flow=flow, path_match=PathMatch.GLOB, path="/*/hvac", priority=3
        )
        answer = desk.post(f"{RULES}add/", typed(flow))
        said = answer.content.decode()
        assert answer.status_code == 200
        for words in ("pages like /*/hvac", "/services and what is below it", "/services/hvac, for one"):
            assert words in said
        assert 'value="/services"' in said
        assert len(rules(organization)) == 1

    def test_what_a_path_may_not_be_is_said_beside_it(self, desk: Client, flow: BookingFlow) -> None:
        answer = desk.post(f"{RULES}add/", typed(flow, path="/services/*"))
        assert "choose “Paths like this one”" in answer.content.decode()

    def test_a_default_needs_no_path(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        answer = desk.post(f"{RULES}add/", typed(flow, is_default="on", path="/left/over"))
        assert answer.status_code == 302
        assert rules(organization)[0].path == ""

    def test_another_businesss_flow_is_refused(self, desk: Client, flow: BookingFlow) -> None:
        foreign = FlowFactory.create()
        assert desk.post(f"{RULES}add/", typed(foreign)).status_code == 200
        sent = typed(
            flow, **{"variants-rows": "1", "variants-0-flow": str(foreign.pk), "variants-0-weight": "1"}
        )
        assert desk.post(f"{RULES}add/", sent).status_code == 200
        assert not BookingFlowRouter.objects.exists()

    def test_whoever_saves_an_older_state_is_told(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        rule = RouterFactory.create(organization=organization, flow=flow, priority=3)
        answer = desk.post(f"{RULES}{rule.pk}/change/", typed(flow, seen_version="1"))
        assert "Somebody else changed this meanwhile" in answer.content.decode()

    def test_goes_by_command(self, desk: Client, organization: Organization, flow: BookingFlow) -> None:
        rule = RouterFactory.create(organization=organization, flow=flow)
        desk.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"})
        assert rules(organization) == []


class TestList:
    def test_costs_no_more_with_more_rules(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(RULES).status_code == 200
            return len(captured)

        VariantFactory.create(router=RouterFactory.create(organization=organization, flow=flow))
        queries()
        few = queries()
        for _ in range(10):
            VariantFactory.create(router=RouterFactory.create(organization=organization, flow=flow))
        assert queries() == few

    def test_a_rule_is_moved_by_a_button(self, desk: Client, organization: Organization) -> None:
        one, other = (RouterFactory.create(organization=organization, priority=at) for at in (10, 20))
        assert desk.post(f"/admin/routing/{other.pk}/move/?to=up").status_code == 302
        assert [(rule.pk, rule.priority) for rule in rules(organization)] == [(other.pk, 1), (one.pk, 2)]
        desk.post(f"/admin/routing/{other.pk}/move/?to=up")
        assert rules(organization)[0] == other
        assert desk.get(f"/admin/routing/{other.pk}/move/").status_code == 405
        assert desk.post(f"/admin/routing/{RouterFactory.create().pk}/move/?to=up").status_code == 404

    def test_rules_are_switched_off_and_on(self, desk: Client, organization: Organization) -> None:
        rule = RouterFactory.create(organization=organization)
        sent = {"action": "switch_off", "_selected_action": [str(rule.pk)]}
        assert "1 rule switched off" in desk.post(RULES, sent, follow=True).content.decode()
        RouterFactory.create(organization=organization, priority=rule.priority)
        sent["action"] = "switch_on"
        assert "fits some of the same pages" in desk.post(RULES, sent, follow=True).content.decode()
        rule.refresh_from_db()
        assert not rule.active

    def test_a_copy_is_switched_off(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        rule = VariantFactory.create(
            router=RouterFactory.create(organization=organization, flow=flow, query={"u": "1"})
        ).router
        desk.post(f"{RULES}{rule.pk}/duplicate/", {"_form_submitted": "1"})
        copy = next(one for one in rules(organization) if one != rule)
        assert (copy.active, copy.query, copy.shares()) == (False, {"u": "1"}, rule.shares())


class TestTester:
    def test_every_rule_is_explained(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        SchedulerConfigFactory.create(organization=organization, is_default=True)
        RouterFactory.create(
            organization=organization,
            flow=flow,
            priority=1,
            path_match=PathMatch.PREFIX,
            path="/services",
            query={"utm_source": "bing"},
        )
        RouterFactory.create(organization=organization, flow=flow, priority=2, active=False)
        RouterFactory.create(
            organization=organization, flow=flow, priority=3, path_match=PathMatch.EXACT, path="/services"
        )
        RouterFactory.create(organization=organization, flow=flow, is_default=True)
        said = desk.get(
            "/admin/routing/test/", {"url": "https://www.example.com/services/?utm_source=google"}
        ).content.decode()
        for words in (
            "Customers see “Book a plumber”",
            "Rule 3 fits: the page /services.",
            "/services is /services or below it.",
            "utm_source is “google”, not bing.",
            "It is switched off.",
            "The page is /services.",
            "The default fits where no other rule does.",
            "Passed over",
            "Decides",
        ):
            assert words in said, words

    def test_an_address_that_is_none_is_said_so(self, desk: Client) -> None:
        said = desk.get("/admin/routing/test/", {"url": "nowhere"}).content.decode()
        assert "whole address" in said

    def test_without_a_flow_the_phone_screen_is_named(self, desk: Client, organization: Organization) -> None:
        SchedulerConfigFactory.create(organization=organization, fallback_phone_number="+13035550142")
        said = desk.get("/admin/routing/test/", {"url": "https://www.example.com/"}).content.decode()
        assert "Customers see the phone screen, +13035550142" in said

    def test_examples_come_while_typing(self, desk: Client) -> None:
        asked = {"path_match": "glob", "path": "/services/*", "name": "utm_source", "value": "google"}
        answer: Any = desk.get("/admin/routing/examples/", asked).json()
        assert "/services/x?utm_source=google" in answer["fits"]
        assert "/services/x" in answer["others"]
        asked["path"] = "services"
        assert desk.get("/admin/routing/examples/", asked).json()["problems"]

    @pytest.mark.parametrize("role", [Role.SCHEDULER, Role.FRONTDESK])
    @pytest.mark.parametrize("page", ["test/", "examples/", "import/"])
    def test_is_not_for_everybody(self, role: Role, page: str) -> None:
        other = client_of(OrganizationFactory.create(), role)
        assert other.get(f"/admin/routing/{page}").status_code == 403

    @pytest.mark.parametrize("page", ["test/?organization={}", "import/?organization={}", "export/{}.csv"])
    def test_another_business_does_not_exist(self, desk: Client, page: str) -> None:
        foreign = OrganizationFactory.create()
        assert desk.get(f"/admin/routing/{page.format(foreign.pk)}").status_code == 404


class TestFiles:
    def test_what_is_exported_is_imported_as_it_was(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        RouterFactory.create(organization=organization, flow=flow, query={"utm_source": "google"})
        exported = desk.get(f"/admin/routing/export/{organization.pk}.csv").content
        file = SimpleUploadedFile("rules.csv", exported)
        said = desk.post("/admin/routing/import/", {"file": file, "do": "look"}).content.decode()
        assert "0 new, 0 changed, 0 removed, 1 as they are" in said

    def test_is_looked_at_first_and_then_done(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        text = "priority,match,path,flow\n1,prefix,/a,Book a plumber\n2,exact,/b,book a plumber\n"
        file = SimpleUploadedFile("rules.csv", text.encode())
        said = desk.post("/admin/routing/import/", {"file": file, "do": "look"}).content.decode()
        assert "2 new" in said
        assert rules(organization) == []
        desk.post("/admin/routing/import/", {"text": text, "do": "import"})
        assert [rule.path for rule in rules(organization)] == ["/a", "/b"]

    def test_errors_are_named_by_line_and_nothing_is_done(
        self, desk: Client, organization: Organization, flow: BookingFlow
    ) -> None:
        text = (
            "priority,match,path,flow\n"
            "1,prefix,/a,Book a plumber\n1,exact,/a/b,Book a plumber\n2,exact,/b,None\n"
        )
        said = desk.post("/admin/routing/import/", {"text": text, "do": "import"}).content.decode()
        assert "Line 3:" in said
        assert "line 2: /a/b, for one" in said
        assert "There is no flow “None” here." in said
        assert rules(organization) == []
