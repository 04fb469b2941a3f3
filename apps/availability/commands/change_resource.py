"""Somebody learns something new, takes longer between visits, goes, or comes back."""

from uuid import UUID

from django.db.models import F

from apps.audit import log as audit
from apps.availability import occupancy
from apps.availability.models import Resource
from apps.availability.places.changes import ResourceChanges, apply, lock_location
from apps.availability.places.events import ResourceChanged
from apps.availability.slots.regeneration import regenerate
from apps.availability.subjects import subject_of_resource
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.core.outbox import publish
from apps.core.versions import ensure_version


@command("availability.change_resource")
def change_resource(
    *,
    actor: Actor,
    resource_id: UUID,
    changes: ResourceChanges,
    kind: str | None = None,
    expected_version: int | None = None,
) -> Resource:
    """Change what is named; the same values again change nothing (REQ-ADM-3).

    Who is switched off takes no new bookings; free slots go, and those that somebody has are closed.
    Raises NotFound, also where `kind` is given and it is of another one; StaleVersion where another version
    was expected.
    """
    resource = occupancy.lock_resources(actor.organization_id, [resource_id])[resource_id]
    if kind is not None and resource.kind != kind:
        raise NotFound("There is no such person or resource.")
    ensure_version(resource, expected_version)
    difference = apply(resource, changes)
    if not difference:
        return resource
    resource.save(update_fields=[*difference.new, "updated_at"])
    # Answers that were kept for the version before may name the wrong people or times.
    Resource.objects.for_organization(actor.organization_id).filter(id=resource_id).update(
        version=F("version") + 1
    )
    if "active" in difference:
        regenerate(lock_location(actor.organization_id, resource.location_id), [resource])
    audit.record(
        actor,
        "availability.resource.changed",
        subject=subject_of_resource(resource),
        old=difference.old,
        new=difference.new,
    )
    publish(
        ResourceChanged(
            organization_id=resource.organization_id,
            location_id=resource.location_id,
            resource_id=resource.id,
        )
    )
    return resource
