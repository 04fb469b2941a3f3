"""Somebody starts to work at a branch, or it gets a room or a piece of equipment."""

from collections.abc import Sequence
from uuid import UUID

from apps.audit import log as audit
from apps.availability.models import Resource, ResourceKind
from apps.availability.places.changes import lock_location
from apps.availability.places.events import ResourceCreated
from apps.availability.slots.regeneration import regenerate
from apps.availability.subjects import subject_of_resource
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.core.outbox import publish


@command("availability.create_resource")
def create_resource(
    *,
    actor: Actor,
    location_id: UUID,
    kind: str,
    name: str,
    skills: Sequence[str] = (),
    capacity: int = 1,
    buffer_before_minutes: int | None = None,
    buffer_after_minutes: int | None = None,
    daily_cap: int | None = None,
    photo: str = "",
    active: bool = True,
) -> Resource:
    """Add a resource; a person has the location's hours at once, where it sells from people (REQ-ADM-3).

    `photo` is its name where photos are kept. Raises NotFound for the location, InvalidInput for a second
    pool.
    """
    location = lock_location(actor.organization_id, location_id)
    if kind == ResourceKind.POOL:
        raise InvalidInput({"kind": ["Every location has its pool already."]})
    resource = Resource.objects.create(
        organization=location.organization,
        location=location,
        kind=kind,
        name=name,
        skills=list(skills),
        capacity=capacity,
        buffer_before_minutes=buffer_before_minutes,
        buffer_after_minutes=buffer_after_minutes,
        daily_cap=daily_cap,
        photo=photo,
        active=active,
    )
    regenerate(location, [resource])
    audit.record(
        actor,
        "availability.resource.created",
        subject=subject_of_resource(resource),
        new={"name": name, "kind": kind, "skills": list(skills), "capacity": capacity, "active": active},
    )
    publish(
        ResourceCreated(
            organization_id=location.organization_id, location_id=location.id, resource_id=resource.id
        )
    )
    return resource
