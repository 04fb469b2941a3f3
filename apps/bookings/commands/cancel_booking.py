"""A visit is called off."""

from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.change_events import BookingCancelled
from apps.bookings.ending import end_hold
from apps.bookings.locking import lock_visit
from apps.bookings.models import Booking
from apps.bookings.queries import get_booking
from apps.bookings.self_service import terms as self_service
from apps.bookings.service_sessions import follow_booking
from apps.bookings.states import BookingStatus, CancelReason, HoldStatus
from apps.bookings.subjects import subject_of_booking
from apps.core.actors import Actor, ActorKind
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import StaleVersion
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy


@command("bookings.cancel_booking")
def cancel_booking(
    *,
    actor: Actor,
    policy: OrganizationPolicy,
    booking_id: UUID,
    reason: CancelReason,
    expected_version: int | None = None,
) -> Booking:
    """Free a booking's time for others; the booking stays as history (REQ-SELF-2, seed 004).

    Customers may within their notice window, the business at any time. Raises NotFound, StaleVersion,
    InvalidTransition, OnlineChangeOff, TooLateToCancel.
    """
    found = get_booking(actor, booking_id)
    visit = lock_visit(actor.organization_id, found.id)
    booking, lines, now = visit.booking, visit.lines, app_now()

    if expected_version is not None and booking.version != expected_version:
        raise StaleVersion(current_version=booking.version)
    policies.ensure_can_move(booking.status, BookingStatus.CANCELLED)
    if actor.kind is ActorKind.CUSTOMER:
        terms = self_service.cancel_terms(policy, (line.service for line in lines))
        self_service.ensure_may_cancel(terms, booking.starts_at, now=now)

    old = booking.status
    for held in visit.holds:
        if held.hold.status == HoldStatus.ACTIVE:
            end_hold(held, status=HoldStatus.RELEASED, now=now)
    occupancy.free(visit.events)
    booking.move_to(BookingStatus.CANCELLED)
    booking.cancelled_at, booking.cancel_reason = now, reason
    booking.save(update_fields=["status", "version", "cancelled_at", "cancel_reason", "updated_at"])
    follow_booking(booking, now=now)

    audit.record(
        actor,
        "bookings.booking.cancelled",
        subject=subject_of_booking(booking, lines),
        old={"status": old},
        new={"status": booking.status, "reason": reason},
        at=now,
    )
    publish(BookingCancelled.with_reason(booking, lines, reason=reason))
    return booking
