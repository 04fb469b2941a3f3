"""What happens to routing rules, as others hear of it (docs/events.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRulesChanged(DomainEvent):
    """Pages may open other flows from now on."""

    name: ClassVar[str] = "routing.rules_changed"

    rule_ids: Sequence[UUID]
