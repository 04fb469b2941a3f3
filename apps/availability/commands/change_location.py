"""A branch changes its name, its clock or its state, and its slots with it."""

from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.availability.models import Location
from apps.availability.places.changes import LocationChanges, apply, lock_location, resource_ids_at
from apps.availability.places.events import LocationChanged
from apps.availability.slots.regeneration import regenerate, repaint_time_off
from apps.availability.subjects import subject_of_location
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.outbox import publish
from apps.core.versions import ensure_version


@command("availability.change_location")
def change_location(
    *, actor: Actor, location_id: UUID, changes: LocationChanges, expected_version: int | None = None
) -> Location:
    """Change what is named; the same values again change nothing (REQ-ADM-3).

    Another zone moves hours and time off, which are wall time, and never a visit: who has booked comes at
    the same instant as before. A location that is switched on again gets its slots.
    Raises NotFound, LocationNameTaken; StaleVersion where another version was expected.
    """
    resources = occupancy.lock_resources(
        actor.organization_id, resource_ids_at(actor.organization_id, location_id)
    )
    location = lock_location(actor.organization_id, location_id)
    ensure_version(location, expected_version)
    difference = apply(location, changes)
    if not difference:
        return location
    location.save(update_fields=[*difference.new, "updated_at"])
    if "timezone" in difference:
        repaint_time_off(location, resources.values())
    if "timezone" in difference or "active" in difference:
        regenerate(location, resources.values())
    audit.record(
        actor,
        "availability.location.changed",
        subject=subject_of_location(location, resources),
        old=difference.old,
        new=difference.new,
    )
    publish(LocationChanged(organization_id=location.organization_id, location_id=location.id))
    return location
