"""POST /v1/holds/{id}/refresh, and how many holds one visitor may have."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.models import CalendarEvent, Resource, SlotInstance
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.models import Hold
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from tests.bookings.salon import a_salon
from tests.factories.availability import PersonFactory, SlotFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada", "phone": "303 555 0142"}


@pytest.fixture
def slot() -> SlotInstance:
    return SlotFactory()


@pytest.fixture
def widget(slot: SlotInstance) -> WidgetClient:
    return WidgetClient(slot.organization)


def placed(widget: WidgetClient, slot: SlotInstance) -> dict[str, Any]:
    body: dict[str, Any] = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()
    return body


def ends(body: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(body["expires_at"])


def refresh(widget: WidgetClient, hold: dict[str, Any]) -> Any:
    return widget.post(f"/v1/holds/{hold['id']}/refresh")


class TestRefresh:
    def test_gives_the_whole_length_again_from_now(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        hold = placed(widget, slot)
        later = ends(hold) - timedelta(minutes=1)
        set_now(later)

        body = refresh(widget, hold).json()

        assert (ends(body), body["refreshes"]) == (later + timedelta(minutes=5), 1)
        assert CalendarEvent.objects.get().expires_at == ends(body)
        assert list(find_violations()) == []

    def test_never_takes_time_away(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = placed(widget, slot)

        assert ends(refresh(widget, hold).json()) == ends(hold)

    def test_so_the_time_is_kept_beyond_its_first_end(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        hold = placed(widget, slot)
        set_now(ends(hold) - timedelta(seconds=1))
        refresh(widget, hold)
        set_now(ends(hold) + timedelta(seconds=1))

        other = WidgetClient(slot.organization).post("/v1/holds", {"slot_id": str(slot.id)})

        assert problem(other) == (409, "SLOT_FULL")
        assert expire_holds() == 0

    def test_as_often_as_the_business_says(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = placed(widget, slot)

        codes = [refresh(widget, hold).status_code for _ in range(3)]
        fourth = refresh(widget, hold)

        assert codes == [200, 200, 200]
        assert problem(fourth) == (409, "HOLD_REFRESH_LIMIT")
        assert fourth.json()["limit"] == 3

    def test_not_after_its_end_even_if_nobody_has_swept(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        hold = placed(widget, slot)
        set_now(ends(hold))

        assert problem(refresh(widget, hold)) == (410, "HOLD_EXPIRED")

    def test_not_after_it_was_given_back(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = placed(widget, slot)
        widget.post(f"/v1/holds/{hold['id']}/release")

        assert problem(refresh(widget, hold)) == (409, "HOLD_NOT_ACTIVE")

    def test_nobody_elses(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = placed(widget, slot)

        assert problem(refresh(WidgetClient(slot.organization), hold)) == (404, "NOT_FOUND")

    def test_also_while_a_held_booking_stands_on_it(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        hold = placed(widget, slot)
        booking = widget.post("/v1/bookings", {"hold_id": hold["id"], "customer": ADA}).json()
        set_now(ends(hold) - timedelta(minutes=1))

        longer = refresh(widget, hold).json()
        set_now(ends(hold) + timedelta(minutes=1))

        assert ends(longer) > ends(hold)
        assert widget.post(f"/v1/bookings/{booking['id']}/confirm").status_code == 200

    def test_a_repeated_request_counts_once(self, widget: WidgetClient, slot: SlotInstance) -> None:
        hold = placed(widget, slot)

        for _ in range(2):
            widget.post(f"/v1/holds/{hold['id']}/refresh", key="once")

        assert Hold.objects.get().refreshes == 1

    def test_all_the_time_of_a_visit_of_several_people(self, set_now: Any) -> None:
        salon = a_salon()
        widget = WidgetClient(salon.organization)
        hold = widget.post("/v1/holds", salon.body("Wash", "Colour")).json()
        set_now(ends(hold) - timedelta(minutes=1))

        body = refresh(widget, hold).json()

        assert {event.expires_at for event in CalendarEvent.objects.all()} == {ends(body)}

    def test_says_so_in_the_log_on_the_outbox_and_in_the_resources_version(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        hold = placed(widget, slot)
        version = Resource.objects.get(id=slot.resource_id).version
        set_now(ends(hold) - timedelta(minutes=1))

        body = refresh(widget, hold).json()

        entry = AuditEntry.objects.get(action="bookings.hold.refreshed")
        assert datetime.fromisoformat(entry.new["expires_at"]) == ends(body)
        payload = OutboxMessage.objects.get(name="hold.refreshed").payload
        assert datetime.fromisoformat(payload["expires_at"]) == ends(body)
        assert Resource.objects.get(id=slot.resource_id).version == version + 1


class TestCap:
    def slots(self, slot: SlotInstance, count: int) -> list[SlotInstance]:
        return [SlotFactory(resource=PersonFactory(location=slot.location)) for _ in range(count)]

    def test_so_many_at_once_and_no_more(self, widget: WidgetClient, slot: SlotInstance) -> None:
        for one in self.slots(slot, 5):
            assert "id" in placed(widget, one)

        response = widget.post("/v1/holds", {"slot_id": str(slot.id)})

        assert problem(response) == (409, "TOO_MANY_HOLDS")
        assert response.json()["limit"] == 5

    def test_of_each_visitor_alone(self, widget: WidgetClient, slot: SlotInstance) -> None:
        for one in self.slots(slot, 5):
            placed(widget, one)

        assert "id" in placed(WidgetClient(slot.organization), slot)

    @pytest.mark.parametrize("how", ["given back", "lapsed", "confirmed"])
    def test_what_is_over_does_not_count(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any, how: str
    ) -> None:
        slot.organization.policy.max_live_holds = 1
        slot.organization.policy.save()
        (other,) = self.slots(slot, 1)
        hold = placed(widget, other)
        if how == "given back":
            widget.post(f"/v1/holds/{hold['id']}/release")
        elif how == "lapsed":
            set_now(ends(hold))
        else:
            booking = widget.post("/v1/bookings", {"hold_id": hold["id"], "customer": ADA}).json()
            widget.post(f"/v1/bookings/{booking['id']}/confirm")

        assert "id" in placed(widget, slot)

    def test_held_bookings_count(self, widget: WidgetClient, slot: SlotInstance) -> None:
        slot.organization.policy.max_live_holds = 1
        slot.organization.policy.save()
        (other,) = self.slots(slot, 1)
        widget.post("/v1/bookings", {"slot_id": str(other.id), "customer": ADA})

        response = widget.post(
            "/v1/bookings", {"slot_id": str(slot.id), "customer": ADA | {"phone": "303 555 0143"}}
        )

        assert problem(response) == (409, "TOO_MANY_HOLDS")

    def test_several_at_once_all_or_none(self, widget: WidgetClient, slot: SlotInstance) -> None:
        visits = [{"slot_id": str(one.id)} for one in self.slots(slot, 6)]

        assert problem(widget.post("/v1/holds", {"visits": visits})) == (409, "TOO_MANY_HOLDS")
        assert not Hold.objects.exists()
        assert widget.post("/v1/holds", {"visits": visits[:5]}).status_code == 201
