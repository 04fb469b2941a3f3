"""Ending holds: released by the visitor, or past their time. Callers are commands that hold the locks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.availability.models import CalendarEvent, EventType, Resource
from apps.bookings.events import BookingLapsed, HoldLapsed
from apps.bookings.models import Booking, Hold
from apps.bookings.states import BookingStatus, HoldStatus
from apps.bookings.subjects import subject_of_booking, subject_of_hold
from apps.core.actors import Actor
from apps.core.outbox import publish


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A locked hold and the locked events by which it occupies its resource."""

    hold: Hold
    events: list[CalendarEvent]


def lock_holds(organization_id: UUID, hold_ids: Iterable[UUID]) -> list[HeldTime]:
    """Lock holds and their events, in the order of docs/locking.md; their resources are locked already."""
    held = {
        hold.id: HeldTime(hold, [])
        for hold in Hold.objects.for_organization(organization_id)
        .filter(id__in=list(hold_ids))
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    }
    events = (
        CalendarEvent.objects.for_organization(organization_id)
        .filter(hold_id__in=held, type=EventType.HOLD)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )
    for event in events:
        if event.hold_id is not None:
            held[event.hold_id].events.append(event)
    return list(held.values())


def lock_booking(organization_id: UUID, booking_id: UUID) -> Booking:
    """Lock a booking's row; its resources are locked already."""
    return (
        Booking.objects.for_organization(organization_id)
        .select_for_update(no_key=True, of=("self",))
        .select_related("customer", "location")
        .get(id=booking_id)
    )


def end_hold(held: HeldTime, *, status: HoldStatus, now: datetime) -> None:
    """End a locked hold and free its time; the row stays as history."""
    held.hold.status, held.hold.ended_at = status, now
    held.hold.save(update_fields=["status", "ended_at", "updated_at"])
    occupancy.free(held.events)


def end_lapsed_holds(resource: Resource, *, now: datetime) -> int:
    """End every hold on a locked resource whose time has passed, and the held bookings with them.

    Returns how many holds were ended.
    """
    hold_ids = occupancy.lapsed_hold_ids(resource, now=now)
    if not hold_ids:
        return 0
    actor = Actor.system(resource.organization_id, "Hold expiry")
    bookings = _lock_held_bookings(resource.organization_id, hold_ids)
    lapsed = [
        held
        for held in lock_holds(resource.organization_id, hold_ids)
        if held.hold.status == HoldStatus.ACTIVE and held.hold.expires_at <= now
    ]
    for held in lapsed:
        end_hold(held, status=HoldStatus.EXPIRED, now=now)
        audit.record(actor, "bookings.hold.expired", subject=subject_of_hold(held.hold), at=now)
        publish(HoldLapsed.about(held.hold))
        booking = bookings.pop(held.hold.booking_id, None)
        if booking is not None:
            _expire_booking(booking, held.hold, actor=actor, now=now)
    return len(lapsed)


def _lock_held_bookings(organization_id: UUID, hold_ids: Iterable[UUID]) -> dict[UUID | None, Booking]:
    """The held bookings that stand on these holds, by id: locked before the holds themselves."""
    return {
        booking.id: booking
        for booking in Booking.objects.for_organization(organization_id)
        .filter(
            id__in=Hold.objects.for_organization(organization_id)
            .filter(id__in=hold_ids, booking__isnull=False)
            .values("booking_id"),
            status=BookingStatus.HELD,
        )
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    }


def _expire_booking(booking: Booking, hold: Hold, *, actor: Actor, now: datetime) -> None:
    booking.move_to(BookingStatus.EXPIRED)
    booking.expired_at = now
    booking.save(update_fields=["status", "version", "expired_at", "updated_at"])
    audit.record(
        actor,
        "bookings.booking.expired",
        subject=subject_of_booking(booking, [hold]),
        old={"status": BookingStatus.HELD},
        new={"status": BookingStatus.EXPIRED},
        at=now,
    )
    publish(BookingLapsed.about(booking, hold))
