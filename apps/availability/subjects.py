"""How the audit log names places and who works there."""

from collections.abc import Iterable
from uuid import UUID

from apps.audit.log import Subject
from apps.availability.models import Location, Resource


def subject_of_location(location: Location, resource_ids: Iterable[UUID] = ()) -> Subject:
    """A location, and whose time a change of it concerned."""
    return Subject(
        type="availability.location",
        id=location.id,
        location_id=location.id,
        resource_ids=tuple(sorted(resource_ids)),
    )


def subject_of_resource(resource: Resource) -> Subject:
    """A person, room, piece of equipment or pool."""
    return Subject(
        type="availability.resource",
        id=resource.id,
        location_id=resource.location_id,
        resource_ids=(resource.id,),
    )
