"""What happens to flows, as others hear of it (docs/events.md)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPublished(DomainEvent):
    """Customers see a new version from now on; sessions that have begun keep theirs."""

    name: ClassVar[str] = "flow.published"

    flow_id: UUID
    flow_version_id: UUID
    number: int
