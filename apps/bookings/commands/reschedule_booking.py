"""A visit moves to another time."""

from uuid import UUID

from apps.audit import log as audit
from apps.bookings import policies
from apps.bookings.change_events import BookingRescheduled
from apps.bookings.errors import BookingHasNoTime
from apps.bookings.models import Booking
from apps.bookings.placing import moving
from apps.bookings.placing.moving import BookedTime, NewTime
from apps.bookings.queries import get_booking, lines_of_booking
from apps.bookings.self_service import terms as self_service
from apps.bookings.service_sessions import follow_booking
from apps.bookings.subjects import subject_of_booking
from apps.core.actors import Actor, ActorKind
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import StaleVersion
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy


@command("bookings.reschedule_booking")
def reschedule_booking(
    *,
    actor: Actor,
    policy: OrganizationPolicy,
    booking_id: UUID,
    wanted: NewTime,
    expected_version: int | None = None,
) -> Booking:
    """Put a booked visit at another time, or leave it where it is (REQ-SELF-3, seed 004).

    Customers may within their notice window, and the new time obeys notice and horizon like any other. Raises
    NotFound, StaleVersion, InvalidTransition, BookingHasNoTime, OnlineChangeOff, TooLateToReschedule,
    SlotFull, SlotNotBookable, AlreadyBooked.
    """
    found = get_booking(actor, booking_id)
    lines = lines_of_booking(found)
    policies.ensure_reschedulable(status=found.status)
    if found.starts_at is None or found.ends_at is None:
        raise BookingHasNoTime
    if expected_version is not None and found.version != expected_version:
        raise StaleVersion(current_version=found.version)
    if actor.kind is ActorKind.CUSTOMER:
        terms = self_service.reschedule_terms(policy, (line.service for line in lines))
        self_service.ensure_may_reschedule(terms, found.starts_at, now=app_now())

    # Under its lock `move` refuses a booking that is not as it was found.
    booking = moving.move(policy=policy, booked=BookedTime.of(found, lines), wanted=wanted)
    follow_booking(booking, now=app_now())

    audit.record(
        actor,
        "bookings.booking.rescheduled",
        subject=subject_of_booking(booking, lines),
        old={"starts_at": found.starts_at.isoformat(), "ends_at": found.ends_at.isoformat()},
        new={"starts_at": str(booking.starts_at), "ends_at": str(booking.ends_at)},
    )
    publish(BookingRescheduled.since(booking, lines, starts_at=found.starts_at, ends_at=found.ends_at))
    return booking
