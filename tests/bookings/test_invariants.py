"""Each invariant of bookings finds its violation, planted by hand behind the commands' backs."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.availability.models import CalendarEvent
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.hold_booking import book_hold
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.models import Booking, BookingLine, Hold
from apps.core.actors import Actor
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from tests.bookings.salon import Salon, a_salon
from tests.bookings.support import somebody

pytestmark = pytest.mark.django_db

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def salon() -> Salon:
    return a_salon()


def held(salon: Salon, hour: int = 10) -> Hold:
    """A hold of a wash and a colour."""
    actor = Actor.session(salon.organization.id, new_id())
    return place_hold(
        actor=actor, policy=salon.organization.policy, wanted=salon.visit("Wash", "Colour", hour=hour)
    )


def booked(salon: Salon, hour: int = 10, *, confirmed: bool = True) -> Booking:
    hold = held(salon, hour)
    assert hold.session_id is not None
    actor = Actor.session(salon.organization.id, hold.session_id)
    booking = book_hold(actor=actor, hold_id=hold.id, details=somebody())
    return confirm_booking(actor=actor, booking_id=booking.id) if confirmed else booking


def broken() -> set[str]:
    return {violation.rule for violation in find_violations()}


def test_nothing_is_broken_by_what_commands_do(salon: Salon) -> None:
    held(salon, 9)
    booked(salon, 11)
    booked(salon, 13, confirmed=False)

    assert broken() == set()


def test_a_hold_without_its_events(salon: Salon) -> None:
    held(salon)
    CalendarEvent.objects.update(active=False)

    assert "active_holds_occupy" in broken()


def test_an_event_that_ends_at_another_time_than_its_hold(salon: Salon) -> None:
    held(salon)
    event = CalendarEvent.objects.order_by("starts_at").first()
    assert event
    CalendarEvent.objects.filter(id=event.id).update(expires_at=F("expires_at") + AN_HOUR)

    assert broken() == {"hold_and_event_agree"}


def test_a_hold_that_says_another_time(salon: Salon) -> None:
    held(salon)
    Hold.objects.update(ends_at=F("ends_at") + AN_HOUR)

    assert broken() == {"hold_spans_its_events"}


def test_a_converted_hold_whose_time_is_not_the_customers(salon: Salon) -> None:
    booked(salon)
    event = CalendarEvent.objects.order_by("starts_at").first()
    assert event
    CalendarEvent.objects.filter(id=event.id).update(
        type="hold", booking=None, customer=None, expires_at=F("ends_at")
    )

    assert "converted_holds_are_booked" in broken()


def test_a_held_booking_without_a_hold(salon: Salon) -> None:
    booked(salon, confirmed=False)
    Hold.objects.update(booking=None)

    assert "held_bookings_have_holds" in broken()


def test_a_booking_without_its_time(salon: Salon) -> None:
    booked(salon)
    CalendarEvent.objects.update(active=False)

    assert {"booked_time_occupies", "booked_lines_have_time"} <= broken()


@pytest.mark.parametrize("status", ["confirmed", "pending"])
def test_a_booking_that_says_another_time(salon: Salon, status: str) -> None:
    booked(salon)
    Booking.objects.update(status=status, ends_at=F("ends_at") + AN_HOUR)

    assert broken() == {"booking_spans_its_events"}


def test_a_held_booking_that_says_another_time(salon: Salon) -> None:
    booked(salon, confirmed=False)
    Booking.objects.update(starts_at=F("starts_at") - AN_HOUR)

    assert broken() == {"held_booking_spans_its_holds"}


def test_a_booking_that_says_not_what_for(salon: Salon) -> None:
    booked(salon)
    BookingLine.objects.update(booking=None)

    assert "bookings_have_lines" in broken()


def test_a_queued_booking_that_takes_time(salon: Salon) -> None:
    booked(salon)
    Booking.objects.update(status="pending", starts_at=None, ends_at=None)

    assert broken() == {"booked_time_occupies"}


def test_a_line_whose_time_is_another_persons(salon: Salon) -> None:
    booked(salon)
    line = BookingLine.objects.get(sort_order=0)
    BookingLine.objects.filter(id=line.id).update(resource=salon.people["Karina"])

    assert broken() == {"booked_lines_have_time"}


def test_a_line_of_two_bookings(salon: Salon) -> None:
    first, second = booked(salon, 9), booked(salon, 13)
    BookingLine.objects.filter(booking=first, sort_order=1).update(booking=second, sort_order=7)

    assert "lines_of_one_booking" in broken()
