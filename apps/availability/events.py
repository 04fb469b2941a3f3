"""What happens to working time, as others hear of it (docs/events.md)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from apps.core.events import DomainEvent


class Change(StrEnum):
    """What was done."""

    ADDED = "added"
    CHANGED = "changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffChanged(DomainEvent):
    """Somebody is away, at another time, or not any more; the calendar has followed."""

    name: ClassVar[str] = "time_off.changed"

    time_off_id: UUID
    resource_id: UUID
    location_id: UUID
    change: Change
