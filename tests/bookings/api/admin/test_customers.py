"""/admin/v1/customers: who books, for those who may know."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.availability.models import CalendarEvent
from apps.bookings.checkout.checks import CheckoutWanted
from apps.bookings.commands.check_out import check_out
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.customers.upsert import upsert_customer
from apps.bookings.errors import ManageLinkInvalid
from apps.bookings.models import Booking, BookingAnswer, Customer, Identity, Preferences
from apps.bookings.self_service.links import booking_of_link, issue_link
from apps.bookings.types import BookingDetails, TimeWanted
from apps.core.models import IdempotencyRecord, OutboxMessage
from apps.organizations.models import Organization, Role
from tests.bookings.support import visitor_of
from tests.factories.availability import SlotFactory
from tests.factories.bookings import CheckoutQuestionFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.staff_client import StaffClient
from tests.widget_client import problem

pytestmark = pytest.mark.django_db

ADA = Identity(
    name="Ada King Lovelace",
    phone="+13035550142",
    email="ada@example.com",
    address={"line1": "1 Quay", "city": "Denver", "postal_code": "80202"},
)
BOB = Identity(name="Bob Babbage", phone="+13035550177", email="ada@example.com")


@pytest.fixture
def staff() -> StaffClient:
    return StaffClient(role=Role.FRONTDESK)


def customer_of(staff: StaffClient, identity: Identity, **parts: Any) -> Customer:
    customer = Customer.of(organization_id=staff.organization.id, identity=identity)
    for name, value in parts.items():
        setattr(customer, name, value)
    customer.save()
    return customer


def visit_of(organization: Organization, identity: Identity, *, said: str = "Gate code 4711") -> Booking:
    """A confirmed visit with an answer and a note."""
    slot = SlotFactory.create(resource__location__organization=organization)
    question = CheckoutQuestionFactory.create(organization=organization, required=False)
    actor = visitor_of(slot)
    hold = place_hold(actor=actor, policy=organization.policy, wanted=TimeWanted(slot_id=slot.id))
    wanted = CheckoutWanted(
        hold_ids=(hold.id,),
        details=BookingDetails(customer=identity, notes=said),
        answers={question.id: said},
    )
    return check_out(actor=actor, policy=organization.policy, wanted=wanted).bookings[0][0]


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [one["name"] for one in response.json()["results"]]


class TestList:
    @pytest.mark.parametrize(
        "query",
        [
            {"phone": "(303) 555-0142"},
            {"phone": "+13035550142"},
            {"name": "lovelace"},
            {"name": "King ADA"},
            {"email": "ADA@example.com", "name": "Ada"},
        ],
    )
    def test_finds_by_phone_address_and_whole_words(self, staff: StaffClient, query: dict[str, str]) -> None:
        customer_of(staff, ADA)
        customer_of(staff, BOB)

        assert names(staff.get("customers", query)) == ["Ada King Lovelace"]

    @pytest.mark.parametrize("query", [{"name": "Love"}, {"name": "x"}, {"phone": "303 555 0100"}])
    def test_finds_nobody_by_less(self, staff: StaffClient, query: dict[str, str]) -> None:
        customer_of(staff, ADA)

        assert names(staff.get("customers", query)) == []

    @pytest.mark.parametrize("query", [{"phone": "12"}, {"email": "x"}, {"q": "Ada"}, {"cursor": "x"}])
    def test_refuses_a_query_that_is_none(self, staff: StaffClient, query: dict[str, str]) -> None:
        customer_of(staff, ADA)

        assert problem(staff.get("customers", query)) == (400, "VALIDATION_ERROR")

    def test_costs_the_same_for_one_and_for_many(self, staff: StaffClient) -> None:
        visit_of(staff.organization, ADA)
        with CaptureQueriesContext(connection) as few:
            staff.get("customers")
        for number in range(5):
            visit_of(staff.organization, Identity(name="Eve", phone=f"+1303555020{number}"))
        with CaptureQueriesContext(connection) as many:
            answer = staff.get("customers")

        assert len(names(answer)) == 6
        assert len(many) == len(few)

    def test_goes_on_by_cursor(self, staff: StaffClient) -> None:
        for number in range(3):
            customer_of(staff, Identity(name=f"Eve {number}", phone=f"+1303555020{number}"))

        first = staff.get("customers", {"page_size": 2})
        rest = staff.client.get(first.json()["next"], headers={"Authorization": f"Bearer {staff.access}"})

        assert names(first) + names(rest) == ["Eve 0", "Eve 1", "Eve 2"]


class TestDetail:
    def test_says_who_they_are_and_who_may_be_the_same(self, staff: StaffClient) -> None:
        ada, bob = customer_of(staff, ADA), customer_of(staff, BOB)

        body = staff.get(f"customers/{ada.id}").json()

        assert (body["name"], body["phone"], body["email"]) == (ADA.name, ADA.phone, ADA.email)
        assert body["address"]["city"] == "Denver"
        assert body["look_alikes"] == [str(bob.id)]

    def test_the_log_notes_who_looked(self, staff: StaffClient) -> None:
        ada = customer_of(staff, ADA)

        staff.get(f"customers/{ada.id}")

        entry = AuditEntry.objects.get(action="bookings.customer.viewed")
        assert (entry.customer_id, entry.actor_id) == (ada.id, str(staff.membership.user_id))


class TestChange:
    def test_changes_what_is_named(self, staff: StaffClient) -> None:
        ada = customer_of(staff, ADA)

        response = staff.patch(
            f"customers/{ada.id}", {"phone": "303 555 0188", "preferences": {"sms": False}}
        )

        assert response.status_code == 200, response.content
        body = staff.get(f"customers/{ada.id}").json()
        assert (body["name"], body["phone"]) == (ADA.name, "+13035550188")
        assert body["preferences"] == {"email": True, "sms": False}
        assert names(staff.get("customers", {"phone": "303 555 0188"})) == [ADA.name]

    def test_neither_the_kept_answer_nor_the_log_names_anybody(self, staff: StaffClient) -> None:
        ada = customer_of(staff, ADA)
        staff.patch(f"customers/{ada.id}", {"name": "Augusta", "email": "augusta@example.com"})

        kept = json.dumps(
            [
                *IdempotencyRecord.objects.values_list("body", flat=True),
                *AuditEntry.objects.values_list("new", flat=True),
                *AuditEntry.objects.values_list("old", flat=True),
            ]
        )
        assert "ugusta" not in kept
        assert AuditEntry.objects.get(action="bookings.customer.changed").new == {"fields": ["name", "email"]}

    def test_refuses_anothers_number_and_an_old_version(self, staff: StaffClient) -> None:
        ada, bob = customer_of(staff, ADA), customer_of(staff, BOB)

        assert problem(staff.patch(f"customers/{ada.id}", {"phone": bob.identity.phone})) == (  # type: ignore[union-attr]
            409,
            "PHONE_IN_USE",
        )
        stale = staff.patch(f"customers/{ada.id}", {"name": "X", "expected_version": 1})
        assert problem(stale) == (409, "STALE_VERSION")
        assert stale.json()["current"]["name"] == ADA.name


class TestMerge:
    def test_everything_goes_over_and_stays_readable(self, staff: StaffClient) -> None:
        booking = visit_of(staff.organization, BOB)
        ada = customer_of(staff, Identity(name="Ada", phone=ADA.phone), notify_by_sms=False)
        bob = booking.customer

        response = staff.post(f"customers/{bob.id}/merge", {"into_id": str(ada.id)})

        assert response.status_code == 200, response.content
        assert response.json()["id"] == str(ada.id)
        booking = Booking.objects.get()
        assert booking.customer == ada
        assert booking.intake == {"notes": "Gate code 4711"}
        assert BookingAnswer.objects.get().answer == "Gate code 4711"
        assert set(CalendarEvent.objects.values_list("customer_id", flat=True)) == {ada.id}
        ada.refresh_from_db()
        assert ada.identity == Identity(name="Ada", phone=ADA.phone, email=BOB.email)
        assert (ada.notify_by_email, ada.notify_by_sms) == (True, False)

    def test_the_one_is_found_no_more_and_says_where_they_went(self, staff: StaffClient) -> None:
        ada, bob = customer_of(staff, ADA), customer_of(staff, BOB)
        staff.post(f"customers/{bob.id}/merge", {"into_id": str(ada.id)})

        assert names(staff.get("customers")) == [ADA.name]
        refused = staff.patch(f"customers/{bob.id}", {"name": "X"})
        assert problem(refused) == (409, "CUSTOMER_GONE")
        assert refused.json()["merged_into"] == str(ada.id)
        again = staff.post(f"customers/{bob.id}/merge", {"into_id": str(ada.id)})
        assert problem(again) == (409, "CUSTOMER_GONE")

    def test_the_account_goes_over_but_two_accounts_are_two_people(self, staff: StaffClient) -> None:
        first, second = UserFactory.create(), UserFactory.create()
        ada, bob = customer_of(staff, ADA), customer_of(staff, BOB, user=first)
        eve = customer_of(staff, Identity(name="Eve", phone="+13035550188"), user=second)

        staff.post(f"customers/{bob.id}/merge", {"into_id": str(ada.id)})
        refused = staff.post(f"customers/{eve.id}/merge", {"into_id": str(ada.id)})

        ada.refresh_from_db()
        assert ada.user == first
        assert problem(refused) == (409, "CUSTOMERS_HAVE_ACCOUNTS")

    def test_refuses_oneself_and_anothers(self, staff: StaffClient) -> None:
        ada, foreign = customer_of(staff, ADA), customer_of(StaffClient(), BOB)

        def merge(one: Customer, into: Customer) -> tuple[int, str]:
            return problem(staff.post(f"customers/{one.id}/merge", {"into_id": str(into.id)}))

        assert merge(ada, ada) == (400, "VALIDATION_ERROR")
        assert merge(ada, foreign) == (404, "NOT_FOUND")
        assert merge(foreign, ada) == (404, "NOT_FOUND")

    @pytest.mark.django_db(transaction=True)
    def test_each_into_the_other_at_once_leaves_one(self, race: Any) -> None:
        staff = StaffClient()
        ada, bob = customer_of(staff, ADA), customer_of(staff, BOB)

        answers = race(
            [
                lambda: staff.post(f"customers/{ada.id}/merge", {"into_id": str(bob.id)}).status_code,
                lambda: staff.post(f"customers/{bob.id}/merge", {"into_id": str(ada.id)}).status_code,
            ]
        )

        assert sorted(answers) == [200, 409]
        assert Customer.objects.filter(merged_into__isnull=True).count() == 1


class TestExport:
    def test_is_all_that_is_known(self, staff: StaffClient) -> None:
        booking = visit_of(staff.organization, ADA)
        bob = customer_of(staff, BOB)
        staff.post(f"customers/{bob.id}/merge", {"into_id": str(booking.customer_id)})

        response = staff.get(f"customers/{booking.customer_id}/export")

        body = response.json()
        assert response["Content-Disposition"].startswith("attachment")
        assert body["customer"]["phone"] == ADA.phone
        assert [row["name"] for row in body["merged_records"]] == [BOB.name]
        assert body["bookings"][0]["reference"] == booking.reference
        assert body["bookings"][0]["said"] == {"notes": "Gate code 4711"}
        assert body["bookings"][0]["answers"][0]["answer"] == "Gate code 4711"
        assert {"bookings.booking.confirmed", "bookings.customer.merged"} <= {
            row["action"] for row in body["history"]
        }
        assert AuditEntry.objects.filter(action="bookings.customer.exported").exists()

    def test_costs_the_same_for_one_visit_and_for_many(self, staff: StaffClient) -> None:
        customer_id = visit_of(staff.organization, ADA).customer_id
        with CaptureQueriesContext(connection) as few:
            staff.get(f"customers/{customer_id}/export")
        for _ in range(3):
            visit_of(staff.organization, ADA)
        with CaptureQueriesContext(connection) as many:
            answer = staff.get(f"customers/{customer_id}/export")

        assert len(answer.json()["bookings"]) == 4
        assert len(many) == len(few)


class TestErase:
    def test_who_still_comes_is_not_erased(self, staff: StaffClient) -> None:
        booking = visit_of(staff.organization, ADA)

        response = staff.post(f"customers/{booking.customer_id}/erase")

        assert problem(response) == (409, "CUSTOMER_HAS_BOOKINGS")
        assert response.json()["references"] == [booking.reference]

    def test_nothing_is_readable_or_found_afterwards(self, staff: StaffClient, set_now: Any) -> None:
        booking = visit_of(staff.organization, ADA)
        token = issue_link(booking)
        bob = customer_of(staff, BOB)
        staff.post(f"customers/{bob.id}/merge", {"into_id": str(booking.customer_id)})
        set_now(booking.ends_at)

        response = staff.post(f"customers/{booking.customer_id}/erase")

        assert response.status_code == 200, response.content
        assert set(Customer.objects.values_list("wrapped_key", "phone_digest", "email_digest")) == {
            (None, None, None)
        }
        booking = Booking.objects.get()
        assert (booking.phone_digest, booking.intake, BookingAnswer.objects.get().answer) == (None, {}, None)
        with pytest.raises(ManageLinkInvalid):
            booking_of_link(token)
        assert names(staff.get("customers", {"name": "Ada"})) == []
        body = staff.get(f"customers/{booking.customer_id}").json()
        assert (body["name"], body["phone"], body["email"]) == (None, None, None)
        event = OutboxMessage.objects.get(name="customer.erased")
        assert event.payload["merged_ids"] == [str(bob.id)]

    def test_the_history_stays(self, staff: StaffClient, set_now: Any) -> None:
        booking = visit_of(staff.organization, ADA)
        set_now(booking.ends_at)
        staff.post(f"customers/{booking.customer_id}/erase")

        history = staff.get(f"customers/{booking.customer_id}/export").json()["history"]

        assert {"bookings.booking.confirmed", "bookings.customer.erased"} <= {
            row["action"] for row in history
        }

    def test_an_erased_one_is_gone_and_books_anew_as_somebody_else(
        self, staff: StaffClient, set_now: Any
    ) -> None:
        ada = customer_of(staff, ADA)
        staff.post(f"customers/{ada.id}/erase")

        assert problem(staff.post(f"customers/{ada.id}/erase")) == (409, "CUSTOMER_GONE")
        assert problem(staff.patch(f"customers/{ada.id}", {"name": "A"})) == (409, "CUSTOMER_GONE")
        assert upsert_customer(staff.organization.id, ADA) != ada


class TestWhoIsWho:
    """upsert_customer: phone first, then e-mail; and accounts."""

    @pytest.fixture
    def organization(self) -> Organization:
        organization: Organization = OrganizationFactory.create()
        return organization

    def test_the_same_phone_is_the_same_customer_with_new_details(self, organization: Organization) -> None:
        first = upsert_customer(organization.id, ADA)
        again = upsert_customer(
            organization.id,
            Identity(name="Ada L", phone=ADA.phone),
            preferences=Preferences(email=False, sms=True),
        )

        assert again == first
        assert again.identity == Identity(name="Ada L", phone=ADA.phone, email=ADA.email, address=ADA.address)
        assert again.notify_by_email is False

    def test_a_new_phone_with_a_known_address_is_the_same_customer(self, organization: Organization) -> None:
        first = upsert_customer(organization.id, ADA)
        again = upsert_customer(
            organization.id, Identity(name="Ada", phone=BOB.phone, email="ADA@example.com")
        )

        assert again == first
        assert again.identity is not None
        assert again.identity.phone == BOB.phone

    def test_an_address_that_several_have_is_nobodys(self, organization: Organization) -> None:
        for number in range(2):
            identity = Identity(name="Desk", phone=f"+1303555010{number}", email="desk@example.com")
            Customer.of(organization_id=organization.id, identity=identity).save()

        upsert_customer(organization.id, Identity(name="New", phone=BOB.phone, email="desk@example.com"))

        assert Customer.objects.count() == 3

    def test_where_both_point_at_different_ones_the_phone_wins(self, organization: Organization) -> None:
        ada = upsert_customer(organization.id, ADA)
        bob = upsert_customer(organization.id, Identity(name="Bob", phone=BOB.phone))

        found = upsert_customer(organization.id, Identity(name="Bob", phone=BOB.phone, email=ADA.email))

        assert found == bob
        assert found.email_digest == ada.email_digest

    def test_another_business_has_its_own(self, organization: Organization) -> None:
        other = OrganizationFactory.create()

        assert upsert_customer(organization.id, ADA) != upsert_customer(other.id, ADA)

    def test_typing_the_number_of_an_account_changes_nothing_of_it(self, organization: Organization) -> None:
        owner = UserFactory.create()
        ada = upsert_customer(organization.id, ADA, user_id=owner.id)

        stranger = Identity(name="Mallory", phone=ADA.phone, email="mallory@example.com")
        found = upsert_customer(organization.id, stranger)

        assert (found, found.identity) == (ada, ADA)

    def test_an_account_is_never_linked_to_a_record_that_was_there(self, organization: Organization) -> None:
        ada = upsert_customer(organization.id, ADA)

        found = upsert_customer(organization.id, ADA, user_id=UserFactory.create().id)

        assert found == ada
        assert found.user_id is None

    def test_a_signed_in_customer_keeps_their_record_whatever_number_they_type(
        self, organization: Organization
    ) -> None:
        owner = UserFactory.create()
        ada = upsert_customer(organization.id, ADA, user_id=owner.id)
        upsert_customer(organization.id, Identity(name="Bob", phone=BOB.phone))

        taken = upsert_customer(organization.id, Identity(name="Ada", phone=BOB.phone), user_id=owner.id)
        assert taken == ada
        assert taken.identity is not None
        assert (taken.identity.name, taken.identity.phone) == ("Ada", ADA.phone)
        free = upsert_customer(organization.id, Identity(name="Ada", phone="+13035550111"), user_id=owner.id)
        assert free == ada
        assert free.identity is not None
        assert free.identity.phone == "+13035550111"
