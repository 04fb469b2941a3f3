"""A visitor gives a time back."""

from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.ending import end_hold, lock_holds
from apps.bookings.events import HoldReleased
from apps.bookings.models import Hold
from apps.bookings.queries import get_hold, lines_of_holds, resource_ids_of
from apps.bookings.states import HoldStatus
from apps.bookings.subjects import subject_of_hold
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish


@command("bookings.release_hold")
def release_hold(*, actor: Actor, hold_id: UUID) -> Hold:
    """End a visitor's own hold early, so that others can have the time (REQ-HOLD-4, seed 004).

    Raises NotFound, HoldNotActive (also once it belongs to a booking), HoldExpired.
    """
    found = get_hold(actor, hold_id)
    lines = lines_of_holds(actor.organization_id, [found.id])
    occupancy.lock_resources(actor.organization_id, resource_ids_of(lines))
    (held,) = lock_holds(actor.organization_id, [hold_id])
    now = app_now()
    policies.ensure_hold_releasable(
        status=held.hold.status, expires_at=held.hold.expires_at, now=now, booked=bool(held.hold.booking_id)
    )
    end_hold(held, status=HoldStatus.RELEASED, now=now)
    audit.record(actor, "bookings.hold.released", subject=subject_of_hold(held.hold, lines), at=now)
    publish(HoldReleased.about(held.hold, lines))
    return held.hold
