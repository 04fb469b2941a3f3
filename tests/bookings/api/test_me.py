"""/v1/customers/…: a customer signs in, and sees what is theirs and nothing else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.models import SlotInstance
from apps.bookings.customers.upsert import upsert_customer
from apps.bookings.models import Booking, Customer, Identity
from apps.core.models import IdempotencyRecord
from apps.organizations.models import Role, User
from apps.organizations.staff_tokens import issue_pair
from tests.factories.availability import TEN_O_CLOCK, SlotFactory
from tests.factories.organizations import MembershipFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough passphrase"
ADA = {"name": "Ada Lovelace", "phone": "(303) 555-0142", "email": "ada@example.com"}


@pytest.fixture
def slot() -> SlotInstance:
    slot: SlotInstance = SlotFactory.create()
    return slot


@pytest.fixture
def widget(slot: SlotInstance) -> WidgetClient:
    return WidgetClient(slot.organization)


def account_at(widget: WidgetClient, role: str = Role.USER) -> tuple[User, dict[str, str]]:
    """Somebody with an account at this business, and the header of their sign-in."""
    member = MembershipFactory.create(organization=widget.organization, role=role)
    return member.user, {"Authorization": f"Bearer {issue_pair(member).access}"}


def patch(widget: WidgetClient, body: Any, signed_in: dict[str, str], *, key: str = "k") -> Any:
    return widget.client.patch(
        "/v1/customers/me",
        body,
        content_type="application/json",
        headers=widget.headers(**signed_in, **{"Idempotency-Key": key}),
    )


def book(widget: WidgetClient, slot: SlotInstance, signed_in: dict[str, str], **customer: str) -> Any:
    hold = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()
    body = {"hold_ids": [hold["id"]], "customer": {**ADA, **customer}}
    response = widget.post("/v1/checkout", body, **signed_in)
    assert response.status_code == 201, response.content
    return response.json()["bookings"][0]


class TestSigningIn:
    def sign_in(self, widget: WidgetClient, email: str, password: str = PASSWORD) -> Any:
        return widget.post("/v1/customers/token", {"email": email, "password": password}, key=None)

    def test_an_account_gets_tokens_that_open_what_is_theirs(self, widget: WidgetClient) -> None:
        user, _ = account_at(widget)
        user.set_password(PASSWORD)
        user.save()

        tokens = self.sign_in(widget, user.email.upper()).json()
        again = widget.post("/v1/customers/token/refresh", {"refresh": tokens["refresh"]}, key=None).json()

        for pair in (tokens, again):
            signed_in = {"Authorization": f"Bearer {pair['access']}"}
            assert widget.get("/v1/customers/me", None, **signed_in).status_code == 200

    def test_staff_strangers_and_other_businesses_customers_do_not(self, widget: WidgetClient) -> None:
        elsewhere = WidgetClient(SlotFactory.create().organization)
        for user, _ in (account_at(widget, Role.ADMIN), account_at(elsewhere)):
            user.set_password(PASSWORD)
            user.save()
            assert problem(self.sign_in(widget, user.email)) == (401, "INVALID_CREDENTIALS")
        assert problem(self.sign_in(widget, "nobody@example.com")) == (401, "INVALID_CREDENTIALS")

    def test_a_refresh_token_of_another_business_is_none(self, widget: WidgetClient) -> None:
        other = MembershipFactory.create(role=Role.USER)
        body = {"refresh": issue_pair(other).refresh}

        assert problem(widget.post("/v1/customers/token/refresh", body, key=None)) == (401, "TOKEN_INVALID")


class TestDoor:
    @pytest.mark.parametrize("path", ["/v1/customers/me", "/v1/customers/me/bookings"])
    def test_opens_for_the_business_own_customers_only(self, widget: WidgetClient, path: str) -> None:
        other = WidgetClient(SlotFactory.create().organization)

        assert problem(widget.get(path)) == (401, "NOT_AUTHENTICATED")
        assert problem(widget.get(path, None, Authorization="Bearer x")) == (401, "TOKEN_INVALID")
        assert problem(widget.get(path, None, **account_at(other)[1])) == (401, "TOKEN_INVALID")
        assert problem(widget.get(path, None, **account_at(widget, Role.ADMIN)[1])) == (403, "NOT_PERMITTED")
        assert widget.get(path, None, **account_at(widget)[1]).status_code == 200


class TestBookingSignedIn:
    def test_links_the_account_to_the_record_that_is_made(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        user, signed_in = account_at(widget)

        booked = book(widget, slot, signed_in)

        booking = Booking.objects.get(id=booked["id"])
        assert (booking.user, booking.customer.user) == (user, user)
        me = widget.get("/v1/customers/me", None, **signed_in).json()
        assert (me["name"], me["phone"]) == ("Ada Lovelace", "+13035550142")

    def test_the_single_way_does_so_too(self, widget: WidgetClient, slot: SlotInstance) -> None:
        user, signed_in = account_at(widget)

        widget.post("/v1/bookings", {"slot_id": str(slot.id), "customer": ADA}, **signed_in)

        assert Booking.objects.get().user == user

    def test_typing_anothers_number_shows_nothing_of_them(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        victim = Identity(
            name="Victim", phone="+13035550142", address={"line1": "1 Quay", "city": "X", "postal_code": "1"}
        )
        record = upsert_customer(widget.organization.id, victim)
        other = SlotFactory.create(resource=slot.resource, start_at=TEN_O_CLOCK + timedelta(hours=1))
        theirs = book(widget, other, {})
        _, signed_in = account_at(widget)

        booked = book(widget, slot, signed_in)

        record.refresh_from_db()
        assert record.user_id is None
        me = widget.get("/v1/customers/me", None, **signed_in).json()
        assert (me["id"], me["phone"], me["address"]) == (None, None, None)
        listed = widget.get("/v1/customers/me/bookings", None, **signed_in).json()["results"]
        assert [one["id"] for one in listed] == [booked["id"]]
        assert theirs["id"] not in json.dumps(listed)

    def test_a_token_that_is_none_is_refused(self, widget: WidgetClient, slot: SlotInstance) -> None:
        body = {"slot_id": str(slot.id), "customer": ADA}

        assert problem(widget.post("/v1/bookings", body, Authorization="Bearer x")) == (401, "TOKEN_INVALID")


class TestOwnDetails:
    def test_begin_with_the_account(self, widget: WidgetClient) -> None:
        user, signed_in = account_at(widget)

        me = widget.get("/v1/customers/me", None, **signed_in).json()

        assert (me["id"], me["email"], me["preferences"]) == (None, user.email, {"email": True, "sms": True})

    def test_are_made_with_name_and_phone_and_changed_by_name(self, widget: WidgetClient) -> None:
        _, signed_in = account_at(widget)

        missing = patch(widget, {"name": "Ada"}, signed_in, key="a")
        made = patch(widget, {"name": "Ada", "phone": "303 555 0142"}, signed_in, key="b")
        patch(widget, {"preferences": {"sms": False}, "email": "a@example.com"}, signed_in, key="c")

        assert problem(missing) == (400, "VALIDATION_ERROR")
        assert made.status_code == 200, made.content
        me = widget.get("/v1/customers/me", None, **signed_in).json()
        assert (me["name"], me["phone"], me["email"]) == ("Ada", "+13035550142", "a@example.com")
        assert me["preferences"] == {"email": True, "sms": False}

    def test_a_number_that_somebody_has_is_refused(self, widget: WidgetClient) -> None:
        upsert_customer(widget.organization.id, Identity(name="Bob", phone="+13035550142"))
        _, signed_in = account_at(widget)

        first = patch(widget, {"name": "Ada", "phone": "303 555 0142"}, signed_in, key="a")
        patch(widget, {"name": "Ada", "phone": "303 555 0143"}, signed_in, key="b")
        later = patch(widget, {"phone": "303 555 0142"}, signed_in, key="c")

        assert problem(first) == problem(later) == (409, "PHONE_IN_USE")
        assert Customer.objects.count() == 2

    def test_the_kept_answer_names_nobody(self, widget: WidgetClient) -> None:
        _, signed_in = account_at(widget)
        patch(widget, {"name": "Ada", "phone": "303 555 0142"}, signed_in)

        kept = json.dumps(list(IdempotencyRecord.objects.values_list("body", flat=True)))
        assert "Ada" not in kept
        assert "5550142" not in kept

    @pytest.mark.parametrize(
        "body", [{}, {"name": ""}, {"phone": "1"}, {"email": "x"}, {"address": {}}, {"id": "x"}, []]
    )
    def test_refuses_what_is_none(self, widget: WidgetClient, body: Any) -> None:
        assert problem(patch(widget, body, account_at(widget)[1])) == (400, "VALIDATION_ERROR")


class TestOwnBookings:
    def test_come_newest_first_by_cursor_at_a_constant_cost(
        self, widget: WidgetClient, slot: SlotInstance
    ) -> None:
        _, signed_in = account_at(widget)
        ids = [book(widget, slot, signed_in)["id"]]
        with CaptureQueriesContext(connection) as few:
            widget.get("/v1/customers/me/bookings", None, **signed_in)
        for hours in (1, 2):
            later = SlotFactory.create(resource=slot.resource, start_at=TEN_O_CLOCK + timedelta(hours=hours))
            ids.append(book(widget, later, signed_in)["id"])
        with CaptureQueriesContext(connection) as many:
            answer = widget.get("/v1/customers/me/bookings", None, **signed_in)

        assert [one["id"] for one in answer.json()["results"]] == ids[::-1]
        assert answer.json()["results"][0]["lines"][0]["periods"]
        assert len(many) == len(few)
        page = widget.get("/v1/customers/me/bookings", {"page_size": 2}, **signed_in).json()
        assert len(page["results"]) == 2
        assert page["next"]
