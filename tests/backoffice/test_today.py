"""The first page after login: what it shows, to whom, and what it costs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.availability.models import SlotInstance
from apps.organizations.models import Role
from tests.bookings.support import book, hold
from tests.factories.availability import SlotFactory
from tests.factories.backoffice import Business, signed_in, whole_business
from tests.factories.organizations import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Business:
    return whole_business()


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def another_slot(business: Business, *, hours: int) -> SlotInstance:
    slot: SlotInstance = SlotFactory.create(
        resource=business.person, start_at=business.slot.start_at + timedelta(hours=hours)
    )
    return slot


class TestToday:
    def test_shows_todays_visits_in_the_time_of_the_location(self, acme: Business) -> None:
        book(another_slot(acme, hours=1))

        page = acme.client().get("/admin/")

        (arrival,) = page.context["arrivals"]
        assert "11:00" in arrival["time"]
        assert "MST" in arrival["time"]
        assert "Ada Lovelace" in page.content.decode()

    def test_leaves_out_the_visits_of_tomorrow(self, acme: Business) -> None:
        book(another_slot(acme, hours=24))

        assert acme.client().get("/admin/").context["arrivals"] == []

    def test_decides_what_today_is_by_the_clock_of_the_location(
        self, acme: Business, set_now: Callable[[datetime], None]
    ) -> None:
        book(another_slot(acme, hours=1))

        set_now(datetime(2030, 1, 15, 5, tzinfo=UTC))  # still the evening of the 14th in Denver

        assert len(acme.client().get("/admin/").context["arrivals"]) == 1

    def test_counts_what_is_held_right_now(self, acme: Business, set_now: Callable[[datetime], None]) -> None:
        client = acme.client()
        assert client.get("/admin/").context["held_total"] == 1

        set_now(acme.booking.holds.get().expires_at + timedelta(seconds=1))

        assert client.get("/admin/").context["held_total"] == 0

    def test_costs_the_same_however_much_there_is(self, acme: Business) -> None:
        client = acme.client()
        book(another_slot(acme, hours=1))
        before = queries_of(client, "/admin/")

        for hours in range(2, 7):
            book(another_slot(acme, hours=hours))
            hold(another_slot(acme, hours=hours + 20))

        assert queries_of(client, "/admin/") == before

    def test_shows_each_role_only_its_part(self, acme: Business) -> None:
        rota, desk = acme.client(Role.SCHEDULER).get("/admin/"), acme.client(Role.FRONTDESK).get("/admin/")

        assert "arrivals" not in rota.context
        assert "horizons" in rota.context
        assert "arrivals" in desk.context
        assert "horizons" not in desk.context

    def test_tells_a_new_business_what_to_do_first(self) -> None:
        owner = UserFactory.create(is_staff=True)
        MembershipFactory.create(organization=OrganizationFactory.create(name="New business"), user=owner)

        page = signed_in(owner).get("/admin/")

        assert [step.done for step in page.context["start"].steps] == [False] * 5
        assert "Get New business online" in page.content.decode()
        assert "waiting for your approval" not in page.content.decode()

    def test_tells_who_belongs_nowhere_whom_to_ask(self) -> None:
        page = signed_in(UserFactory.create(is_staff=True)).get("/admin/")

        assert "You don’t belong to a business yet" in page.content.decode()

    def test_generates_times_at_a_press_of_a_button(self, acme: Business) -> None:
        made = SlotInstance.objects.for_organization(acme.organization).count()

        response = acme.client().post("/admin/availability/location/generate-today/", follow=True)

        assert "Times are up to date" in response.content.decode()
        assert SlotInstance.objects.for_organization(acme.organization).count() > made

    def test_generates_nothing_for_the_front_desk(self, acme: Business) -> None:
        answer: Any = acme.client(Role.FRONTDESK).post("/admin/availability/location/generate-today/")

        assert answer.status_code == 403
