"""GET /v1/questions and POST /v1/checkout: several holds become bookings, or none does."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.models import CalendarEvent, Resource
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.models import (
    Booking,
    BookingAnswer,
    BookingLine,
    Customer,
    Hold,
    ManageToken,
    Order,
    ServiceSession,
)
from apps.bookings.self_service.links import booking_of_link
from apps.content.models import BookingService
from apps.core.clock import app_now
from apps.core.invariants import find_violations
from apps.core.models import IdempotencyRecord, OutboxMessage
from apps.organizations.models import ApiKey, ApiKeyKind, Organization
from tests.factories.availability import TEN_O_CLOCK, PersonFactory, SlotFactory
from tests.factories.bookings import CheckoutQuestionFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Lovelace", "phone": "(303) 555-0142", "email": "ada@example.com"}
HOUR = timedelta(hours=1)


@dataclass
class Shop:
    """A business with one person, a visitor of its site, and what they want."""

    widget: WidgetClient
    person: Resource
    hours: int = field(default=0)

    @property
    def organization(self) -> Organization:
        return self.widget.organization

    def service(self, price: str | None = "80.00", **parts: Any) -> BookingService:
        amount = None if price is None else Decimal(price)
        service: BookingService = ServiceFactory.create(
            organization=self.organization, price=amount, duration_minutes=30, **parts
        )
        return service

    def hold(self, service: BookingService | None = None, *, widget: WidgetClient | None = None) -> str:
        """A hold of the next hour; returns its id."""
        slot = SlotFactory.create(resource=self.person, start_at=TEN_O_CLOCK + self.hours * HOUR)
        self.hours += 1
        wanted = {"slot_id": str(slot.id), **({"service_id": str(service.id)} if service else {})}
        response = (widget or self.widget).post("/v1/holds", wanted)
        assert response.status_code == 201, response.content
        return str(response.json()["id"])

    def check_out(self, *hold_ids: str, key: str = "", headers: Any = None, **parts: Any) -> Any:
        body = {"hold_ids": list(hold_ids), "customer": ADA, **parts}
        return self.widget.post("/v1/checkout", body, key=key, **(headers or {}))

    def policy(self, **values: Any) -> None:
        policy = self.organization.policy
        for name, value in values.items():
            setattr(policy, name, value)
        policy.save()


@pytest.fixture
def shop() -> Shop:
    person = PersonFactory.create()
    return Shop(WidgetClient(person.organization), person)


def nothing_was_booked() -> bool:
    models = (Booking, Customer, Order, ServiceSession, BookingAnswer, ManageToken)
    return not any(model._default_manager.exists() for model in models)


class TestCheckout:
    def test_two_holds_become_two_confirmed_bookings_and_one_order(self, shop: Shop) -> None:
        cut, colour = shop.service("80.00", title="Cut"), shop.service("120.50", title="Colour")
        holds = [shop.hold(cut), shop.hold(colour)]

        response = shop.check_out(*holds)

        assert response.status_code == 201, response.content
        body = response.json()
        assert [one["status"] for one in body["bookings"]] == ["confirmed", "confirmed"]
        assert [one["lines"][0]["title"] for one in body["bookings"]] == ["Cut", "Colour"]
        assert [one["hold_expires_at"] for one in body["bookings"]] == [None, None]
        order = body["order"]
        assert (order["total"], order["currency"], order["status"]) == ("200.50", "USD", "open")
        assert [(item["title"], item["amount"]) for item in order["items"]] == [
            ("Cut", "80.00"),
            ("Colour", "120.50"),
        ]
        assert set(Hold.objects.values_list("status", flat=True)) == {"converted"}
        assert set(CalendarEvent.objects.values_list("type", flat=True)) == {"customer"}
        assert list(find_violations()) == []

    def test_each_visit_gets_its_record(self, shop: Shop) -> None:
        shop.check_out(shop.hold(shop.service()))

        record = ServiceSession.objects.get()
        assert (record.status, record.planned_start, record.planned_minutes) == ("scheduled", TEN_O_CLOCK, 30)

    @pytest.mark.parametrize("price", [None, "0.00"])
    def test_what_costs_nothing_yet_has_no_order(self, shop: Shop, price: str | None) -> None:
        body = shop.check_out(shop.hold(shop.service(price))).json()

        assert body["order"] is None
        assert body["bookings"][0]["status"] == "confirmed"

    def test_what_is_quoted_on_site_is_not_on_the_bill(self, shop: Shop) -> None:
        body = shop.check_out(shop.hold(shop.service("80.00")), shop.hold(shop.service(None))).json()

        assert body["order"]["total"] == "80.00"
        assert len(body["order"]["items"]) == 1

    def test_waits_for_the_business_where_it_wants_to_approve(self, shop: Shop) -> None:
        shop.policy(requires_approval=True)

        assert shop.check_out(shop.hold()).json()["bookings"][0]["status"] == "pending"

    def test_waits_only_for_the_service_that_wants_it(self, shop: Shop) -> None:
        holds = [shop.hold(shop.service(requires_approval=True)), shop.hold(shop.service())]

        body = shop.check_out(*holds).json()

        assert [one["status"] for one in body["bookings"]] == ["pending", "confirmed"]

    def test_two_currencies_are_refused(self, shop: Shop) -> None:
        holds = [shop.hold(shop.service()), shop.hold(shop.service("90.00", currency="DKK"))]

        response = shop.check_out(*holds)

        assert problem(response) == (409, "MIXED_CURRENCIES")
        assert response.json()["currencies"] == ["DKK", "USD"]
        assert nothing_was_booked()

    def test_the_customer_is_remembered_with_their_preferences(self, shop: Shop) -> None:
        shop.check_out(shop.hold(), customer={**ADA, "preferences": {"sms": False}})

        customer = Customer.objects.get()
        assert customer.identity is not None
        assert customer.identity.phone == "+13035550142"
        assert (customer.notify_by_email, customer.notify_by_sms) == (True, False)

    def test_the_same_slot_twice_for_one_customer_is_refused(self, shop: Shop) -> None:
        slot = SlotFactory.create(
            resource=PersonFactory.create(location=shop.person.location, capacity=2), capacity=2
        )
        holds = [shop.widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()["id"] for _ in range(2)]

        assert problem(shop.check_out(*holds)) == (409, "ALREADY_BOOKED")
        assert nothing_was_booked()


class TestLinks:
    def test_every_booking_has_its_own(self, shop: Shop) -> None:
        body = shop.check_out(shop.hold(), shop.hold()).json()

        tokens = [one["manage_token"] for one in body["bookings"]]
        assert len(set(tokens)) == 2
        assert [str(booking_of_link(token).id) for token in tokens] == [one["id"] for one in body["bookings"]]

    def test_a_replay_has_the_same_although_none_is_stored(self, shop: Shop) -> None:
        hold_id, key = shop.hold(shop.service()), str(uuid.uuid4())

        first, second = shop.check_out(hold_id, key=key), shop.check_out(hold_id, key=key)

        assert first.content == second.content
        assert second["Idempotent-Replayed"] == "true"
        token = first.json()["bookings"][0]["manage_token"]
        stored = json.dumps(list(IdempotencyRecord.objects.values_list("body", flat=True)))
        assert token not in stored
        assert (Booking.objects.count(), Order.objects.count(), ManageToken.objects.count()) == (1, 1, 1)


class TestQuestions:
    def ask(self, shop: Shop, *services: BookingService) -> list[str]:
        answer = shop.widget.get("/v1/questions", {"service_id": [str(service.id) for service in services]})
        assert answer.status_code == 200, answer.content
        return [question["text"] for question in answer.json()["questions"]]

    def test_are_the_business_own_and_those_of_the_services(self, shop: Shop) -> None:
        cut, colour, wash = shop.service(), shop.service(), shop.service()
        for text, service in (("Parking?", None), ("Cut?", cut), ("Colour?", colour), ("Wash?", wash)):
            CheckoutQuestionFactory.create(organization=shop.organization, service=service, text=text)
        CheckoutQuestionFactory.create(organization=shop.organization, text="Old?", active=False)
        CheckoutQuestionFactory.create(text="Another business?")

        assert self.ask(shop) == ["Parking?"]
        assert self.ask(shop, cut, colour) == ["Parking?", "Cut?", "Colour?"]

    @pytest.mark.parametrize("query", [{"service_id": "x"}, {"service_id": ["1"] * 21}, {"other": "1"}])
    def test_refuses_a_query_that_is_none(self, shop: Shop, query: Any) -> None:
        assert problem(shop.widget.get("/v1/questions", query)) == (400, "VALIDATION_ERROR")

    def test_every_unanswered_one_is_named_before_anything_is_made(self, shop: Shop) -> None:
        service = shop.service()
        asked = [
            CheckoutQuestionFactory.create(organization=shop.organization, text="Gate code?"),
            CheckoutQuestionFactory.create(organization=shop.organization, service=service, text="Pets?"),
        ]
        CheckoutQuestionFactory.create(organization=shop.organization, required=False)
        CheckoutQuestionFactory.create(organization=shop.organization, service=shop.service())
        hold_id = shop.hold(service)

        response = shop.check_out(hold_id, answers={str(asked[0].id): "  "})

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert response.json()["errors"] == {
            f"answers.{asked[0].id}": ["“Gate code?” needs an answer."],
            f"answers.{asked[1].id}": ["“Pets?” needs an answer."],
        }
        assert nothing_was_booked()
        assert Hold.objects.get(id=hold_id).status == "active"

    @pytest.mark.parametrize(
        ("kind", "options", "wrong", "right"),
        [
            ("text", [], [1, True, ["a"], {"a": 1}, "x" * 301], "4711"),
            ("long_text", [], [1, "x" * 2001], "x" * 2000),
            ("choice", ["Side", "Front"], ["Back", True, ["Side"]], "Front"),
            ("yes_no", [], ["yes", 1, "true", [True]], False),
        ],
    )
    def test_answers_have_the_type_of_their_question(
        self, shop: Shop, kind: str, options: list[str], wrong: list[Any], right: Any
    ) -> None:
        question = CheckoutQuestionFactory.create(organization=shop.organization, kind=kind, options=options)
        hold_id = shop.hold()

        for value in wrong:
            response = shop.check_out(hold_id, answers={str(question.id): value})
            assert problem(response) == (400, "VALIDATION_ERROR"), value
            assert list(response.json()["errors"]) == [f"answers.{question.id}"]
        assert shop.check_out(hold_id, answers={str(question.id): right}).status_code == 201
        assert BookingAnswer.objects.get().answer == right

    def test_answers_are_sealed_and_kept_with_the_bookings_that_they_are_about(self, shop: Shop) -> None:
        cut, colour = shop.service(), shop.service()
        general = CheckoutQuestionFactory.create(organization=shop.organization)
        special = CheckoutQuestionFactory.create(organization=shop.organization, service=colour)
        answers = {str(general.id): "Gate code 4711", str(special.id): "Henna"}

        body = shop.check_out(shop.hold(cut), shop.hold(colour), answers=answers).json()

        kept = [
            {row.question_id: row.answer for row in BookingAnswer.objects.filter(booking_id=one["id"])}
            for one in body["bookings"]
        ]
        assert kept == [{general.id: "Gate code 4711"}, {general.id: "Gate code 4711", special.id: "Henna"}]
        for row in BookingAnswer.objects.all():
            assert b"4711" not in bytes(row.answer_sealed or b"")

    def test_an_answer_to_nothing_is_refused_but_one_to_an_old_question_is_not(self, shop: Shop) -> None:
        old = CheckoutQuestionFactory.create(organization=shop.organization, active=False)
        foreign = CheckoutQuestionFactory.create()
        hold_id = shop.hold()

        for stranger in (str(uuid.uuid4()), str(foreign.id), "x"):
            assert problem(shop.check_out(hold_id, answers={stranger: "a"})) == (400, "VALIDATION_ERROR")
        assert shop.check_out(hold_id, answers={str(old.id): "a"}).status_code == 201


class TestHoldsThatDoNotServe:
    def test_an_expired_one_is_named_and_marked_and_nothing_is_booked(self, shop: Shop, set_now: Any) -> None:
        old = shop.hold()
        set_now(Hold.objects.get(id=old).expires_at)
        fresh = shop.hold()

        response = shop.check_out(fresh, old)

        assert problem(response) == (410, "HOLD_EXPIRED")
        assert response.json()["hold_ids"] == [old]
        assert nothing_was_booked()
        assert Hold.objects.get(id=old).status == "expired"
        assert Hold.objects.get(id=fresh).status == "active"
        assert list(find_violations()) == []

    def test_a_released_or_used_one_is_named(self, shop: Shop) -> None:
        released, used, live = shop.hold(), shop.hold(), shop.hold()
        shop.widget.post(f"/v1/holds/{released}/release")
        shop.check_out(used)

        response = shop.check_out(live, used, released)

        assert problem(response) == (409, "HOLD_NOT_ACTIVE")
        assert response.json()["hold_ids"] == [used, released]

    def test_one_under_a_held_booking_is_refused(self, shop: Shop) -> None:
        hold_id = shop.hold()
        shop.widget.post("/v1/bookings", {"hold_id": hold_id, "customer": ADA})

        assert problem(shop.check_out(hold_id)) == (409, "HOLD_NOT_ACTIVE")

    def test_anothers_do_not_exist(self, shop: Shop) -> None:
        neighbour = shop.hold(widget=WidgetClient(shop.organization))
        other = PersonFactory.create()
        foreign = Shop(WidgetClient(other.organization), other).hold()

        for hold_id in (neighbour, foreign, str(uuid.uuid4())):
            assert problem(shop.check_out(shop.hold(), hold_id)) == (404, "NOT_FOUND")
        assert nothing_was_booked()

    @pytest.mark.parametrize(
        "change",
        [
            {"hold_ids": []},
            {"hold_ids": "x"},
            {"hold_ids": [1]},
            {"hold_ids": [str(uuid.UUID(int=1))] * 2},
            {"hold_ids": [str(uuid.UUID(int=number)) for number in range(21)]},
            {"customer": None},
            {"customer": {"name": "Ada"}},
            {"customer": {**ADA, "preferences": {"pigeon": True}}},
            {"customer": {**ADA, "preferences": {"sms": "perhaps"}}},
            {"answers": []},
            {"answers": {str(uuid.UUID(int=number)): "a" for number in range(51)}},
            {"details": {"a": {"b": 1}}},
            {"notes": "x" * 2001},
            {"custom_prices": [{"hold_id": str(uuid.UUID(int=1)), "price": "-1"}]},
            {"selection": {"node_ids": []}},
            {"stranger": 1},
        ],
    )
    def test_a_body_of_the_wrong_shape_is_refused(self, shop: Shop, change: dict[str, Any]) -> None:
        response = shop.check_out(shop.hold(), **change)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert nothing_was_booked()

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("{", (400, "MALFORMED_JSON")),
            ('{"notes": NaN}', (400, "MALFORMED_JSON")),
            ('{"notes": "' + "x" * 300_000 + '"}', (413, "PAYLOAD_TOO_LARGE")),
            ("[]", (400, "VALIDATION_ERROR")),
            ("null", (400, "VALIDATION_ERROR")),
        ],
    )
    def test_a_body_that_is_none_is_refused(self, shop: Shop, body: str, expected: tuple[int, str]) -> None:
        assert problem(shop.widget.post("/v1/checkout", body)) == expected

    def test_needs_a_key(self, shop: Shop) -> None:
        response = shop.widget.post("/v1/checkout", {"hold_ids": [shop.hold()], "customer": ADA}, key=None)

        assert problem(response) == (400, "IDEMPOTENCY_KEY_MISSING")


class TestCustomPrices:
    def server(self, shop: Shop) -> dict[str, str]:
        key = ApiKey(organization=shop.organization, name="Server", kind=ApiKeyKind.SECRET)
        token = key.set_new_token()
        key.save()
        return {"X-Api-Key": token}

    def test_are_the_business_to_give(self, shop: Shop) -> None:
        hold_id = shop.hold(shop.service())

        response = shop.check_out(hold_id, custom_prices=[{"hold_id": hold_id, "price": "1.00"}])

        assert problem(response) == (403, "STAFF_ONLY")

    def test_stand_on_the_line_and_on_the_bill(self, shop: Shop) -> None:
        hold_id = shop.hold(shop.service())
        prices = [{"hold_id": hold_id, "line": 0, "price": "50.00"}]

        response = shop.check_out(hold_id, custom_prices=prices, headers=self.server(shop))

        assert response.status_code == 201, response.content
        assert response.json()["order"]["total"] == "50.00"
        assert response.json()["bookings"][0]["total_price"] == "50.00"
        line = BookingLine.objects.get()
        assert (line.price, line.custom_price) == (Decimal("80.00"), Decimal("50.00"))
        assert Booking.objects.get().session_id == shop.widget.session_id

    def test_of_a_line_that_is_not_there_are_refused(self, shop: Shop) -> None:
        hold_id = shop.hold(shop.service())
        for wrong in ({"hold_id": hold_id, "line": 1}, {"hold_id": str(uuid.uuid4())}):
            prices = [{**wrong, "price": "50.00"}]
            response = shop.check_out(hold_id, custom_prices=prices, headers=self.server(shop))
            assert problem(response) == (400, "VALIDATION_ERROR")


class TestPaymentFirst:
    @pytest.fixture(autouse=True)
    def paid_first(self, shop: Shop) -> None:
        shop.policy(payment="manual", payment_hold_minutes=45)

    def test_keeps_the_time_for_the_payment(self, shop: Shop) -> None:
        body = shop.check_out(shop.hold(shop.service())).json()

        (booking,) = body["bookings"]
        assert (booking["status"], body["order"]["status"]) == ("held", "open")
        kept = datetime.fromisoformat(booking["hold_expires_at"]) - datetime.fromisoformat(booking["now"])
        assert kept == timedelta(minutes=45)
        assert not ServiceSession.objects.exists()
        assert list(find_violations()) == []

    def test_what_costs_nothing_waits_for_nothing(self, shop: Shop) -> None:
        assert shop.check_out(shop.hold()).json()["bookings"][0]["status"] == "confirmed"

    def test_confirming_does_not_go_round_it(self, shop: Shop) -> None:
        (booking,) = shop.check_out(shop.hold(shop.service())).json()["bookings"]

        response = shop.widget.post(f"/v1/bookings/{booking['id']}/confirm")

        assert problem(response) == (409, "PAYMENT_AWAITED")

    def test_confirming_a_single_booking_opens_its_order(self, shop: Shop) -> None:
        hold_id = shop.hold(shop.service())
        booking = shop.widget.post("/v1/bookings", {"hold_id": hold_id, "customer": ADA}).json()

        response = shop.widget.post(f"/v1/bookings/{booking['id']}/confirm")

        assert (response.status_code, response.json()["status"]) == (200, "held")
        assert Order.objects.get().total == Decimal("80.00")


class TestNothingPersonalStays:
    def test_in_stored_answers_the_outbox_and_the_log(self, shop: Shop) -> None:
        question = CheckoutQuestionFactory.create(organization=shop.organization)
        shop.check_out(
            shop.hold(shop.service()),
            answers={str(question.id): "Gate code 4711"},
            notes="Dog named Byron",
            details={"door": "Red"},
        )

        kept = json.dumps(
            [
                *IdempotencyRecord.objects.values_list("body", flat=True),
                *OutboxMessage.objects.values_list("payload", flat=True),
                *AuditEntry.objects.values_list("old", flat=True),
                *AuditEntry.objects.values_list("new", flat=True),
                *AuditEntry.objects.values_list("metadata", flat=True),
            ]
        )
        assert not any(secret in kept for secret in ("Ada", "5550142", "ada@example", "4711", "Byron", "Red"))


class TestRaces:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_of_two_checkouts_of_one_hold_one_wins(self, shop: Shop, race: Any) -> None:
        hold_id = shop.hold(shop.service())

        answers = race([lambda: shop.check_out(hold_id).status_code for _ in range(2)])

        assert sorted(answers) == [201, 409]
        assert (Booking.objects.count(), Order.objects.count(), Customer.objects.count()) == (1, 1, 1)
        assert list(find_violations()) == []

    def test_twice_with_one_key_at_once_has_one_effect(self, shop: Shop, race: Any) -> None:
        hold_id, key = shop.hold(shop.service()), str(uuid.uuid4())

        answers = race([lambda: shop.check_out(hold_id, key=key) for _ in range(2)])

        codes = sorted(answer.status_code for answer in answers)
        assert codes in ([201, 201], [201, 409])
        if codes == [201, 409]:
            assert {problem(answer)[1] for answer in answers if answer.status_code == 409} == {
                "IDEMPOTENCY_IN_PROGRESS"
            }
        assert Booking.objects.count() == 1
        assert shop.check_out(hold_id, key=key).status_code == 201

    @pytest.mark.parametrize("lapsed", [True, False])
    def test_checkout_and_the_sweep_agree_by_the_clock(self, shop: Shop, race: Any, *, lapsed: bool) -> None:
        hold_id = shop.hold(shop.service())
        if lapsed:
            now = app_now()
            Hold.objects.update(expires_at=now)
            CalendarEvent.objects.update(expires_at=now)

        codes = race([lambda: shop.check_out(hold_id).status_code, expire_holds, expire_holds])[:1]

        assert codes == [410 if lapsed else 201]
        assert Hold.objects.get().status == ("expired" if lapsed else "converted")
        assert Booking.objects.count() == (0 if lapsed else 1)
        assert OutboxMessage.objects.filter(name="hold.expired").count() == (1 if lapsed else 0)
        assert list(find_violations()) == []

    def test_several_holds_in_opposite_orders_never_wait_in_a_circle(self, shop: Shop, race: Any) -> None:
        other = PersonFactory.create(location=shop.person.location)
        neighbour = Shop(shop.widget, other)
        holds = [shop.hold(), neighbour.hold()]

        answers = race(
            [
                lambda: shop.check_out(*holds).status_code,
                lambda: shop.check_out(*reversed(holds)).status_code,
            ]
        )

        assert sorted(answers) == [201, 409]
        assert list(find_violations()) == []
