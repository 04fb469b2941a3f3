"""What happens to places and to who works there, as others hear of it (docs/events.md)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationEvent(DomainEvent):
    """Something about one location."""

    location_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationCreated(LocationEvent):
    """There is a new location, with its pool."""

    name: ClassVar[str] = "location.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationChanged(LocationEvent):
    """A location has another name, zone or state; its slots have followed."""

    name: ClassVar[str] = "location.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceEvent(DomainEvent):
    """Something about one resource."""

    location_id: UUID
    resource_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceCreated(ResourceEvent):
    """Somebody or something new can be booked."""

    name: ClassVar[str] = "resource.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChanged(ResourceEvent):
    """A resource has another name, skill, buffer, cap or state; its slots have followed."""

    name: ClassVar[str] = "resource.changed"
