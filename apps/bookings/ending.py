"""Ending holds: given back, or past their time. Callers are commands that hold the resources' locks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.availability.models import CalendarEvent, EventType, Resource
from apps.bookings.events import BookingLapsed, HoldLapsed
from apps.bookings.models import Booking, BookingLine, Hold
from apps.bookings.queries import lines_of_holds
from apps.bookings.states import BookingStatus, HoldStatus
from apps.bookings.subjects import subject_of_booking, subject_of_hold
from apps.core.actors import Actor
from apps.core.kept_queries import KeptQuery
from apps.core.outbox import publish


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """A locked hold with its lines in their order, and the locked events by which it occupies time."""

    hold: Hold
    lines: list[BookingLine]
    events: list[CalendarEvent]


HOLDS = KeptQuery(
    lambda organization_id, ids: (
        Hold.objects.for_organization(organization_id)
        .filter(id__in=ids)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )
)
EVENTS_OF_HOLDS = KeptQuery(
    lambda organization_id, hold_ids: (
        CalendarEvent.objects.for_organization(organization_id)
        .filter(hold_id__in=hold_ids, type=EventType.HOLD)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )
)
ONE_BOOKING = KeptQuery(
    lambda organization_id, booking_id: (
        Booking.objects.for_organization(organization_id)
        .filter(id=booking_id)
        .select_for_update(no_key=True, of=("self",))
    )
)


def lock_holds(
    organization_id: UUID, hold_ids: Collection[UUID], *, lines: Iterable[BookingLine] | None = None
) -> list[HeldVisit]:
    """Lock holds and their events, in the order of docs/locking.md; their resources are locked already.

    Returns them by id; who is not of this organization is left out. Whoever has read their lines passes them.
    """
    ids = list(hold_ids)
    holds, events = HOLDS(organization_id, ids), EVENTS_OF_HOLDS(organization_id, ids)
    found = [hold.id for hold in holds]
    return _visits(holds, events, lines_of_holds(organization_id, found) if lines is None else lines)


def _visits(
    holds: Iterable[Hold], events: Iterable[CalendarEvent], lines: Iterable[BookingLine]
) -> list[HeldVisit]:
    held = {hold.id: HeldVisit(hold, [], []) for hold in holds}
    for event in events:
        if event.hold_id in held:
            held[event.hold_id].events.append(event)
    for line in lines:
        if line.hold_id in held:
            held[line.hold_id].lines.append(line)
    return list(held.values())


def foresee_held(found: Booking, hold_ids: Collection[UUID]) -> None:
    """Lock with what is sent next what `lock_held` locks."""
    ids = list(hold_ids)
    ONE_BOOKING.foresee(found.organization_id, found.id)
    HOLDS.foresee(found.organization_id, ids)
    EVENTS_OF_HOLDS.foresee(found.organization_id, ids)


def lock_held(
    found: Booking, hold_ids: Collection[UUID], *, lines: Iterable[BookingLine]
) -> tuple[Booking, list[HeldVisit]]:
    """`lock_again` and `lock_holds`, in this order."""
    return lock_again(found), lock_holds(found.organization_id, hold_ids, lines=lines)


def lock_booking(organization_id: UUID, booking_id: UUID) -> Booking:
    """Lock a booking's row; its resources are locked already."""
    return (
        Booking.objects.for_organization(organization_id)
        .select_for_update(no_key=True, of=("self",))
        .select_related("customer", "location")
        .get(id=booking_id)
    )


def lock_again(found: Booking) -> Booking:
    """Lock the row of a booking that was read before its resources were locked. Who and where stay."""
    (booking,) = ONE_BOOKING(found.organization_id, found.id)
    return _as_found(booking, found)


def _as_found(booking: Booking, found: Booking) -> Booking:
    """What belongs to it and stays needs not be read again."""
    if booking.customer_id == found.customer_id:
        booking.customer = found.customer
    booking.location, booking.organization = found.location, found.organization
    return booking


def end_hold(held: HeldVisit, *, status: HoldStatus, now: datetime) -> None:
    """End a locked hold and free its time; the row stays as history."""
    held.hold.status, held.hold.ended_at = status, now
    held.hold.save(update_fields=["status", "ended_at", "updated_at"])
    occupancy.free(held.events)


def end_lapsed_holds(resources: Iterable[Resource], *, now: datetime) -> int:
    """Free the time that lapsed holds still have on these locked resources.

    A hold whose whole time is freed by this is ended, and the held booking that stands on it expires. One
    that also has time on a resource that is not locked here stays for whoever locks that too: its events
    occupy nothing meanwhile. Returns how many holds were ended.
    """
    ended = 0
    by_organization: dict[UUID, list[Resource]] = defaultdict(list)
    for resource in resources:
        by_organization[resource.organization_id].append(resource)
    for organization_id, locked in by_organization.items():
        hold_ids = occupancy.lapsed_hold_ids(locked)
        if hold_ids:
            ended += _end_lapsed(organization_id, hold_ids, {resource.id for resource in locked}, now=now)
    return ended


def _end_lapsed(organization_id: UUID, hold_ids: set[UUID], locked: set[UUID], *, now: datetime) -> int:
    actor = Actor.system(organization_id, "Hold expiry")
    bookings = _lock_held_bookings(organization_id, hold_ids)
    ended = 0
    for held in lock_holds(organization_id, hold_ids):
        if held.hold.status != HoldStatus.ACTIVE or held.hold.expires_at > now:
            continue
        mine = [event for event in held.events if event.resource_id in locked]
        if any(event.active and event.resource_id not in locked for event in held.events):
            occupancy.free(mine)
            continue
        end_hold(held, status=HoldStatus.EXPIRED, now=now)
        audit.record(actor, "bookings.hold.expired", subject=subject_of_hold(held.hold, held.lines), at=now)
        publish(HoldLapsed.about(held.hold, held.lines))
        booking = bookings.pop(held.hold.booking_id, None)
        if booking is not None:
            _expire_booking(booking, held, actor=actor, now=now)
        ended += 1
    return ended


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


def _expire_booking(booking: Booking, held: HeldVisit, *, actor: Actor, now: datetime) -> None:
    booking.move_to(BookingStatus.EXPIRED)
    booking.expired_at = now
    booking.save(update_fields=["status", "version", "expired_at", "updated_at"])
    audit.record(
        actor,
        "bookings.booking.expired",
        subject=subject_of_booking(booking, held.lines),
        old={"status": BookingStatus.HELD},
        new={"status": BookingStatus.EXPIRED},
        at=now,
    )
    publish(BookingLapsed.about(booking, held.lines))
