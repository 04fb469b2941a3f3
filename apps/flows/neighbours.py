"""What flows must know of the layers above them, which say how to find out when Django starts.

A lower app never imports a higher one; so what looks at a business's locations, and at what leads to a flow,
is registered here (availability/apps.py, routing/apps.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

Locations = Mapping[UUID, str]
_locations: list[Callable[[UUID], Locations]] = []
_users: list[Callable[[UUID, UUID], Sequence["Use"]]] = []


@dataclass(frozen=True, slots=True)
class Use:
    """Something that leads to a flow, in words, such as “the routing rule 1. /plumbing and below”."""

    words: str
    id: UUID


def register_locations(find: Callable[[UUID], Locations]) -> None:
    """Say how an organization's locations are found: names by id."""
    _locations.append(find)


def register_users(find: Callable[[UUID, UUID], Sequence[Use]]) -> None:
    """Say how to find what leads to a flow, by its organization's id and its own."""
    _users.append(find)


def locations_of(organization_id: UUID) -> dict[UUID, str]:
    """The organization's locations, names by id."""
    return {place_id: name for find in _locations for place_id, name in find(organization_id).items()}


def uses_of(organization_id: UUID, flow_id: UUID) -> list[Use]:
    """Everything that leads to the flow."""
    return [use for find in _users for use in find(organization_id, flow_id)]
