"""A queued booking gets its time (seed 002)."""

from uuid import UUID

from apps.audit import log as audit
from apps.bookings import policies
from apps.bookings.events import BookingScheduled
from apps.bookings.models import Booking
from apps.bookings.placing import queueing
from apps.bookings.placing.queueing import Schedule
from apps.bookings.queries import get_booking, lines_of_booking
from apps.bookings.subjects import subject_of_booking
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import StaleVersion
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy


@command("bookings.schedule_booking")
def schedule_booking(
    *,
    actor: Actor,
    policy: OrganizationPolicy,
    booking_id: UUID,
    wanted: Schedule,
    expected_version: int | None = None,
) -> Booking:
    """Place the lines of a queued booking, which stays pending until it is approved (REQ-BOOK-6, seed 002).

    Raises StaffOnly, NotFound, InvalidTransition, BookingHasTime, StaleVersion, SlotFull, SlotNotBookable,
    InvalidInput.
    """
    policies.ensure_business_acts(actor.kind)
    found = get_booking(actor, booking_id)
    policies.ensure_schedulable(status=found.status, starts_at=found.starts_at)
    lines = lines_of_booking(found)
    booking = queueing.schedule(policy=policy, booking=found, lines=lines, wanted=wanted)
    if expected_version is not None and booking.version - 1 != expected_version:
        raise StaleVersion(current_version=booking.version - 1)
    audit.record(
        actor,
        "bookings.booking.scheduled",
        subject=subject_of_booking(booking, lines),
        old={"starts_at": None},
        new={"starts_at": wanted.start_at.isoformat(), "ends_at": str(booking.ends_at)},
    )
    publish(BookingScheduled.about(booking, lines))
    return booking
