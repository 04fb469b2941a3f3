"""Values that pass between availability and its callers. All datetimes are aware and in UTC."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from apps.content.models import BookingService


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNeed:
    """What a visit asks of a resource. Where something is None, the next wider scope decides it."""

    duration: timedelta | None = None
    buffer_before: timedelta | None = None
    buffer_after: timedelta | None = None
    skills: tuple[str, ...] = ()
    party: int = 1
    may_split: bool = False

    @classmethod
    def of(cls, service: BookingService | None, *, party: int = 1) -> "VisitNeed":
        """The need of a service; without one, a visit as long as its slot."""
        if service is None:
            return cls(party=party)
        return cls(
            duration=timedelta(minutes=service.duration_minutes),
            buffer_before=minutes_or_none(service.buffer_before_minutes),
            buffer_after=minutes_or_none(service.buffer_after_minutes),
            skills=tuple(service.required_skills),
            party=party,
            may_split=service.may_split,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWindow:
    """From when until when a start may be booked; both ends are allowed."""

    earliest: datetime
    latest: datetime

    def allows(self, start: datetime) -> bool:
        """Whether a visit may begin then."""
        return self.earliest <= start <= self.latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A start time that can be held right now, with one resource. `date` is the location's."""

    start_at: datetime
    end_at: datetime
    date: date
    slot_id: UUID
    resource_id: UUID
    resource_name: str
    capacity: int
    seats: int


def minutes_or_none(minutes: int | None) -> timedelta | None:
    """Minutes as a length of time; None stays None."""
    return None if minutes is None else timedelta(minutes=minutes)
