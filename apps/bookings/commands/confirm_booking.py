"""The held time becomes the customer's."""

from datetime import datetime
from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.ending import HeldTime, lock_booking, lock_holds
from apps.bookings.events import BookingAwaitsApproval, BookingConfirmed
from apps.bookings.models import Booking, BookingLine
from apps.bookings.queries import get_booking, holds_of
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
    holds = holds_of(found)
    occupancy.lock_resources(actor.organization_id, [hold.resource_id for hold in holds])
    booking = lock_booking(actor.organization_id, booking_id)
    held_times = lock_holds(actor.organization_id, [hold.id for hold in holds])
    now = app_now()

    target = policies.status_after_confirmation(
        requires_approval=any(hold.service and hold.service.requires_approval for hold in holds)
    )
    policies.ensure_can_move(booking.status, target)
    for held in held_times:
        policies.ensure_hold_usable(status=held.hold.status, expires_at=held.hold.expires_at, now=now)

    _take_over(booking, held_times, target=target, now=now)

    audit.record(
        actor,
        f"bookings.booking.{target}",
        subject=subject_of_booking(booking, holds),
        old={"status": BookingStatus.HELD},
        new={"status": target},
        at=now,
    )
    event = BookingConfirmed if target is BookingStatus.CONFIRMED else BookingAwaitsApproval
    publish(event.about(booking, held_times[0].hold))
    return booking


def _take_over(booking: Booking, held_times: list[HeldTime], *, target: BookingStatus, now: datetime) -> None:
    lines = list(BookingLine.objects.for_organization(booking.organization_id).filter(booking=booking))
    for held, line in zip(held_times, lines, strict=True):
        for event in held.events:
            occupancy.convert_hold(
                event, booking_id=booking.id, line_id=line.id, customer_id=booking.customer_id
            )
        held.hold.status, held.hold.ended_at = HoldStatus.CONVERTED, now
        held.hold.save(update_fields=["status", "ended_at", "updated_at"])
    booking.move_to(target)
    booking.confirmed_at = now if target is BookingStatus.CONFIRMED else None
    booking.save(update_fields=["status", "version", "confirmed_at", "updated_at"])
