"""Somebody is there after all."""

from uuid import UUID

from apps.availability import occupancy
from apps.availability.events import Change
from apps.availability.models import TimeOff
from apps.availability.time_off.changes import in_words_of_the_log, settle
from apps.availability.time_off.queries import get_time_off
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command


@command("availability.cancel_time_off")
def cancel_time_off(*, actor: Actor, time_off_id: UUID) -> TimeOff:
    """Free the rest of a time off, from now on; its past stays as history (REQ-OCC-4, seed 002).

    Raises NotFound, also where it was cancelled before.
    """
    found = get_time_off(actor.organization_id, time_off_id)
    occupancy.lock_resources(actor.organization_id, [found.resource_id])
    row = get_time_off(actor.organization_id, time_off_id)
    row.cancelled_at = app_now()
    row.save(update_fields=["cancelled_at", "updated_at"])
    settle(actor, row, Change.CANCELLED, since=row.cancelled_at, old=in_words_of_the_log(row))
    return row
