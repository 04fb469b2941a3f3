"""The customer is here."""

from uuid import UUID

from apps.audit import log as audit
from apps.bookings import policies
from apps.bookings.change_events import BookingCheckedIn
from apps.bookings.ending import lock_booking
from apps.bookings.errors import BookingHasNoTime
from apps.bookings.models import Booking
from apps.bookings.queries import get_booking, lines_of_booking
from apps.bookings.self_service import terms as self_service
from apps.bookings.service_sessions import follow_booking
from apps.bookings.states import BookingStatus
from apps.bookings.subjects import subject_of_booking
from apps.core.actors import Actor, ActorKind
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy


@command("bookings.check_in_booking")
def check_in_booking(*, actor: Actor, policy: OrganizationPolicy, booking_id: UUID) -> Booking:
    """Note that a confirmed booking's customer has come (REQ-SELF-4, seed 004).

    Its time stays as it is, so no resource is locked. Raises NotFound, InvalidTransition, BookingHasNoTime,
    CheckInTooEarly, CheckInClosed.
    """
    found = get_booking(actor, booking_id)
    booking = lock_booking(actor.organization_id, found.id)
    now = app_now()
    policies.ensure_can_move(booking.status, BookingStatus.CHECKED_IN)
    if booking.starts_at is None or booking.ends_at is None:
        raise BookingHasNoTime
    if actor.kind is ActorKind.CUSTOMER:
        self_service.ensure_may_check_in(
            policy, starts_at=booking.starts_at, ends_at=booking.ends_at, now=now
        )

    old = booking.status
    booking.move_to(BookingStatus.CHECKED_IN)
    booking.save(update_fields=["status", "version", "updated_at"])
    follow_booking(booking, now=now)

    lines = lines_of_booking(booking)
    audit.record(
        actor,
        "bookings.booking.checked_in",
        subject=subject_of_booking(booking, lines),
        old={"status": old},
        new={"status": booking.status},
        at=now,
    )
    publish(BookingCheckedIn.about(booking, lines))
    return booking
