"""/v1/waitlist: joining, answering an offer, leaving."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import pytest
from django.test import Client

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import Resource
from apps.bookings.models import Booking, WaitlistEntry, WaitlistOffer
from apps.bookings.self_service.links import revoke_links
from apps.bookings.waitlist.links import token_of_offer
from apps.content.models import BookingService
from apps.core.ids import new_id
from apps.core.models import IdempotencyRecord, OutboxMessage
from apps.organizations.models import OrganizationPolicy
from tests.availability.support import denver
from tests.bookings.waiting import deliver, offers_made
from tests.factories.availability import PersonFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Lovelace", "phone": "303 555 0142", "email": "ada@example.com"}


@pytest.fixture
def anna() -> Resource:
    """Works on weekdays from nine to ten; it is Monday, eight o'clock."""
    anna = PersonFactory(name="Anna")
    WeeklyRuleFactory(location=anna.location, end_time=time(10))
    generate_slots(organization=anna.organization)
    return anna


@pytest.fixture
def hour(anna: Resource) -> BookingService:
    return ServiceFactory(organization=anna.organization, duration_minutes=60)


@pytest.fixture
def widget(anna: Resource) -> WidgetClient:
    return WidgetClient(anna.organization)


@pytest.fixture
def wish(anna: Resource, hour: BookingService) -> dict[str, Any]:
    return {
        "location_id": str(anna.location_id),
        "services": [{"service_id": str(hour.id)}],
        "first_date": "2030-01-14",
        "last_date": "2030-01-14",
        "customer": ADA,
    }


def answer(token: str, verb: str, key: str | None = None) -> Any:
    """Whoever has the link needs no key and no session."""
    return Client().post(
        f"/v1/waitlist/offers/{token}/{verb}", headers={"Idempotency-Key": key or str(new_id())}
    )


class TestJoin:
    def test_answers_the_waitlisted_booking_and_its_link(
        self, widget: WidgetClient, wish: dict[str, Any], hour: BookingService
    ) -> None:
        response = widget.post("/v1/waitlist", wish, key="once")

        body = response.json()
        assert response.status_code == 201, body
        assert (body["status"], body["start_at"], body["resource"]) == ("waitlisted", None, None)
        assert [line["service_id"] for line in body["lines"]] == [str(hour.id)]
        assert body["manage_token"].startswith("mb_")
        again = widget.post("/v1/waitlist", wish, key="once")
        assert again.json() == body
        assert WaitlistEntry.objects.count() == 1
        stored = IdempotencyRecord.objects.get().body
        assert body["manage_token"] not in stored
        assert "Ada" not in stored
        assert not any("Ada" in str(message.payload) for message in OutboxMessage.objects.all())

    def test_who_waits_already_is_told_so(self, widget: WidgetClient, wish: dict[str, Any]) -> None:
        widget.post("/v1/waitlist", wish)

        assert problem(widget.post("/v1/waitlist", wish)) == (409, "ALREADY_WAITING")

    def test_a_waitlist_may_be_closed(self, widget: WidgetClient, wish: dict[str, Any]) -> None:
        OrganizationPolicy.objects.update(waitlist_open=False)

        assert problem(widget.post("/v1/waitlist", wish)) == (409, "WAITLIST_NOT_OPEN")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"services": []}, "services"),
            ({"last_date": "2030-01-13"}, "last_date"),
            ({"last_date": "tomorrow"}, "last_date"),
            ({"earliest_time": "12:00", "latest_time": "11:00"}, "latest_time"),
            ({"party_size": 0}, "party_size"),
            ({"customer": {"name": "Ada", "phone": "1"}}, "customer"),
            ({"start_at": "2030-01-14T16:00:00Z"}, "start_at"),
        ],
    )
    def test_bad_input_is_named(
        self, widget: WidgetClient, wish: dict[str, Any], wrong: dict[str, Any], field: str
    ) -> None:
        response = widget.post("/v1/waitlist", {**wish, **wrong})

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert any(name.startswith(field) for name in response.json()["errors"])

    def test_another_business_has_no_such_location(self, wish: dict[str, Any]) -> None:
        stranger = WidgetClient(PersonFactory().organization)

        assert problem(stranger.post("/v1/waitlist", wish)) == (404, "NOT_FOUND")

    def test_needs_a_session_and_a_key(self, widget: WidgetClient, wish: dict[str, Any]) -> None:
        assert problem(widget.post("/v1/waitlist", wish, key=None)) == (400, "IDEMPOTENCY_KEY_MISSING")
        widget.token = "nonsense"
        assert problem(widget.post("/v1/waitlist", wish)) == (401, "SESSION_EXPIRED")


class TestOffer:
    @pytest.fixture
    def token(self, widget: WidgetClient, wish: dict[str, Any], anna: Resource) -> str:
        widget.post("/v1/waitlist", wish)
        (offer,) = offers_made(anna.location)
        return token_of_offer(offer.id)

    def test_can_be_read_by_its_link(self, token: str, anna: Resource) -> None:
        body = Client().get(f"/v1/waitlist/offers/{token}").json()

        assert (body["status"], body["start_at"], body["expires_at"]) == (
            "open",
            "2030-01-14T16:00:00Z",
            "2030-01-14T15:30:00Z",
        )
        assert body["resource"] == {"id": str(anna.id), "name": "Anna"}
        assert body["business"] == anna.organization.name
        assert body["organization"]["name"] == anna.organization.name
        assert "brand_kit" in body
        assert "Ada" not in str(body)
        assert bytes(WaitlistOffer.objects.get().digest) != token.encode()

    def test_is_accepted_once(self, token: str) -> None:
        response = answer(token, "accept", "once")

        body = response.json()
        assert (response.status_code, body["status"]) == (200, "confirmed")
        assert body["start_at"] == "2030-01-14T16:00:00Z"
        assert answer(token, "accept", "once").json() == body
        assert problem(answer(token, "accept")) == (409, "WAITLIST_OFFER_ANSWERED")
        assert problem(answer(token, "decline")) == (409, "WAITLIST_OFFER_ANSWERED")
        assert Client().get(f"/v1/waitlist/offers/{token}").json()["status"] == "accepted"

    def test_once_it_is_taken_it_leads_to_the_visit(self, token: str) -> None:
        path = f"/v1/waitlist/offers/{token}"
        assert Client().get(path).json()["manage_token"] is None
        answer(token, "accept")

        link = Client().get(path).json()["manage_token"]

        assert Client().get(f"/v1/bookings/manage/{link}").json()["status"] == "confirmed"
        revoke_links(Booking.objects.get())
        assert Client().get(path).json()["manage_token"] is None

    def test_is_declined(self, token: str) -> None:
        response = answer(token, "decline")

        assert (response.status_code, response.json()["status"]) == (200, "declined")
        assert problem(answer(token, "accept")) == (409, "WAITLIST_OFFER_ANSWERED")

    def test_lapses_by_the_databases_clock(self, token: str, set_now: Callable[[datetime], None]) -> None:
        set_now(denver(14, 8, 30))

        assert problem(answer(token, "accept")) == (410, "WAITLIST_OFFER_LAPSED")
        assert Client().get(f"/v1/waitlist/offers/{token}").json()["status"] == "lapsed"

    @pytest.mark.parametrize("token", ["wo_", "nonsense", f"wo_{'A' * 43}", f"mb_{'A' * 43}"])
    def test_an_unknown_link_says_nothing(self, token: str, db: None) -> None:
        assert problem(Client().get(f"/v1/waitlist/offers/{token}")) == (404, "WAITLIST_OFFER_UNKNOWN")
        assert problem(answer(token, "accept")) == (404, "WAITLIST_OFFER_UNKNOWN")
        assert problem(answer(token, "decline")) == (404, "WAITLIST_OFFER_UNKNOWN")

    def test_a_closed_business_offers_nothing(self, token: str, anna: Resource) -> None:
        anna.organization.active = False
        anna.organization.save()

        assert problem(answer(token, "accept")) == (404, "WAITLIST_OFFER_UNKNOWN")

    def test_an_answer_needs_a_key(self, token: str) -> None:
        response = Client().post(f"/v1/waitlist/offers/{token}/accept")

        assert problem(response) == (400, "IDEMPOTENCY_KEY_MISSING")


class TestWaiting:
    def test_the_link_says_what_for_and_leads_to_what_is_offered(
        self,
        widget: WidgetClient,
        wish: dict[str, Any],
        anna: Resource,
        set_now: Callable[[datetime], None],
    ) -> None:
        wish |= {"last_date": "2030-01-18", "earliest_time": "09:00"}
        link = widget.post("/v1/waitlist", wish).json()["manage_token"]
        path = f"/v1/bookings/manage/{link}"
        assert Client().get(path).json()["waiting"] == {
            "first_date": "2030-01-14",
            "last_date": "2030-01-18",
            "earliest_time": "09:00:00",
            "latest_time": None,
            "offer_token": None,
        }
        (offer,) = offers_made(anna.location)

        assert Client().get(path).json()["waiting"]["offer_token"] == token_of_offer(offer.id)

        set_now(offer.hold.expires_at)
        assert Client().get(path).json()["waiting"]["offer_token"] is None
        set_now(denver(14, 8))
        answer(token_of_offer(offer.id), "accept")
        assert Client().get(path).json()["waiting"] is None


class TestLeave:
    def test_by_the_link_to_the_booking(self, widget: WidgetClient, wish: dict[str, Any]) -> None:
        link = widget.post("/v1/waitlist", wish).json()["manage_token"]
        deliver()
        path = f"/v1/bookings/manage/{link}/leave-waitlist"

        response = Client().post(path, headers={"Idempotency-Key": str(new_id())})

        assert (response.status_code, response.json()["status"]) == (200, "cancelled")
        assert WaitlistEntry.objects.get().status == "left"
        assert WaitlistOffer.objects.get().status == "declined"
        again = Client().post(path, headers={"Idempotency-Key": str(new_id())})
        assert problem(again) == (409, "NOT_WAITING")
        assert Booking.objects.get().cancel_reason == "left_waitlist"
