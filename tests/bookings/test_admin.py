"""Bookings and customers in the back office."""

from datetime import timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import SlotInstance
from apps.bookings.models import Booking
from apps.bookings.states import BookingStatus
from apps.organizations.models import Role
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


class TestWhatStaffDoWithABooking:
    """Three buttons, each a command; which of them are there depends on the status."""

    SUBMITTED: ClassVar = {"_form_submitted": "1", "confirm": "on"}

    def booked(self, business: Business) -> Booking:
        generate_slots(organization=business.organization)
        slots = SlotInstance.objects.filter(resource=business.person, date="2030-01-22")
        return book(slots.order_by("start_at")[0])

    def path(self, booking: Booking, action: str) -> str:
        return f"{BOOKINGS}{booking.pk}/{action}/"

    def buttons(self, business: Business, booking: Booking) -> list[str]:
        page = business.client(Role.FRONTDESK).get(self.path(booking, "change")).content.decode()
        return [action for action in ("check-in", "move", "cancel") if self.path(booking, action) in page]

    def test_checks_the_customer_in(self, acme: Business) -> None:
        booking = self.booked(acme)

        acme.client(Role.FRONTDESK).post(self.path(booking, "check-in"), self.SUBMITTED)

        booking.refresh_from_db()
        assert booking.status == BookingStatus.CHECKED_IN
        assert self.buttons(acme, booking) == ["cancel"]

    def test_moves_it_by_the_clock_of_the_location(self, acme: Business) -> None:
        booking = self.booked(acme)
        later = SlotInstance.objects.filter(resource=acme.person, date="2030-01-22").order_by("-start_at")[0]
        there = later.start_at.astimezone(ZoneInfo(acme.location.timezone))
        wanted = {"day": f"{there:%Y-%m-%d}", "at": f"{there:%H:%M}"}

        answer = acme.client().post(self.path(booking, "move"), {**self.SUBMITTED, **wanted}, follow=True)

        booking.refresh_from_db()
        assert booking.starts_at == later.start_at
        assert f"is now on Tue 22 Jan 2030 at {there:%H:%M}" in answer.content.decode()

    def test_says_why_a_time_cannot_be_had_and_leaves_it_where_it_was(self, acme: Business) -> None:
        booking = self.booked(acme)
        before = booking.starts_at

        answer = acme.client().post(
            self.path(booking, "move"), {**self.SUBMITTED, "day": "2030-01-22", "at": "03:00"}, follow=True
        )

        booking.refresh_from_db()
        assert booking.starts_at == before
        assert "be booked" in answer.content.decode()

    def test_a_time_that_the_clocks_skip_is_none(self, acme: Business) -> None:
        booking = self.booked(acme)

        answer = acme.client().post(
            self.path(booking, "move"), {**self.SUBMITTED, "day": "2030-03-10", "at": "02:30"}, follow=True
        )

        assert "02:30 does not exist on Sun 10 Mar 2030: the clocks go forward" in answer.content.decode()

    def test_calls_it_off_with_a_reason(self, acme: Business) -> None:
        booking = self.booked(acme)

        acme.client().post(self.path(booking, "cancel"), {**self.SUBMITTED, "reason": "weather"})

        booking.refresh_from_db()
        assert (booking.status, booking.cancel_reason) == (BookingStatus.CANCELLED, "weather")
        assert self.buttons(acme, booking) == []

    def test_a_hold_has_no_buttons(self, acme: Business) -> None:
        assert acme.booking.status == BookingStatus.HELD
        assert self.buttons(acme, acme.booking) == []

    def test_another_business_changes_nothing(self, acme: Business) -> None:
        booking = self.booked(acme)

        whole_business("Globex").client().post(
            self.path(booking, "cancel"), {**self.SUBMITTED, "reason": "other"}
        )

        booking.refresh_from_db()
        assert booking.status == BookingStatus.CONFIRMED
