"""Domain events, and the shape of the map that says what follows them."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEvent:
    """Something that has happened in one organization. Its fields are ids, times and enums: no PII."""

    name: ClassVar[str]
    version: ClassVar[int] = 1

    organization_id: UUID

    def payload(self) -> dict[str, Any]:
        """The fields as JSON types: ids as text, days and times as ISO 8601, times in UTC."""
        return {field.name: _jsonable(getattr(self, field.name)) for field in dataclasses.fields(self)}


def _jsonable(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Message:
    """What the relay hands to a reaction: an event as it was written to the outbox."""

    id: UUID
    organization_id: UUID | None
    name: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reactions:
    """What follows one kind of event.

    `in_transaction` commits or rolls back with the event itself; `after_commit` is delivered by the
    outbox, at least once, so each must bear being run twice.
    """

    in_transaction: Sequence[Callable[[Any], None]] = ()
    after_commit: Sequence[Callable[[Message], None]] = ()
