"""What staff change about a place or somebody who works there: only what is named, and what it was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, Final
from uuid import UUID

from django.db.models import Model
from django.db.models.fields.files import FieldFile

from apps.availability.models import Location, Resource
from apps.core.errors import NotFound


class Unset(Enum):
    """The type of UNSET: not named, so it stays. None would say “empty”."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationChanges:
    """The fields of a location that have new values."""

    name: str | Unset = UNSET
    timezone: str | Unset = UNSET
    address: str | Unset = UNSET
    phone_number: str | Unset = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChanges:
    """The fields of a resource that have new values. Empty buffers and caps mean: as a wider scope has it."""

    name: str | Unset = UNSET
    skills: Sequence[str] | Unset = UNSET
    buffer_before_minutes: int | Unset | None = UNSET
    buffer_after_minutes: int | Unset | None = UNSET
    daily_cap: int | Unset | None = UNSET
    # Its name where photos are kept; empty takes it away.
    photo: str | Unset = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change really changed, for the log."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]

    def __bool__(self) -> bool:
        return bool(self.new)

    def __contains__(self, name: str) -> bool:
        return name in self.new


def apply(row: Model, changes: LocationChanges | ResourceChanges) -> Difference:
    """Give a row its new values, without saving it; says which of them differ."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for field in fields(changes):
        value = getattr(changes, field.name)
        before = getattr(row, field.name)
        before = before.name or "" if isinstance(before, FieldFile) else before
        value = list(value) if isinstance(before, list) and value is not UNSET else value
        if value is not UNSET and value != before:
            old[field.name], new[field.name] = before, value
            setattr(row, field.name, value)
    return Difference(old, new)


def lock_location(organization_id: UUID, location_id: UUID) -> Location:
    """A location's row, locked after its resources (docs/locking.md). Raises NotFound."""
    location = (
        Location.objects.for_organization(organization_id)
        .filter(id=location_id)
        .select_for_update(no_key=True, of=("self",))
        .select_related("organization__policy")
        .first()
    )
    if location is None:
        raise NotFound("There is no such location.")
    return location


def resource_ids_at(organization_id: UUID, location_id: UUID) -> list[UUID]:
    """Everybody and everything at a location, also what is switched off."""
    rows = Resource.objects.for_organization(organization_id).filter(location_id=location_id)
    return list(rows.values_list("id", flat=True))
