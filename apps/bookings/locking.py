"""Locking a booking with its whole visit, in the order of docs/locking.md."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.availability import occupancy
from apps.availability.models import CalendarEvent
from apps.bookings.ending import HeldVisit, lock_booking, lock_holds
from apps.bookings.models import Booking, BookingLine
from apps.bookings.queries import hold_ids_of, lines_of_booking, resource_ids_of
from apps.core.errors import StaleVersion

# A visit that moves to other people between the look and the lock is looked at again, a few times.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class LockedVisit:
    """A locked booking, the locked events by which it occupies time, and its holds."""

    booking: Booking
    lines: list[BookingLine]
    events: list[CalendarEvent]
    holds: list[HeldVisit]


class _MovedAway(Exception):
    """The visit has time on somebody who is not locked."""


def lock_visit(organization_id: UUID, booking_id: UUID) -> LockedVisit:
    """Lock the resources of a booking's visit, then the booking, its holds and its events.

    Raises StaleVersion where the visit moves faster than it can be locked.
    """
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():  # a second try lets the first one's locks go
                return _lock(organization_id, booking_id)
        except _MovedAway:
            continue
    booking = Booking.objects.for_organization(organization_id).get(id=booking_id)
    raise StaleVersion(current_version=booking.version)


def _lock(organization_id: UUID, booking_id: UUID) -> LockedVisit:
    booking = Booking.objects.for_organization(organization_id).get(id=booking_id)
    resource_ids = resource_ids_of(lines_of_booking(booking))
    occupancy.lock_resources(organization_id, resource_ids)
    booking = lock_booking(organization_id, booking_id)
    holds = lock_holds(organization_id, hold_ids_of(booking))
    events = lock_events(booking)
    if any(event.resource_id not in resource_ids for event in events):
        raise _MovedAway
    return LockedVisit(booking, lines_of_booking(booking), events, holds)


def lock_events(booking: Booking) -> list[CalendarEvent]:
    """The events by which a locked booking occupies time, locked; those of its holds are not among them."""
    return list(
        CalendarEvent.objects.for_organization(booking.organization_id)
        .filter(booking=booking, active=True)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )
