"""What happens to hours, as others hear of it (docs/events.md)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from apps.core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityRulesChanged(DomainEvent):
    """Hours of a location, or of one of its resources, were added, changed or removed.

    The dates are the location's. They bound the days on which slots may differ; None is without an end.
    """

    name: ClassVar[str] = "availability.rules_changed"

    location_id: UUID
    resource_id: UUID | None
    rule_ids: tuple[UUID, ...]
    first_date: date
    last_date: date | None
