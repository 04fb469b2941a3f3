"""What staff have to move out of the way of time off, by the names that they know bookings by."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.availability.models import TimeOff
from apps.availability.time_off.queries import InTheWay, bookings_in_the_way
from apps.bookings.models import Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingToMove:
    """A visit that somebody's time off was added over. Times are UTC."""

    booking_id: UUID
    reference: str
    status: str
    services: str
    # None where the reader may not see who customers are.
    customer: str | None = None
    starts_at: datetime
    ends_at: datetime


def bookings_to_move(time_off: TimeOff, *, with_customers: bool = False) -> list[BookingToMove]:
    """The booked visits that are in the way of a time off, from now on, in order of time.

    Customers' names are unsealed only where they are asked for.
    """
    visits = bookings_in_the_way(time_off)
    bookings = (
        Booking.objects.for_organization(time_off.organization_id)
        .select_related("customer")
        .prefetch_related("lines")
        .in_bulk([visit.booking_id for visit in visits])
    )
    return [_named(visit, bookings[visit.booking_id], with_customer=with_customers) for visit in visits]


def _named(visit: InTheWay, booking: Booking, *, with_customer: bool) -> BookingToMove:
    return BookingToMove(
        booking_id=booking.id,
        reference=booking.reference,
        status=booking.status,
        services=", ".join(line.title for line in booking.lines.all()),
        customer=str(booking.customer) if with_customer else None,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
    )
