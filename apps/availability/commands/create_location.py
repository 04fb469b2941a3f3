"""A new branch, with the pool that stands for its places."""

from apps.audit import log as audit
from apps.availability.models import Location, Resource, ResourceKind, SellsFrom
from apps.availability.places.events import LocationCreated
from apps.availability.subjects import subject_of_location
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.outbox import publish
from apps.organizations.models import Organization


@command("availability.create_location")
def create_location(
    *,
    actor: Actor,
    name: str,
    timezone: str | None = None,
    sells_from: str = SellsFrom.POOL,
    address: str = "",
    phone_number: str = "",
    active: bool = True,
    pool_capacity: int = 1,
) -> Location:
    """Open a location and its pool (REQ-ADM-3). Without a zone it has the organization's.

    It has no slots before it has hours. Raises LocationNameTaken.
    """
    organization = Organization.objects.get(id=actor.organization_id)
    location = Location.objects.create(
        organization=organization,
        name=name,
        timezone=timezone or organization.timezone,
        sells_from=sells_from,
        address=address,
        phone_number=phone_number,
        active=active,
    )
    pool = Resource.objects.create(
        organization=organization,
        location=location,
        kind=ResourceKind.POOL,
        name=f"{name}: pool"[:120],
        capacity=pool_capacity,
    )
    audit.record(
        actor,
        "availability.location.created",
        subject=subject_of_location(location, [pool.id]),
        new={"name": name, "timezone": location.timezone, "sells_from": sells_from, "active": active},
    )
    publish(LocationCreated(organization_id=organization.id, location_id=location.id))
    return location
