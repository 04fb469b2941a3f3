"""The guided start: from an empty business to one that customers can book with."""

from typing import Any

import pytest
from django.test import Client

from apps.availability.models import AvailabilityRule, Location, SlotInstance
from apps.backoffice.onboarding.catalogue import TRADES, templates
from apps.backoffice.onboarding.progress import progress_of
from apps.backoffice.onboarding.starting import begin_with_template
from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.flows.models import BookingFlow, FlowStatus, SchedulerConfig
from apps.organizations.models import ApiKey, Organization, Role
from tests.factories.backoffice import signed_in
from tests.factories.organizations import ApiKeyFactory, MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
BUSINESS = {
    "name": "Front Range",
    "phone_number": "(303) 555-0142",
    "country": "US",
    "timezone": "America/Denver",
    "currency": "USD",
}


@pytest.fixture
def business() -> Organization:
    made: Organization = OrganizationFactory.create(name="New business")
    return made


@pytest.fixture
def client(business: Organization) -> Client:
    return client_of(business)


def client_of(business: Organization, role: str = Role.ADMIN) -> Client:
    owner = UserFactory.create(is_staff=True)
    MembershipFactory.create(organization=business, user=owner, role=role)
    return signed_in(owner)


def week(**changes: str) -> dict[str, str]:
    days = {f"open_{day}": "on" for day in range(1, 6)}
    hours = {f"{name}_{day}": at for day in range(1, 8) for name, at in (("from", "09:00"), ("to", "17:00"))}
    return days | hours | changes


class TestTemplates:
    @pytest.mark.parametrize("key", [key for key, _, _ in TRADES])
    def test_each_imports_and_publishes_without_a_problem(self, business: Organization, key: str) -> None:
        (template,) = (each for each in templates() if each.key == key)

        version = begin_with_template(actor=Actor.system(business.pk), template=template)

        assert version.number == 1
        assert len(version.document["services"]) == len(template.document.content.services) >= 7
        assert set(version.document["icons"]) >= {template.document.flow.icon}
        timeslot = next(s for s in version.document["steps"] if s["step_type"] == "timeslot")
        assert timeslot["type_config"]["location_id"] == str(Location.objects.get().pk)

    def test_speak_the_businesss_own_currency(self, business: Organization) -> None:
        business.currency = "DKK"
        business.save()

        begin_with_template(actor=Actor.system(business.pk), template=templates()[0])

        assert set(BookingService.objects.values_list("currency", flat=True)) == {"DKK"}

    def test_a_second_one_uses_the_location_that_there_is(self, business: Organization) -> None:
        for template in templates()[:2]:
            begin_with_template(actor=Actor.system(business.pk), template=template)

        assert Location.objects.count() == 1
        assert BookingFlow.objects.filter(status=FlowStatus.PUBLISHED).count() == 2


class TestTheSteps:
    def test_lead_from_nothing_to_a_site_that_is_live(self, business: Organization, client: Client) -> None:
        steps: tuple[tuple[str, dict[str, str]], ...] = (
            ("business", BUSINESS),
            ("template", {"template": "plumbing"}),
            ("hours", week()),
            ("brand", {"color_primary": "#1f4e8c"}),
            ("embed", {"origins": "https://Shop.example.com/"}),
        )
        for number, (step, sent) in enumerate(steps):
            assert progress_of(business).current == step
            answer = client.post(f"/admin/start/{step}/", sent)
            assert answer.status_code == 302, answer.content.decode()
            assert progress_of(business).done == number + 1

        business.refresh_from_db()
        key = ApiKey.objects.get()
        assert business.phone_number == "+13035550142"
        assert key.allowed_origins == ["https://shop.example.com"]
        assert SlotInstance.objects.for_organization(business).exists()
        assert client.get("/admin/start/live/").json() == {"live": False, "words": ""}
        config = SchedulerConfig.objects.get()
        found = Client().post(
            "/v1/booking-flow-routers/resolve",
            {"url": "https://shop.example.com/any/page"},
            content_type="application/json",
            headers={"X-Api-Key": key.publishable_token, "Origin": "https://shop.example.com"},
        )
        assert found.json()["scheduler_config"]["id"] == str(config.pk)
        assert found.json()["flow"]["content"]["title"] == "Book a plumber"
        assert client.get("/admin/start/live/").json()["live"] is True
        assert "Your site is live." in client.get("/admin/start/").content.decode()

    def test_what_is_wrong_is_said_where_it_stands(self, client: Client) -> None:
        refusals: tuple[tuple[str, dict[str, str], str], ...] = (
            ("business", {**BUSINESS, "phone_number": "12"}, "This number cannot be called."),
            ("hours", week(to_2="08:00"), "Tue: say from when until when"),
            ("hours", {}, "Choose at least one day."),
            ("brand", {"color_primary": "#ffffff"}, "bo-error"),
            ("embed", {"origins": "shop"}, "is not an origin"),
        )
        for step, sent, words in refusals:
            answer = client.post(f"/admin/start/{step}/", sent)
            assert answer.status_code == 422
            assert words in answer.content.decode(), step
        assert not AvailabilityRule.objects.exists()
        assert not ApiKey.objects.exists()

    def test_days_of_the_same_hours_are_one_rule(self, business: Organization, client: Client) -> None:
        client.post("/admin/start/hours/", week(open_6="on", to_6="12:00"))

        rules = AvailabilityRule.objects.order_by("end_time")
        assert [(rule.days_of_week, f"{rule.end_time:%H}") for rule in rules] == [
            ([6], "12"),
            ([1, 2, 3, 4, 5], "17"),
        ]


class TestToday:
    def test_shows_the_start_until_it_is_dismissed(self, business: Organization, client: Client) -> None:
        before = client.get("/admin/").content.decode()
        client.post("/admin/start/dismiss/")
        after = client.get("/admin/").content.decode()

        assert "Get New business online" in before
        assert "waiting for your approval" not in before
        assert "waiting for your approval" in after
        assert "Before customers can book" in after

    def test_is_not_shown_to_those_who_do_not_run_the_business(self, business: Organization) -> None:
        page = client_of(business, Role.FRONTDESK).get("/admin/").content.decode()

        assert "New business online" not in page


class TestAccess:
    @pytest.mark.parametrize("role", [Role.MANAGER, Role.SCHEDULER, Role.FRONTDESK])
    def test_is_for_admins(self, business: Organization, role: str) -> None:
        assert client_of(business, role).get("/admin/start/").status_code == 403

    def test_another_businesss_start_does_not_exist(self, client: Client) -> None:
        stranger = ApiKeyFactory.create().organization

        for method, page in (("get", ""), ("get", "live/"), ("post", "dismiss/"), ("post", "hours/")):
            data: dict[str, Any] = {"organization": str(stranger.pk), **week()}
            assert getattr(client, method)(f"/admin/start/{page}", data).status_code == 404
        stranger.refresh_from_db()
        assert stranger.start_dismissed_at is None
