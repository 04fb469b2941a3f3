"""No mutation of `/v1` is done without an Idempotency-Key, and with one it is done once (seed 003)."""

from typing import Any

import pytest
from django.test import Client

from apps.bookings.models import Booking, Customer, Hold, WaitlistEntry, WaitlistOffer
from apps.bookings.waitlist.links import token_of_offer
from apps.core.models import IdempotencyRecord
from apps.organizations.models import Role
from apps.organizations.staff_tokens import issue_pair
from tests.bookings.salon import Salon, a_salon
from tests.bookings.waiting import offers_made
from tests.factories.organizations import MembershipFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

MUTATIONS = {"post", "put", "patch", "delete"}
# What does without a key, and why that is no loss.
WITHOUT = {
    "resolve_flow": "reads",
    "start_session": "there is nobody yet to whom a key could belong",
    "record_session_events": "drops what it has by the events' own ids",
    "sign_in_customer": "makes nothing but tokens",
    "refresh_customer_sign_in": "a refresh token works once",
}
_phones = iter(range(1000, 10_000))


def public_mutations() -> dict[str, dict[str, Any]]:
    """Those of `/v1`, by their ids, as the schema has them."""
    paths = Client().get("/schema", headers={"Accept": "application/json"}).json()["paths"]
    return {
        operation["operationId"]: operation
        for path, operations in paths.items()
        if path.startswith("/v1/")
        for method, operation in operations.items()
        if method in MUTATIONS
    }


class Visitor:
    """One who has everything that a mutation could need: holds, bookings, links, an account."""

    def __init__(self) -> None:
        self.salon: Salon = a_salon(students=3, masters=3)
        self.salon.organization.policy.max_live_holds = 20
        self.salon.organization.policy.save()
        self.widget = WidgetClient(self.salon.organization)

    def customer(self) -> dict[str, str]:
        return {"name": "Ada Lovelace", "phone": f"303 555 {next(_phones)}"}

    def hold(self, hour: int = 13, *, day: int = 14) -> str:
        return self._id(self.widget.post("/v1/holds", self.salon.body("Wash", hour=hour, day=day)))

    def booking(self) -> str:
        return self._id(
            self.widget.post("/v1/bookings", {"hold_id": self.hold(14), "customer": self.customer()})
        )

    def visit(self, hour: int, *, day: int) -> str:
        """The link of a confirmed one."""
        body = {"hold_ids": [self.hold(hour, day=day)], "customer": self.customer()}
        answer = self.widget.post("/v1/checkout", body)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["bookings"][0]["manage_token"])

    def wish(self, day: int = 15) -> dict[str, Any]:
        return {
            "location_id": str(self.salon.location.id),
            "services": [{"service_id": str(self.salon.services["Colour"].id)}],
            "first_date": f"2030-01-{day}",
            "last_date": f"2030-01-{day}",
            "customer": self.customer(),
        }

    def offer(self) -> str:
        self.widget.post("/v1/waitlist", self.wish())
        (offer,) = offers_made(self.salon.location)
        return token_of_offer(offer.id)

    def account(self) -> dict[str, str]:
        member = MembershipFactory.create(organization=self.salon.organization, role=Role.USER)
        return {"Authorization": f"Bearer {issue_pair(member).access}"}

    def calls(self) -> dict[str, tuple[str, Any, dict[str, str]]]:
        """Every mutation that needs a key: where, with what, and which further headers."""
        manage = "/v1/bookings/manage"
        calls: dict[str, tuple[str, Any]] = {
            "place_hold": ("/v1/holds", self.salon.body("Wash", hour=9)),
            "refresh_hold": (f"/v1/holds/{self.hold()}/refresh", {}),
            "release_hold": (f"/v1/holds/{self.hold()}/release", {}),
            "hold_booking": ("/v1/bookings", {"hold_id": self.hold(), "customer": self.customer()}),
            "confirm_booking": (f"/v1/bookings/{self.booking()}/confirm", {}),
            "check_out": ("/v1/checkout", {"hold_ids": [self.hold(14)], "customer": self.customer()}),
            "join_waitlist": ("/v1/waitlist", self.wish(day=16)),
            "accept_waitlist_offer": (f"/v1/waitlist/offers/{self.offer()}/accept", {}),
            "decline_waitlist_offer": (f"/v1/waitlist/offers/{self.offer()}/decline", {}),
            "leave_waitlist": (f"{manage}/{self.waiting()}/leave-waitlist", {}),
            "cancel_managed_booking": (f"{manage}/{self.visit(15, day=17)}/cancel", {}),
            "reschedule_managed_booking": (
                f"{manage}/{self.visit(15, day=17)}/reschedule",
                {"start_at": "2030-01-18T17:00:00Z"},
            ),
            "check_in_managed_booking": (f"{manage}/{self.visit(9, day=14)}/check-in", {}),
        }
        return {name: (path, body, {}) for name, (path, body) in calls.items()} | {
            "change_own_details": ("/v1/customers/me", self.customer(), self.account())
        }

    def waiting(self) -> str:
        """The link of somebody who waits."""
        return str(self.widget.post("/v1/waitlist", self.wish()).json()["manage_token"])

    def send(self, name: str, call: tuple[str, Any, dict[str, str]], key: str | None) -> Any:
        path, body, headers = call
        if name != "change_own_details":
            return self.widget.post(path, body, key=key, **headers)
        sent = headers if key is None else {**headers, "Idempotency-Key": key}
        return self.widget.client.patch(
            path, body, content_type="application/json", headers=self.widget.headers(**sent)
        )

    @staticmethod
    def _id(answer: Any) -> str:
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])


def state() -> list[Any]:
    """What mutations change."""
    tables: list[Any] = [Hold, Booking, Customer, WaitlistEntry, WaitlistOffer, IdempotencyRecord]
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def test_the_schema_asks_for_a_key_wherever_something_changes() -> None:
    operations = public_mutations()

    without = {
        name
        for name, operation in operations.items()
        if not any(
            one["name"] == "Idempotency-Key" and one.get("required")
            for one in operation.get("parameters", [])
        )
    }
    assert without == WITHOUT.keys()


def test_nothing_is_done_without_a_key_and_once_with_one(visitor: Visitor) -> None:
    calls = visitor.calls()
    assert calls.keys() == public_mutations().keys() - WITHOUT.keys()

    for name, call in calls.items():
        before = state()
        assert problem(visitor.send(name, call, None)) == (400, "IDEMPOTENCY_KEY_MISSING"), name
        assert state() == before, name

        first = visitor.send(name, call, f"key of {name}")
        assert first.status_code < 300, (name, first.content)
        after = state()
        assert after != before, name
        again = visitor.send(name, call, f"key of {name}")
        assert (again.status_code, again.json()) == (first.status_code, first.json()), name
        assert "Idempotent-Replayed" in again, name
        assert state() == after, name
