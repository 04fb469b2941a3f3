"""What callers hand to the commands. All datetimes are aware."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.availability.planner import Mode
from apps.bookings.models import Identity, Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWanted:
    """A slot by its id; or a start at a location, with one person or with anybody who can."""

    slot_id: UUID | None = None
    location_id: UUID | None = None
    start_at: datetime | None = None
    resource_id: UUID | None = None
    service_id: UUID | None = None
    party_size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWanted:
    """One service of a visit, by somebody in particular or by anybody who can.

    `custom_price` is what this customer pays instead of the service's price.
    """

    service_id: UUID
    resource_id: UUID | None = None
    custom_price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitWanted:
    """A visit of several services at a start, as the planner shows them (seed 002)."""

    location_id: UUID
    start_at: datetime
    services: tuple[ServiceWanted, ...]
    mode: Mode = Mode.CHAIN
    same_person: bool = False
    max_gap: timedelta = timedelta(0)
    party_size: int = 1


Wanted = TimeWanted | VisitWanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The path that a visitor took through the question graph of a flow's version."""

    flow_version_id: UUID
    node_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDetails:
    """Who books, and what else they said. Notes and answers are sealed with the customer's key.

    `user_id` is the account of a customer who has signed in.
    """

    customer: Identity
    preferences: Preferences | None = None
    user_id: UUID | None = None
    notes: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    selection: Selection | None = None

    def intake(self) -> dict[str, Any]:
        """What is sealed; empty where nothing was said."""
        given = {"notes": self.notes, "answers": dict(self.answers)}
        return {key: value for key, value in given.items() if value}
