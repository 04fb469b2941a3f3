"""POST /v1/holds and what a visitor can do with one."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.availability.models import SlotInstance
from apps.bookings.models import Booking, Hold
from tests.factories.availability import LocationFactory, PersonFactory, SlotFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot() -> SlotInstance:
    return SlotFactory()


@pytest.fixture
def widget(slot: SlotInstance) -> WidgetClient:
    return WidgetClient(slot.organization)


def start_of(slot: SlotInstance, **extra: Any) -> dict[str, Any]:
    return {"location_id": str(slot.location_id), "start_at": slot.start_at.isoformat(), **extra}


class TestPlace:
    def test_a_slot_for_five_minutes(self, widget: WidgetClient, slot: SlotInstance) -> None:
        body = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()

        assert body["status"] == "active"
        assert datetime.fromisoformat(body["expires_at"]) - datetime.fromisoformat(body["now"]) == timedelta(
            minutes=5
        )

    def test_anybody_who_is_free_then(self, widget: WidgetClient, slot: SlotInstance) -> None:
        colleague = SlotFactory(resource=PersonFactory(location=slot.location))
        WidgetClient(slot.organization).post("/v1/holds", {"slot_id": str(slot.id)})

        body = widget.post("/v1/holds", start_of(slot)).json()

        assert body["resource"]["id"] == str(colleague.resource_id)

    def test_until_nobody_is_left(self, slot: SlotInstance) -> None:
        SlotFactory(resource=PersonFactory(location=slot.location))
        statuses = [
            WidgetClient(slot.organization).post("/v1/holds", start_of(slot)).status_code for _ in range(3)
        ]

        assert statuses == [201, 201, 409]

    def test_only_who_has_the_skills(self, widget: WidgetClient, slot: SlotInstance) -> None:
        service = ServiceFactory(
            organization=slot.organization, duration_minutes=30, required_skills=["gas licence"]
        )
        assert problem(widget.post("/v1/holds", start_of(slot, service_id=str(service.id)))) == (
            409,
            "SLOT_NOT_BOOKABLE",
        )
        fitter = SlotFactory(resource=PersonFactory(location=slot.location, skills=["gas licence"]))

        body = widget.post("/v1/holds", start_of(slot, service_id=str(service.id))).json()

        assert body["resource"]["id"] == str(fitter.resource_id)

    def test_a_named_person(self, widget: WidgetClient, slot: SlotInstance) -> None:
        SlotFactory(resource=PersonFactory(location=slot.location))

        body = widget.post("/v1/holds", start_of(slot, resource_id=str(slot.resource_id))).json()

        assert body["resource"]["id"] == str(slot.resource_id)

    def test_another_businesss_location_does_not_exist(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        foreign = LocationFactory()

        response = widget.post("/v1/holds", start_of(slot, location_id=str(foreign.id)))

        assert problem(response) == (404, "NOT_FOUND")

    def test_a_time_that_no_rule_makes(self, widget: WidgetClient, slot: SlotInstance) -> None:
        response = widget.post("/v1/holds", start_of(slot, start_at="2030-01-14T17:07:00Z"))

        assert problem(response) == (409, "SLOT_NOT_BOOKABLE")

    def test_a_time_without_a_zone_is_read_as_utc(self, widget: WidgetClient, slot: SlotInstance) -> None:
        response = widget.post("/v1/holds", start_of(slot, start_at="2030-01-14T17:00:00"))

        assert response.status_code == 201


class TestExpiry:
    def test_a_lapsed_hold_is_in_nobodys_way_even_before_the_sweep(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        first = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()
        set_now(datetime.fromisoformat(first["expires_at"]))

        second = WidgetClient(slot.organization).post("/v1/holds", {"slot_id": str(slot.id)})

        assert second.status_code == 201
        assert Hold.objects.get(id=first["id"]).status == "expired"

    def test_a_lapsed_booking_makes_way_for_the_same_customer(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        wanted = {"slot_id": str(slot.id), "customer": {"name": "Ada", "phone": "303 555 0142"}}
        first = widget.post("/v1/bookings", wanted).json()
        set_now(datetime.fromisoformat(first["hold_expires_at"]))

        assert widget.post("/v1/bookings", wanted).status_code == 201
        assert Booking.objects.get(id=first["id"]).status == "expired"

    def test_a_lapsed_hold_cannot_become_a_booking(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        hold = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()
        set_now(datetime.fromisoformat(hold["expires_at"]))

        response = widget.post(
            "/v1/bookings", {"hold_id": hold["id"], "customer": {"name": "Ada", "phone": "303 555 0142"}}
        )

        assert problem(response) == (410, "HOLD_EXPIRED")


class TestRelease:
    def test_frees_the_time(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()

        response = widget.post(f"/v1/holds/{hold['id']}/release")

        assert response.json()["status"] == "released"
        slot.refresh_from_db()
        assert (slot.hold, slot.status) == (0, "open")

    def test_twice_says_that_it_is_over(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()
        widget.post(f"/v1/holds/{hold['id']}/release")

        assert problem(widget.post(f"/v1/holds/{hold['id']}/release")) == (409, "HOLD_NOT_ACTIVE")

    def test_nobody_elses(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()

        response = WidgetClient(slot.organization).post(f"/v1/holds/{hold['id']}/release")

        assert problem(response) == (404, "NOT_FOUND")


class TestBookAHold:
    def test_gives_it_a_customer_and_a_reference(self, widget: WidgetClient, slot: SlotInstance) -> None:
        service = ServiceFactory(organization=slot.organization, duration_minutes=30, price="129.00")
        hold = widget.post("/v1/holds", {"slot_id": str(slot.id), "service_id": str(service.id)}).json()

        response = widget.post(
            "/v1/bookings", {"hold_id": hold["id"], "customer": {"name": "Ada", "phone": "303 555 0142"}}
        )

        assert response.status_code == 201
        assert response.json()["reference"].startswith("WB-")
        assert response.json()["hold_expires_at"] == hold["expires_at"]
        booking = Booking.objects.get()
        line = booking.lines.get()
        assert (line.title, line.base_duration_minutes, str(line.price)) == (service.title, 30, "129.00")

    def test_once(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()
        wanted = {"hold_id": hold["id"], "customer": {"name": "Ada", "phone": "303 555 0142"}}
        widget.post("/v1/bookings", wanted)

        assert problem(widget.post("/v1/bookings", wanted)) == (409, "HOLD_NOT_ACTIVE")

    def test_the_price_is_the_one_of_the_hold(self, widget: WidgetClient, slot: SlotInstance) -> None:
        service = ServiceFactory(organization=slot.organization, duration_minutes=30, price="129.00")
        hold = widget.post("/v1/holds", {"slot_id": str(slot.id), "service_id": str(service.id)}).json()
        service.price = "999.00"
        service.save()

        widget.post(
            "/v1/bookings", {"hold_id": hold["id"], "customer": {"name": "Ada", "phone": "303 555 0142"}}
        )

        assert str(Booking.objects.get().total_price) == "129.00"


def test_neighbours_that_overlap_fill_together() -> None:
    """With a start every 15 minutes and visits of 30, one visit takes two starts."""
    slot = SlotFactory()
    WeeklyRuleFactory(location=slot.location)
    overlapping = SlotFactory(resource=slot.resource, start_at=slot.start_at + timedelta(minutes=15))
    adjoining = SlotFactory(resource=slot.resource, start_at=slot.end_at)

    WidgetClient(slot.organization).post("/v1/holds", {"slot_id": str(slot.id)})

    overlapping.refresh_from_db()
    adjoining.refresh_from_db()
    assert (overlapping.status, adjoining.status) == ("full", "open")


def test_asking_for_anybody_costs_the_same_for_a_large_team(django_assert_max_num_queries: Any) -> None:
    slot = SlotFactory()
    WeeklyRuleFactory(location=slot.location)
    for _ in range(12):
        SlotFactory(resource=PersonFactory(location=slot.location))
    service = ServiceFactory(organization=slot.organization, duration_minutes=60)
    widget = WidgetClient(slot.organization)

    with django_assert_max_num_queries(38):
        response = widget.post("/v1/holds", start_of(slot, service_id=str(service.id)))

    assert response.status_code == 201
