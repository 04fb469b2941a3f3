"""Somebody will be away at another time."""

from uuid import UUID

from apps.availability import occupancy
from apps.availability.events import Change
from apps.availability.time_off.changes import TimeOffDetails, TimeOffResult, in_words_of_the_log, settle
from apps.availability.time_off.painting import zone_of
from apps.availability.time_off.queries import get_time_off
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.versions import ensure_version


@command("availability.change_time_off")
def change_time_off(
    *, actor: Actor, time_off_id: UUID, details: TimeOffDetails, expected_version: int | None = None
) -> TimeOffResult:
    """Say anew when somebody is away; what has been stays as it was (REQ-OCC-4, seed 002).

    The result lists the booked visits to move. Raises NotFound, InvalidInput, InvalidRecurrence; StaleVersion
    where another version was expected.
    """
    found = get_time_off(actor.organization_id, time_off_id)
    occupancy.lock_resources(actor.organization_id, [found.resource_id])
    row = get_time_off(actor.organization_id, time_off_id)
    ensure_version(row, expected_version)
    details.check(zone_of(row))
    old = in_words_of_the_log(row)
    details.write_to(row)
    row.save()
    return settle(actor, row, Change.CHANGED, since=app_now(), old=old)
