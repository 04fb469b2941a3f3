"""Making a held time the customer's: shared by the commands that do. They hold the locks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from apps.audit import log as audit
from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.ending import HeldVisit
from apps.bookings.errors import InvalidTransition
from apps.bookings.events import BookingAwaitsApproval, BookingConfirmed
from apps.bookings.models import Booking, BookingLine, ServiceSession
from apps.bookings.queries import lines_in_time
from apps.bookings.states import BookingStatus, HoldStatus
from apps.bookings.subjects import subject_of_booking
from apps.core.actors import Actor
from apps.core.outbox import publish
from apps.core.writing import insert, update
from apps.organizations.models import OrganizationPolicy


def status_of_confirmed(policy: OrganizationPolicy, lines: Iterable[BookingLine]) -> BookingStatus:
    """What these lines are once confirmed: booked, or waiting for the yes of the business (seed 004)."""
    return policies.status_after_confirmation(
        requires_approval=policy.requires_approval
        or any(line.service is not None and line.service.requires_approval for line in lines)
    )


def ensure_confirmable(booking: Booking, visits: Iterable[HeldVisit], *, now: datetime) -> None:
    """A held booking on live holds. Raises HoldExpired, HoldNotActive, InvalidTransition."""
    policies.ensure_can_move(booking.status, BookingStatus.CONFIRMED)
    for visit in visits:
        policies.ensure_hold_usable(status=visit.hold.status, expires_at=visit.hold.expires_at, now=now)
    # What waits in a line, or is queued, may become confirmed one day, but has no time yet.
    if booking.status != BookingStatus.HELD:
        raise InvalidTransition(current=booking.status)


def confirm_held(
    *,
    actor: Actor,
    policy: OrganizationPolicy,
    booking: Booking,
    lines: Sequence[BookingLine],
    visits: Sequence[HeldVisit],
    now: datetime,
) -> None:
    """Turn a locked booking's locked holds into its visit, and make the record of how that visit goes.

    The holds' events become the customer's in place: at no moment is the time free. `ensure_confirmable`
    has said yes.
    """
    target = status_of_confirmed(policy, lines)
    old = booking.status
    _take_over(booking, visits, now=now)
    booking.known_lines = lines_in_time(lines, (event for visit in visits for event in visit.events))
    booking.known_at = now
    booking.move_to(target)
    booking.confirmed_at = now if target is BookingStatus.CONFIRMED else None
    update(booking, "status", "version", "confirmed_at", "updated_at")
    open_service_session(booking, lines)
    audit.record(
        actor,
        f"bookings.booking.{target}",
        subject=subject_of_booking(booking, lines),
        old={"status": old},
        new={"status": target},
        at=now,
    )
    event = BookingConfirmed if target is BookingStatus.CONFIRMED else BookingAwaitsApproval
    publish(event.about(booking, lines))


def _take_over(booking: Booking, visits: Iterable[HeldVisit], *, now: datetime) -> None:
    for visit in visits:
        occupancy.convert_holds(visit.events, booking_id=booking.id, customer_id=booking.customer_id)
        visit.hold.status, visit.hold.ended_at = HoldStatus.CONVERTED, now
        update(visit.hold, "status", "ended_at", "updated_at")


def open_service_session(booking: Booking, lines: Iterable[BookingLine]) -> ServiceSession:
    """The record of a visit as it is planned; what really happens is added to it (seeds 002, 004)."""
    return insert(
        ServiceSession(
            organization_id=booking.organization_id,
            booking=booking,
            planned_start=booking.starts_at,
            planned_minutes=sum(line.base_duration_minutes for line in lines),
        )
    )
