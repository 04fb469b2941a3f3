"""A visit as a calendar file (RFC 5545), for customers to keep."""

from collections.abc import Sequence
from datetime import datetime

from icalendar import Calendar, Event, vText

from apps.bookings.models import Booking
from apps.bookings.queries import LineInTime
from apps.bookings.states import BookingStatus

TENTATIVE = frozenset({BookingStatus.HELD, BookingStatus.PENDING, BookingStatus.PENDING_CANCELLATION})


def calendar_of(booking: Booking, lines: Sequence[LineInTime], *, url: str, now: datetime) -> bytes:
    """One event for each stretch of the visit, in UTC; cancelled ones say so.

    A calendar that has the file already takes a newer one for the same visit: the ids are the lines', and
    the sequence is the booking's version. It names nobody but the business.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Wrkbelt//Scheduler//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for timed in lines:
        for number, period in enumerate(timed.periods):
            event = Event()
            event.add("uid", f"{timed.line.id}-{number}@wrkbelt")
            event.add("dtstamp", now)
            event.add("dtstart", period.start)
            event.add("dtend", period.end)
            event.add("sequence", booking.version)
            event.add("summary", f"{timed.line.title} · {booking.organization.name}")
            event.add("status", _status(booking.status))
            event.add("description", f"{booking.reference}\n{url}")
            event.add("url", url)
            if booking.location.address:
                event["location"] = vText(booking.location.address)
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _status(status: str) -> str:
    if status in {BookingStatus.CANCELLED, BookingStatus.EXPIRED, BookingStatus.NO_SHOW}:
        return "CANCELLED"
    return "TENTATIVE" if status in TENTATIVE else "CONFIRMED"
