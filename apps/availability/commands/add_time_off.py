"""Somebody will be away."""

from uuid import UUID

from apps.availability import occupancy
from apps.availability.events import Change
from apps.availability.models import TimeOff
from apps.availability.time_off.changes import TimeOffDetails, TimeOffResult, beginning_of, settle
from apps.availability.time_off.painting import zone_of
from apps.availability.time_off.queries import ensure_is_new
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command


@command("availability.add_time_off")
def add_time_off(*, actor: Actor, resource_id: UUID, details: TimeOffDetails) -> TimeOffResult:
    """Take a resource out of service for a time, or for a repeated one (REQ-OCC-4, seed 002).

    Bookings and holds that are there stay; the result lists the booked visits to move. Raises NotFound,
    InvalidInput, InvalidRecurrence, TimeOffTwice.
    """
    resource = occupancy.lock_resources(actor.organization_id, [resource_id])[resource_id]
    row = TimeOff(organization_id=actor.organization_id, resource=resource)
    details.check(zone_of(row))
    details.write_to(row)
    ensure_is_new(row)
    row.save(force_insert=True)
    since = beginning_of(row, zone_of(row), now=app_now())
    return settle(actor, row, Change.ADDED, since=since, old={})
