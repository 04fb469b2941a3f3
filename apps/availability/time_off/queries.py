"""What staff want to know about time off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.availability.errors import TimeOffTwice
from apps.availability.lanes import Period
from apps.availability.models import CalendarEvent, EventType, TimeOff
from apps.availability.time_off.painting import occurrences_of, period_of, reach
from apps.availability.time_off.pieces import FOREVER
from apps.core.clock import app_now
from apps.core.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheWay:
    """A visit that was booked before the time off was: it has to be moved. Times are UTC.

    What a booking is called is known one layer above: `bookings/to_move.py`.
    """

    booking_id: UUID
    event_id: UUID
    starts_at: datetime
    ends_at: datetime


def get_time_off(organization_id: UUID, time_off_id: UUID) -> TimeOff:
    """A time off that has not been cancelled, with its resource and location. Raises NotFound."""
    row = (
        TimeOff.objects.for_organization(organization_id)
        .filter(id=time_off_id, cancelled_at__isnull=True)
        .select_related("resource__location")
        .first()
    )
    if row is None:
        raise NotFound("There is no such time off, or it was cancelled.")
    return row


def ensure_is_new(row: TimeOff) -> None:
    """Raises TimeOffTwice if the resource is away by exactly these days, times and repetition already.

    Under the resource's lock: a form that was sent twice is one time off.
    """
    there = TimeOff.objects.for_organization(row.organization_id).filter(
        resource=row.resource_id,
        start_date=row.start_date,
        start_time=row.start_time,
        duration_minutes=row.duration_minutes,
        rrule=row.rrule,
        cancelled_at__isnull=True,
    )
    known = there.values_list("id", flat=True).first()
    if known is not None:
        raise TimeOffTwice(time_off_id=str(known))


def bookings_in_the_way(time_off: TimeOff) -> list[InTheWay]:
    """The booked visits, from now on, that meet this time off with their buffers, in order of time."""
    if time_off.cancelled_at is not None:
        return []
    now = app_now()
    until = reach(time_off.organization_id, [time_off.resource_id], now=now) if time_off.rrule else FOREVER
    away = occurrences_of(time_off, Period(now, until))
    if not away:
        return []
    visits = (
        CalendarEvent.objects.for_organization(time_off.organization_id)
        .filter(resource=time_off.resource_id, type=EventType.CUSTOMER, active=True, ends_at__gt=now)
        .overlapping(away[0].start, away[-1].end)
        .order_by("starts_at", "id")
    )
    return [
        InTheWay(
            booking_id=visit.booking_id, event_id=visit.id, starts_at=visit.starts_at, ends_at=visit.ends_at
        )
        for visit in visits
        if visit.booking_id is not None and any(period_of(visit).overlaps(period) for period in away)
    ]
