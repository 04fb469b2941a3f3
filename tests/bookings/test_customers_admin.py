"""Customers, orders and checkout's questions in the back office: found, merged, exported, erased, paid."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.bookings.checkout.checks import CheckoutWanted
from apps.bookings.commands.check_out import check_out
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.models import Booking, CheckoutQuestion, Customer, Identity, Order
from apps.bookings.types import BookingDetails, TimeWanted
from apps.organizations.models import Role
from tests.bookings.support import visitor_of
from tests.factories.availability import TEN_O_CLOCK, SlotFactory
from tests.factories.backoffice import Business, whole_business
from tests.factories.content import ServiceFactory

pytestmark = pytest.mark.django_db
CUSTOMERS = "/admin/bookings/customer/"
ORDERS = "/admin/bookings/order/"
QUESTIONS = "/admin/bookings/checkoutquestion/"
BOB = Identity(name="Robert Babbage", phone="+13035550177", email="bob@example.com")


@pytest.fixture
def acme() -> Business:
    return whole_business()


def another(business: Business, identity: Identity = BOB) -> Customer:
    customer = Customer.of(organization_id=business.organization.id, identity=identity)
    customer.save()
    return customer


def unpaid(business: Business) -> Order:
    """An order of a visit whose time is kept for the payment."""
    policy = business.organization.policy
    policy.payment = "manual"
    policy.save()
    slot = SlotFactory.create(resource__location=business.location)
    service = ServiceFactory.create(
        organization=business.organization, price=Decimal(80), duration_minutes=30
    )
    actor = visitor_of(slot)
    hold = place_hold(actor=actor, policy=policy, wanted=TimeWanted(slot_id=slot.id, service_id=service.id))
    wanted = CheckoutWanted(hold_ids=(hold.id,), details=BookingDetails(customer=BOB))
    order = check_out(actor=actor, policy=policy, wanted=wanted).order
    assert order is not None
    return order


def act(client: Any, url: str, **form: str) -> Any:
    """Press a button, and say yes to what its dialog asks."""
    asked = client.get(url)
    assert asked.status_code == 200
    return client.post(url, {"_form_submitted": "1", "confirm": "on", **form}, follow=True)


class TestList:
    def test_finds_by_words_of_a_name_phone_and_email(self, acme: Business) -> None:
        bob, client = another(acme), acme.client(Role.FRONTDESK)

        for term in ("robert", "Babbage ROBERT", "303 555 0177", "BOB@example.com"):
            found = client.get(CUSTOMERS, {"q": term}).context["cl"].result_list
            assert [customer.pk for customer in found] == [bob.pk], term
        assert not client.get(CUSTOMERS, {"q": "Rob"}).context["cl"].result_list

    def test_costs_the_same_however_many_there_are(self, acme: Business) -> None:
        client = acme.client()
        with CaptureQueriesContext(connection) as few:
            client.get(CUSTOMERS)
        for number in range(5):
            another(acme, Identity(name="Eve", phone=f"+1303555020{number}"))
        with CaptureQueriesContext(connection) as many:
            client.get(CUSTOMERS)

        assert len(many) == len(few)


class TestOneCustomer:
    def test_shows_who_may_be_the_same_and_the_log_notes_who_looked(self, acme: Business) -> None:
        bob = another(acme)
        another(acme, Identity(name="Bobby", phone="+13035550178", email=BOB.email))

        page = acme.client().get(f"{CUSTOMERS}{bob.pk}/change/").content.decode()

        assert "Bobby" in page
        assert AuditEntry.objects.get(action="bookings.customer.viewed").customer_id == bob.pk

    def test_is_exported_as_a_file(self, acme: Business) -> None:
        response = acme.client().get(f"{CUSTOMERS}{acme.booking.customer_id}/export/")

        assert response["Content-Disposition"].startswith("attachment")
        assert response.json()["bookings"][0]["reference"] == acme.booking.reference

    def test_is_merged_into_whom_the_number_belongs_to(self, acme: Business) -> None:
        bob = another(acme)

        page = act(acme.client(), f"{CUSTOMERS}{acme.booking.customer_id}/merge/", stays="303 555 0177")

        assert f"{CUSTOMERS}{bob.pk}/change/" in page.redirect_chain[-1][0]
        assert "Everything is Robert Babbage’s now." in page.content.decode()
        assert Booking.objects.get().customer == bob

    def test_is_not_merged_into_nobody_or_into_anothers(self, acme: Business) -> None:
        globex = whole_business("Globex")
        foreign = another(globex)
        client = acme.client()

        for term in ("303 555 0100", "Robert Babbage", str(foreign.pk)):
            page = act(client, f"{CUSTOMERS}{acme.booking.customer_id}/merge/", stays=term)
            assert "Nobody else fits" in page.content.decode()
        assert not Customer.objects.filter(merged_into__isnull=False).exists()

    def test_is_erased_after_a_warning_unless_they_still_come(self, acme: Business) -> None:
        bob, client = another(acme), acme.client()

        refused = act(client, f"{CUSTOMERS}{acme.booking.customer_id}/erase/")
        done = act(client, f"{CUSTOMERS}{bob.pk}/erase/")

        assert acme.booking.reference in refused.content.decode()
        assert "Nothing about them can be read any more." in done.content.decode()
        bob.refresh_from_db()
        assert bob.erased_at == TEN_O_CLOCK.replace(hour=15)

    def test_of_another_business_is_out_of_reach(self, acme: Business) -> None:
        foreign = another(whole_business("Globex"))
        client = acme.client()

        for action in ("erase", "merge"):
            client.post(
                f"{CUSTOMERS}{foreign.pk}/{action}/", {"stays": "x", "_form_submitted": "1", "confirm": "on"}
            )
        assert client.get(f"{CUSTOMERS}{foreign.pk}/export/").status_code in {302, 403, 404}
        foreign.refresh_from_db()
        assert foreign.identity == BOB

    def test_is_nothing_for_those_who_keep_the_rota(self, acme: Business) -> None:
        client = acme.client(Role.SCHEDULER)

        for page in ("change", "export", "erase", "merge"):
            assert client.get(f"{CUSTOMERS}{acme.booking.customer_id}/{page}/").status_code == 403


class TestOrders:
    def test_recording_the_payment_confirms(self, acme: Business) -> None:
        order = unpaid(acme)

        page = act(acme.client(Role.FRONTDESK), f"{ORDERS}{order.pk}/pay/").content.decode()

        assert f"{order.reference} is paid." in page
        assert Booking.objects.get(order_items__order=order).status == "confirmed"

    def test_a_payment_that_comes_too_late_is_refused_in_words(self, acme: Business, set_now: Any) -> None:
        order = unpaid(acme)
        booking = Booking.objects.get(order_items__order=order)
        set_now(booking.holds.get().expires_at)

        page = act(acme.client(), f"{ORDERS}{order.pk}/pay/").content.decode()

        assert "give back what was paid" in page
        order.refresh_from_db()
        booking.refresh_from_db()
        assert (order.status, booking.status) == ("void", "expired")


class TestQuestions:
    def test_are_added_with_their_options_a_line_each(self, acme: Business) -> None:
        form = {
            "text": "How do we get in?",
            "help_text": "",
            "kind": "choice",
            "required": "on",
            "options": "Somebody is there\nKey box",
            "service": "",
            "active": "on",
            "sort_order": "1",
        }

        response = acme.client().post(f"{QUESTIONS}add/", form)

        assert response.status_code == 302, response.context["adminform"].form.errors
        question = CheckoutQuestion.objects.get(text="How do we get in?")
        assert question.options == ["Somebody is there", "Key box"]
        assert question.organization == acme.organization

    def test_a_choice_without_options_is_refused(self, acme: Business) -> None:
        form = {"text": "Which?", "kind": "choice", "options": "", "active": "on", "sort_order": "0"}

        response = acme.client().post(f"{QUESTIONS}add/", form)

        assert "List the options of a choice" in response.content.decode()
