"""POST /v1/bookings and …/confirm: the first two verbs of a booking, and every way to get them wrong."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.availability.models import SlotInstance
from apps.bookings.models import Booking, Customer, Hold
from apps.core.models import IdempotencyRecord, OutboxMessage
from tests.factories.availability import TEN_O_CLOCK, PersonFactory, SlotFactory
from tests.factories.content import ServiceFactory
from tests.factories.organizations import ApiKeyFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Lovelace", "phone": "(303) 555-0142", "email": "ada@example.com"}


@pytest.fixture
def slot() -> SlotInstance:
    return SlotFactory()


@pytest.fixture
def widget(slot: SlotInstance) -> WidgetClient:
    return WidgetClient(slot.organization)


def wanted(slot: SlotInstance, **extra: Any) -> dict[str, Any]:
    return {"slot_id": str(slot.id), "customer": ADA, **extra}


def nothing_happened() -> bool:
    models = (Booking, Hold, Customer, OutboxMessage, IdempotencyRecord)
    return not any(model._default_manager.exists() for model in models)


class TestHoldABooking:
    def test_holds_the_slot_for_ten_minutes(self, widget: WidgetClient, slot: SlotInstance) -> None:
        response = widget.post("/v1/bookings", wanted(slot))

        assert response.status_code == 201
        body = response.json()
        assert body["status"] == "held"
        held_for = datetime.fromisoformat(body["hold_expires_at"]) - datetime.fromisoformat(body["now"])
        assert held_for == timedelta(minutes=10)
        assert body["start_at"] == "2030-01-14T17:00:00Z"
        assert body["location"]["timezone"] == "America/Denver"
        slot.refresh_from_db()
        assert (slot.booked, slot.hold, slot.status) == (0, 1, "full")

    def test_the_answer_and_its_stored_copy_hold_nothing_personal(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        widget.post("/v1/bookings", wanted(slot, notes="Ring twice"))

        kept = json.dumps(list(IdempotencyRecord.objects.values_list("body", flat=True)))
        kept += json.dumps(list(OutboxMessage.objects.values_list("payload", flat=True)))
        assert not any(secret in kept for secret in ("Ada", "5550142", "ada@example.com", "Ring"))

    def test_name_phone_and_notes_are_unreadable_in_the_tables(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        widget.post("/v1/bookings", wanted(slot, notes="Ring twice"))

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT t::text FROM bookings_customer t UNION ALL SELECT t::text FROM bookings_booking t"
            )
            stored = " ".join(row[0] for row in cursor.fetchall())
        for secret in ("Ada", "5550142", "Ring"):
            assert secret not in stored
            assert secret.encode().hex() not in stored
        booking = Booking.objects.get()
        assert booking.customer.identity is not None
        assert booking.customer.identity.phone == "+13035550142"
        assert booking.intake == {"notes": "Ring twice"}

    def test_a_full_slot_names_what_is_free_nearby(self, widget: WidgetClient, slot: SlotInstance) -> None:
        from tests.factories.availability import WeeklyRuleFactory

        WeeklyRuleFactory(location=slot.location)
        later = SlotFactory(resource=slot.resource, start_at=slot.start_at + timedelta(hours=1))
        widget.post("/v1/bookings", wanted(slot))

        response = WidgetClient(slot.organization).post(
            "/v1/bookings", wanted(slot, customer={**ADA, "phone": "303 555 0199"})
        )

        assert problem(response) == (409, "SLOT_FULL")
        assert [offer["slot_id"] for offer in response.json()["alternatives"]] == [str(later.id)]

    def test_one_customer_cannot_have_one_slot_twice(self, widget: WidgetClient) -> None:
        slot = SlotFactory(capacity=5, resource__location__organization=widget.organization)
        widget.post("/v1/bookings", wanted(slot))

        again = WidgetClient(widget.organization).post("/v1/bookings", wanted(slot))

        assert problem(again) == (409, "ALREADY_BOOKED")
        assert Booking.objects.count() == 1

    def test_a_service_longer_than_the_slot_takes_its_whole_length(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        from tests.factories.availability import WeeklyRuleFactory

        WeeklyRuleFactory(location=slot.location)
        next_slot = SlotFactory(resource=slot.resource, start_at=slot.end_at)
        service = ServiceFactory(organization=slot.organization, duration_minutes=45)

        response = widget.post("/v1/bookings", wanted(slot, service_id=str(service.id)))

        assert response.json()["end_at"] == "2030-01-14T17:45:00Z"
        next_slot.refresh_from_db()
        assert next_slot.status == "full"

    def test_a_visit_past_closing_time_is_refused(self, widget: WidgetClient, slot: SlotInstance) -> None:
        from tests.factories.availability import WeeklyRuleFactory

        WeeklyRuleFactory(location=slot.location)
        service = ServiceFactory(organization=slot.organization, duration_minutes=8 * 60)

        response = widget.post("/v1/bookings", wanted(slot, service_id=str(service.id)))

        assert problem(response) == (409, "SLOT_NOT_BOOKABLE")


class TestConfirm:
    def test_makes_the_time_the_customers(self, widget: WidgetClient, slot: SlotInstance) -> None:
        booking = widget.post("/v1/bookings", wanted(slot)).json()

        response = widget.post(f"/v1/bookings/{booking['id']}/confirm")

        assert response.status_code == 200
        assert response.json()["status"] == "confirmed"
        assert response.json()["hold_expires_at"] is None
        slot.refresh_from_db()
        assert (slot.booked, slot.hold, slot.status) == (1, 0, "full")

    def test_a_service_that_needs_approval_waits_for_it(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        service = ServiceFactory(organization=slot.organization, requires_approval=True, duration_minutes=30)
        booking = widget.post("/v1/bookings", wanted(slot, service_id=str(service.id))).json()

        response = widget.post(f"/v1/bookings/{booking['id']}/confirm")

        assert (response.json()["status"], response.json()["confirmed_at"]) == ("pending", None)

    def test_after_the_hold_has_run_out_it_is_gone(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        booking = widget.post("/v1/bookings", wanted(slot)).json()
        set_now(datetime.fromisoformat(booking["hold_expires_at"]))

        response = widget.post(f"/v1/bookings/{booking['id']}/confirm")

        assert problem(response) == (410, "HOLD_EXPIRED")
        assert Booking.objects.get().status == "held"

    def test_a_moment_before_it_runs_out_it_still_holds(
        self, widget: WidgetClient, slot: SlotInstance, set_now: Any
    ) -> None:
        booking = widget.post("/v1/bookings", wanted(slot)).json()
        set_now(datetime.fromisoformat(booking["hold_expires_at"]) - timedelta(microseconds=1))

        assert widget.post(f"/v1/bookings/{booking['id']}/confirm").status_code == 200

    def test_twice_is_refused_and_changes_nothing(self, widget: WidgetClient, slot: SlotInstance) -> None:
        booking = widget.post("/v1/bookings", wanted(slot)).json()
        widget.post(f"/v1/bookings/{booking['id']}/confirm")
        before = Booking.objects.get().version

        response = widget.post(f"/v1/bookings/{booking['id']}/confirm")

        assert problem(response) == (409, "INVALID_TRANSITION")
        assert response.json()["current"] == "confirmed"
        assert Booking.objects.get().version == before

    def test_another_visitors_booking_does_not_exist(self, widget: WidgetClient, slot: SlotInstance) -> None:
        booking = widget.post("/v1/bookings", wanted(slot)).json()

        response = WidgetClient(slot.organization).post(f"/v1/bookings/{booking['id']}/confirm")

        assert problem(response) == (404, "NOT_FOUND")

    def test_another_businesss_booking_does_not_exist(self, widget: WidgetClient, slot: SlotInstance) -> None:
        booking = widget.post("/v1/bookings", wanted(slot)).json()
        foreign = WidgetClient(SlotFactory().organization)

        assert problem(foreign.post(f"/v1/bookings/{booking['id']}/confirm")) == (404, "NOT_FOUND")


class TestIdempotency:
    def test_the_same_key_gives_the_same_booking(self, widget: WidgetClient, slot: SlotInstance) -> None:
        key = str(uuid.uuid4())
        first = widget.post("/v1/bookings", wanted(slot), key=key)

        second = widget.post("/v1/bookings", wanted(slot), key=key)

        assert second.status_code == first.status_code == 201
        assert second.content == first.content
        assert second["Idempotent-Replayed"] == "true"
        assert Booking.objects.count() == 1

    def test_the_same_key_for_something_else_is_refused(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        key = str(uuid.uuid4())
        widget.post("/v1/bookings", wanted(slot), key=key)

        response = widget.post("/v1/bookings", wanted(slot, notes="something else"), key=key)

        assert problem(response) == (422, "IDEMPOTENCY_KEY_REUSED")

    def test_without_a_key_nothing_is_done(self, widget: WidgetClient, slot: SlotInstance) -> None:
        response = widget.post("/v1/bookings", wanted(slot), key=None)

        assert problem(response) == (400, "IDEMPOTENCY_KEY_MISSING")
        assert nothing_happened()

    def test_a_refusal_is_not_remembered(self, widget: WidgetClient, slot: SlotInstance) -> None:
        key, rival = str(uuid.uuid4()), WidgetClient(slot.organization)
        held = rival.post("/v1/holds", {"slot_id": str(slot.id)}).json()
        assert problem(widget.post("/v1/bookings", wanted(slot), key=key)) == (409, "SLOT_FULL")
        rival.post(f"/v1/holds/{held['id']}/release")

        assert widget.post("/v1/bookings", wanted(slot), key=key).status_code == 201


class TestBadInput:
    @pytest.mark.parametrize("body", [b"{", b"[1,", b'{"slot_id": NaN}', b"\xff\xfe"])
    def test_what_is_not_json(self, widget: WidgetClient, body: bytes) -> None:
        assert problem(widget.post("/v1/bookings", body)) == (400, "MALFORMED_JSON")
        assert nothing_happened()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"slot_id": "nonsense"}, "slot_id"),
            ({"slot_id": 7}, "slot_id"),
            ({"slot_id": None}, "slot_id"),
            ({"party_size": 0}, "party_size"),
            ({"party_size": "many"}, "party_size"),
            ({"customer": "Ada"}, "customer"),
            ({"customer": {"name": "Ada"}}, "customer.phone"),
            ({"customer": {**ADA, "phone": "12"}}, "customer.phone"),
            ({"customer": {**ADA, "email": "nowhere"}}, "customer.email"),
            ({"customer": {**ADA, "name": "A" * 121}}, "customer.name"),
            ({"customer": {**ADA, "shoe_size": 43}}, "customer.shoe_size"),
            ({"colour": "red"}, "colour"),
            ({"notes": "x" * 2001}, "notes"),
            ({"answers": ["a list"]}, "answers"),
            ({"selection": {"node_ids": []}}, "selection.node_ids"),
            ({"start_at": "2030-01-14T17:00:00Z"}, "slot_id"),
        ],
    )
    def test_wrong_values_name_their_field(
        self, widget: WidgetClient, slot: SlotInstance, change: dict[str, Any], field: str
    ) -> None:
        response = widget.post("/v1/bookings", {**wanted(slot), **change})

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert field in response.json()["errors"]
        assert nothing_happened()

    @pytest.mark.parametrize("body", ["[]", '"text"', "7", "null"])
    def test_json_of_another_shape(self, widget: WidgetClient, body: str) -> None:
        assert problem(widget.post("/v1/bookings", body)) == (400, "VALIDATION_ERROR")

    def test_a_body_beyond_all_reason(self, widget: WidgetClient, slot: SlotInstance) -> None:
        huge = wanted(slot, notes="x" * 300_000)

        assert problem(widget.post("/v1/bookings", huge)) == (413, "PAYLOAD_TOO_LARGE")

    def test_a_slot_that_does_not_exist(self, widget: WidgetClient, slot: SlotInstance) -> None:
        response = widget.post("/v1/bookings", {**wanted(slot), "slot_id": str(uuid.uuid4())})

        assert problem(response) == (404, "NOT_FOUND")
        assert nothing_happened()

    def test_another_businesss_slot(self, widget: WidgetClient) -> None:
        foreign = SlotFactory()

        assert problem(widget.post("/v1/bookings", wanted(foreign))) == (404, "NOT_FOUND")
        assert nothing_happened()

    def test_another_businesss_service(self, widget: WidgetClient, slot: SlotInstance) -> None:
        foreign = ServiceFactory()

        response = widget.post("/v1/bookings", wanted(slot, service_id=str(foreign.id)))

        assert problem(response) == (404, "NOT_FOUND")
        assert nothing_happened()

    def test_a_slot_in_the_past(self, widget: WidgetClient) -> None:
        past = SlotFactory(
            resource=PersonFactory(location__organization=widget.organization),
            start_at=TEN_O_CLOCK - timedelta(days=1),
        )

        assert problem(widget.post("/v1/bookings", wanted(past))) == (409, "SLOT_NOT_BOOKABLE")

    def test_a_foreign_site(self, widget: WidgetClient, slot: SlotInstance) -> None:
        response = widget.post("/v1/bookings", wanted(slot), Origin="https://evil.example")

        assert problem(response) == (403, "ORIGIN_NOT_ALLOWED")
        assert nothing_happened()

    def test_no_api_key(self, widget: WidgetClient, slot: SlotInstance) -> None:
        response = widget.post("/v1/bookings", wanted(slot), **{"X-Api-Key": "pk_wrong"})

        assert problem(response) == (401, "INVALID_API_KEY")

    @pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
    def test_no_session(self, widget: WidgetClient, slot: SlotInstance, token: str) -> None:
        response = widget.post("/v1/bookings", wanted(slot), **{"X-Session-Token": token})

        assert problem(response) == (401, "SESSION_EXPIRED")
        assert nothing_happened()

    def test_a_session_of_another_business(self, widget: WidgetClient, slot: SlotInstance) -> None:
        other = WidgetClient(ApiKeyFactory().organization)

        response = widget.post("/v1/bookings", wanted(slot), **{"X-Session-Token": other.token})

        assert problem(response) == (401, "SESSION_EXPIRED")

    def test_a_form_instead_of_json(self, widget: WidgetClient) -> None:
        response = widget.client.post(
            "/v1/bookings", {"a": "b"}, headers=widget.headers(**{"Idempotency-Key": "k"})
        )

        assert problem(response) == (415, "UNSUPPORTED_MEDIA_TYPE")
