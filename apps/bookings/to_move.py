"""What staff have to move out of the way of time off, by the names that they know bookings by."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.availability.models import TimeOff
from apps.availability.time_off.queries import bookings_in_the_way
from apps.bookings.models import Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingToMove:
    """A visit that somebody's time off was added over. Times are UTC."""

    booking_id: UUID
    reference: str
    status: str
    starts_at: datetime
    ends_at: datetime


def bookings_to_move(time_off: TimeOff) -> list[BookingToMove]:
    """The booked visits that are in the way of a time off, from now on, in order of time."""
    visits = bookings_in_the_way(time_off)
    bookings = Booking.objects.for_organization(time_off.organization_id).in_bulk(
        [visit.booking_id for visit in visits]
    )
    return [
        BookingToMove(
            booking_id=visit.booking_id,
            reference=bookings[visit.booking_id].reference,
            status=bookings[visit.booking_id].status,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
        )
        for visit in visits
    ]
