from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError
from django.test import Client

from apps.availability.models import AvailabilityRule, Location, Resource, SlotInstance
from apps.availability.offering.search import find_offers
from apps.availability.types import VisitNeed
from apps.content.models import BookingService
from apps.core.clock import app_now
from apps.demo.logins import DEMO_LOGINS
from apps.demo.machinery.access import website_key_id
from apps.demo.machinery.business import Business
from apps.demo.saks_silke.company import SAKS_SILKE
from apps.demo.summit_peak.company import SUMMIT_PEAK
from apps.flows.documents import draft_of
from apps.flows.models import BookingFlow, FlowVersion
from apps.flows.queries import needs_publishing
from apps.organizations.models import ApiKey, Organization, User
from tests.demo.conftest import run_seed

ORIGIN = "http://127.0.0.1:8000"


def row_counts() -> dict[str, int]:
    """How many rows every table of ours has."""
    models = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    return {model._meta.label: model._base_manager.count() for model in models}


def resolve(path: str, business: Business = SUMMIT_PEAK) -> dict[str, Any]:
    """What the widget gets on a page of a business's site."""
    key = ApiKey.objects.get(id=website_key_id(business)).publishable_token
    answer: dict[str, Any] = (
        Client()
        .post(
            "/v1/booking-flow-routers/resolve",
            {"url": f"{ORIGIN}{path}", "config_id": None},
            content_type="application/json",
            headers={"X-Api-Key": key, "Origin": ORIGIN},
        )
        .json()
    )
    return answer


@pytest.mark.usefixtures("seeded")
class TestSeedingTwice:
    def test_changes_nothing_and_says_so(self) -> None:
        before, token = row_counts(), ApiKey.objects.get(id=website_key_id(SUMMIT_PEAK)).publishable_token

        printed = run_seed()

        assert row_counts() == before
        assert "Nothing to change" in printed
        assert ApiKey.objects.get(id=website_key_id(SUMMIT_PEAK)).publishable_token == token

    def test_keeps_what_staff_have_edited_until_it_is_restored(self) -> None:
        service = BookingService.objects.get(title="Drain clearing")
        BookingService.objects.filter(id=service.id).update(title="Drain magic")

        run_seed()
        service.refresh_from_db()
        assert service.title == "Drain magic"

        counts = row_counts()
        run_seed(restore=True)
        service.refresh_from_db()
        assert service.title == "Drain clearing"
        assert row_counts() == {**counts, "audit.AuditEntry": counts["audit.AuditEntry"] + 2}

    def test_does_not_publish_what_staff_have_only_drafted(self) -> None:
        BookingFlow.objects.filter(title="Book a plumber").update(description="Not for customers yet")

        run_seed()

        assert FlowVersion.objects.count() == 4
        assert needs_publishing(BookingFlow.objects.get(title="Book a plumber"))

    def test_adds_the_days_that_have_come_into_reach_and_the_holidays_of_a_new_year(
        self, set_now: Callable[[datetime], None]
    ) -> None:
        last = SlotInstance.objects.order_by("-date").values_list("date", flat=True)[0]
        set_now(datetime(2031, 1, 2, 15, tzinfo=UTC))

        run_seed()

        assert SlotInstance.objects.order_by("-date").values_list("date", flat=True)[0] > last
        assert (
            AvailabilityRule.objects.filter(note="Thanksgiving", valid_from=date(2032, 11, 25)).count() == 2
        )


@pytest.mark.usefixtures("seeded")
class TestTheDemo:
    def test_is_published_without_a_problem(self) -> None:
        flows = list(BookingFlow.objects.all())

        assert len(flows) == 4
        for flow in flows:
            assert draft_of(flow).problems == ()
            assert not needs_publishing(flow)

    def test_can_be_booked_for_every_service_at_every_location_within_two_weeks(self) -> None:
        now = app_now()
        locations = Location.objects.select_related("organization__policy")
        for location in locations:
            organization = location.organization
            for service in BookingService.objects.for_organization(organization):
                offers = find_offers(
                    location=location,
                    policy=organization.policy,
                    need=VisitNeed.of(service),
                    first=now.date(),
                    last=now.date() + timedelta(days=14),
                    now=now,
                )
                assert len(offers) > 20, f"{service} in {location}"

    def test_serves_every_zip_code_from_a_location_that_has_start_times(self) -> None:
        answer = resolve("/")
        steps = {step["step_type"]: step["type_config"] for step in answer["flow"]["steps"]}
        areas = steps["zipcode"]["areas"]

        assert {area["location_name"]: len(area["zip_codes"]) for area in areas} == {
            "Denver": 12,
            "Phoenix": 10,
        }
        for area in areas:
            assert SlotInstance.objects.filter(location_id=area["location_id"], status="open").count() > 1000

    def test_leads_the_plumbing_page_to_the_shorter_flow(self) -> None:
        assert resolve("/")["flow"]["content"]["title"] == "Book a visit"
        assert resolve("/about")["flow"]["content"]["title"] == "Book a visit"
        assert resolve("/plumbing")["flow"]["content"]["title"] == "Book a plumber"

    def test_asks_on_the_salons_danish_pages_in_danish(self) -> None:
        assert resolve("/demo/salon", SAKS_SILKE)["flow"]["content"]["title"] == "Book a visit"
        for path in ("/demo/salon/da", "/demo/salon/da/team"):
            assert resolve(path, SAKS_SILKE)["flow"]["content"]["title"] == "Book en tid"

    def test_has_a_salon_with_a_look_of_its_own_where_a_visit_may_be_for_several_services(self) -> None:
        answer = resolve("/demo/salon", SAKS_SILKE)

        steps = {step["step_type"]: step["type_config"] for step in answer["flow"]["steps"]}
        assert list(steps) == ["service_selection", "timeslot", "customer", "summary"]
        assert steps["service_selection"]["allow_several"] is True
        assert steps["timeslot"]["location_name"] == "Jægersborggade"
        assert answer["organization"]["currency"] == "DKK"
        assert answer["brand_kit"]["colors"] != resolve("/")["brand_kit"]["colors"]

    def test_lets_a_student_wash_and_a_master_colour_in_one_visit(self) -> None:
        organization = Organization.objects.get(slug=SAKS_SILKE.slug)
        services = BookingService.objects.for_organization(organization)
        key = ApiKey.objects.get(id=website_key_id(SAKS_SILKE)).publishable_token

        answer = (
            Client()
            .get(
                "/v1/scheduler/date-timeslots",
                {
                    "location_id": str(Location.objects.for_organization(organization).get().id),
                    "service_id": [
                        str(services.get(title__startswith=title).id) for title in ("Wash", "Balayage")
                    ],
                    "date": "2030-01-16",
                    "more": "1",
                },
                headers={"X-Api-Key": key, "Origin": ORIGIN},
            )
            .json()
        )

        students = {"Freja Dahl", "Oskar Lind"}
        assert answer["timeslots"]
        for slot in answer["timeslots"]:
            wash, colour = (line["resource"]["name"] for line in slot["lines"])
            assert wash in students
            assert colour not in students

    def test_is_closed_on_holidays_and_has_technicians_with_hours_of_their_own(self) -> None:
        closed = AvailabilityRule.objects.filter(is_closed=True, resource=None)

        assert closed.filter(note="2. påskedag", valid_from=date(2030, 4, 22)).count() == 1
        assert set(closed.filter(note="Thanksgiving").values_list("valid_from", flat=True)) == {
            date(2030, 11, 28),
            date(2031, 11, 27),
        }
        own = Resource.objects.filter(rules__isnull=False, organization__slug=SUMMIT_PEAK.slug)
        assert own.distinct().count() == 2

    def test_lets_everybody_in_whom_it_lists(self) -> None:
        for title, email, password in DEMO_LOGINS:
            user = User.objects.get(email=email)
            assert Client().login(email=email, password=password), title
            assert user.is_staff
            assert user.is_superuser == (title == "Platform owner")


class TestWhereItIsAllowed:
    def test_refuses_where_the_demo_is_off(self, settings: LazySettings, db: None) -> None:
        settings.DEMO_ENABLED = False

        with pytest.raises(CommandError, match="passwords are public"):
            run_seed()

        assert not Organization.objects.exists()

    def test_allows_the_port_that_the_demo_is_served_from(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PORT", "8010")

        run_seed()

        key = ApiKey.objects.get(id=website_key_id(SUMMIT_PEAK))
        assert key.allows_origin("http://localhost:8010")
        assert key.allows_origin("http://127.0.0.1:8000")
        assert not key.allows_origin("http://example.com")
