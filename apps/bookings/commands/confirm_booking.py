"""The held time becomes the customer's."""

from datetime import datetime
from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.ending import HeldVisit, lock_booking, lock_holds
from apps.bookings.events import BookingAwaitsApproval, BookingConfirmed
from apps.bookings.models import Booking
from apps.bookings.queries import get_booking, hold_ids_of, lines_of_booking, resource_ids_of
from apps.bookings.states import BookingStatus, HoldStatus
from apps.bookings.subjects import subject_of_booking
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish


@command("bookings.confirm_booking")
def confirm_booking(*, actor: Actor, booking_id: UUID) -> Booking:
    """Turn a held booking into a confirmed one, or into one that waits for approval (REQ-HOLD-3, seed 003).

    The hold's events become the customer's in place: at no moment is the time free. Raises NotFound,
    HoldExpired, InvalidTransition.
    """
    found = get_booking(actor, booking_id)
    lines = lines_of_booking(found)
    occupancy.lock_resources(actor.organization_id, resource_ids_of(lines))
    booking = lock_booking(actor.organization_id, booking_id)
    visits = lock_holds(actor.organization_id, hold_ids_of(found))
    now = app_now()

    target = policies.status_after_confirmation(
        requires_approval=any(line.service and line.service.requires_approval for line in lines)
    )
    policies.ensure_can_move(booking.status, target)
    for visit in visits:
        policies.ensure_hold_usable(status=visit.hold.status, expires_at=visit.hold.expires_at, now=now)

    _take_over(booking, visits, target=target, now=now)

    audit.record(
        actor,
        f"bookings.booking.{target}",
        subject=subject_of_booking(booking, lines),
        old={"status": BookingStatus.HELD},
        new={"status": target},
        at=now,
    )
    event = BookingConfirmed if target is BookingStatus.CONFIRMED else BookingAwaitsApproval
    publish(event.about(booking, lines))
    return booking


def _take_over(booking: Booking, visits: list[HeldVisit], *, target: BookingStatus, now: datetime) -> None:
    for visit in visits:
        for event in visit.events:
            occupancy.convert_hold(event, booking_id=booking.id, customer_id=booking.customer_id)
        visit.hold.status, visit.hold.ended_at = HoldStatus.CONVERTED, now
        visit.hold.save(update_fields=["status", "ended_at", "updated_at"])
    booking.move_to(target)
    booking.confirmed_at = now if target is BookingStatus.CONFIRMED else None
    booking.save(update_fields=["status", "version", "confirmed_at", "updated_at"])
