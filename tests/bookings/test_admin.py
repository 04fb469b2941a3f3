"""Bookings and customers in the back office."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.bookings.models import Booking
from tests.bookings.support import book
from tests.factories.availability import SlotFactory
from tests.factories.backoffice import Business, whole_business

pytestmark = pytest.mark.django_db
BOOKINGS = "/admin/bookings/booking/"
CUSTOMERS = "/admin/bookings/customer/"


@pytest.fixture
def acme() -> Business:
    return whole_business()


def book_more(business: Business, count: int, *, after_hours: int = 1) -> list[Booking]:
    starts = [business.slot.start_at + timedelta(hours=after_hours + index) for index in range(count)]
    return [book(SlotFactory.create(resource=business.person, start_at=start)) for start in starts]


class TestListOfBookings:
    def test_shows_name_time_zone_and_status(self, acme: Business) -> None:
        page = acme.client().get(BOOKINGS).content.decode()

        assert "Ada Lovelace of Acme" in page
        assert "Mon 14 Jan 2030, 10:00" in page
        assert "MST" in page
        assert "Held" in page

    def test_costs_the_same_however_many_there_are(self, acme: Business) -> None:
        client = acme.client()
        book_more(acme, 1)
        with CaptureQueriesContext(connection) as few:
            client.get(BOOKINGS)

        book_more(acme, 4, after_hours=2)
        with CaptureQueriesContext(connection) as many:
            client.get(BOOKINGS)

        assert len(many) == len(few)

    def test_finds_by_reference_phone_and_email(self, acme: Business) -> None:
        book_more(acme, 2)
        client, customer = acme.client(), acme.booking.customer
        identity = customer.identity
        assert identity is not None
        customer.set_identity(type(identity)(name="Ada", phone=identity.phone, email="ada@example.com"))
        customer.save()

        for term in (acme.booking.reference.lower(), identity.phone, identity.phone[2:], "ADA@example.com"):
            found = client.get(BOOKINGS, {"q": term}).context["cl"].result_list
            assert [booking.pk for booking in found] == [acme.booking.pk], term

    @pytest.mark.parametrize(
        ("wanted", "count"), [("today", 1), ("tomorrow", 0), ("week", 1), ("past", 0), ("2030-01-14", 1)]
    )
    def test_filters_by_the_day_of_the_visit(self, acme: Business, wanted: str, count: int) -> None:
        page = acme.client().get(BOOKINGS, {"visit": wanted})

        assert page.context["cl"].result_count == count


class TestPageOfABooking:
    def test_tells_what_happened_in_words(self, acme: Business) -> None:
        (booking,) = book_more(acme, 1)

        page = acme.client().get(f"{BOOKINGS}{booking.pk}/change/")

        words = [happening.words for happening, _, _ in page.context["happenings"]]
        assert words == ["Held the time", "Gave their name", "Confirmed the booking"]
        assert [event.resource for event, _, _ in page.context["calendar_events"]] == [acme.person]

    def test_changes_nothing(self, acme: Business) -> None:
        answer = acme.client().post(f"{BOOKINGS}{acme.booking.pk}/change/", {"status": "confirmed"})

        assert answer.status_code == 403
        acme.booking.refresh_from_db()
        assert acme.booking.status == "held"


class TestCustomers:
    def test_shows_what_they_booked(self, acme: Business) -> None:
        page = acme.client().get(f"{CUSTOMERS}{acme.booking.customer_id}/change/").content.decode()

        assert acme.booking.reference in page

    def test_costs_the_same_however_many_there_are(self, acme: Business) -> None:
        client = acme.client()
        with CaptureQueriesContext(connection) as few:
            client.get(CUSTOMERS)

        book_more(acme, 4, after_hours=2)
        with CaptureQueriesContext(connection) as many:
            client.get(CUSTOMERS)

        assert len(many) == len(few)

    def test_shows_nothing_of_who_was_erased(self, acme: Business) -> None:
        customer = acme.booking.customer
        customer.wrapped_key = customer.identity_sealed = customer.phone_digest = customer.email_digest = None
        customer.erased_at = customer.created_at
        customer.save()

        page = acme.client().get(CUSTOMERS).content.decode()

        assert "Erased customer" in page
