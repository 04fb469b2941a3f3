"""What a calendar is asked, and what it answers. Datetimes are aware and in UTC, dates the location's."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from apps.availability.models import Location
from apps.availability.offering.exposure import DayPart
from apps.availability.offering.stamps import Stamp
from apps.content.models import BookingService
from apps.organizations.models import OrganizationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which times are asked for, as of a stamp. `resource_id` narrows them to one person."""

    organization_id: UUID
    policy: OrganizationPolicy
    location: Location
    stamp: Stamp
    service: BookingService
    resource_id: UUID | None = None
    party: int = 1


class Level(StrEnum):
    """How much a day has left."""

    NONE = "none"
    FEW = "few"
    MANY = "many"

    __hash__ = str.__hash__  # an Enum's own is written in Python, and every day of a month is looked up by it


class Day(NamedTuple):
    """A day of a month and how many starts it has."""

    date: date
    available: int
    level: Level


@dataclass(frozen=True, slots=True)
class Month:
    """A month's days, and the first date at all that has a start, in this month or later.

    `valid_until` is the moment up to which it holds if nothing changes; None means: never keep it.
    """

    days: tuple[Day, ...]
    next_available_date: date | None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who could come."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Timeslot:
    """A start, and everybody who is free for the whole visit then; nobody by name where a pool is sold."""

    start_at: datetime
    end_at: datetime
    day_part: DayPart
    seats: int
    resources: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Timeslots:
    """The starts of a day, in order; `valid_until` as of a month."""

    starts: tuple[Timeslot, ...]
    valid_until: datetime | None = None


class SchedulingStrategy(Protocol):
    """What every vendor's calendar can do for us."""

    def month_availability(self, question: Question, *, first: date, last: date) -> Month:
        """How much each day between two dates has left."""
        ...

    def date_timeslots(self, question: Question, *, day: date) -> Timeslots:
        """The starts of one day."""
        ...
