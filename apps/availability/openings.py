"""Free starts of many resources at once: what every list of times is made of (DESIGN §5).

Functions of values: arithmetic on sorted numbers. Times are microseconds since the Unix epoch, days are
proleptic ordinals of the location's calendar.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """An aware datetime as microseconds since the Unix epoch."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(value: int) -> datetime:
    """Microseconds since the Unix epoch as a UTC datetime."""
    return EPOCH + timedelta(microseconds=value)


class Busy(NamedTuple):
    """Something that takes seats; `start` is that of a visit, which a daily cap counts."""

    begins: int
    ends: int
    seats: int
    start: int | None


class Opening(NamedTuple):
    """A start that can be held, with one resource."""

    start: int
    end: int
    day: int
    slot_id: bytes
    capacity: int
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a visit asks of one resource: this changes with settings only, not with bookings.

    `duration` is None where a visit is as long as its slot. `working` is in order and joined.
    """

    resource_id: UUID
    name: str
    capacity: int
    before: int
    after: int
    working: Sequence[tuple[int, int]]
    duration: int | None = None
    party: int = 1
    daily_cap: int | None = None
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """A resource's slots in order, what occupies it, and when the first of its holds ends."""

    starts: Sequence[int]
    ends: Sequence[int]
    days: Sequence[int]
    capacities: Sequence[int]
    slot_ids: Sequence[bytes]
    busy: Sequence[Busy]
    first_expiry: int | None


def openings(calendar: Calendar, terms: Terms, *, earliest: int, latest: int) -> list[Opening]:
    """The starts from `earliest` to `latest` (both allowed) at which the visit fits, in order."""
    touched = _touched(calendar, terms)
    full_days = _full_days(calendar, terms)
    found = []
    for index in _within_work(calendar, terms, earliest=earliest, latest=latest):
        start, limit = calendar.starts[index], calendar.capacities[index]
        end = calendar.ends[index] if terms.duration is None else start + terms.duration
        seats = min(limit, terms.capacity)
        if index in touched:
            seats = _seats_left(calendar.busy, terms, start=start, end=end, limit=limit)
        if seats < terms.party or (full_days and _local_day(start, terms) in full_days):
            continue
        found.append(Opening(start, end, calendar.days[index], calendar.slot_ids[index], limit, seats))
    return found


def _within_work(calendar: Calendar, terms: Terms, *, earliest: int, latest: int) -> Iterator[int]:
    """The slots whose whole visit lies in one stretch of working time."""
    starts, ends, duration = calendar.starts, calendar.ends, terms.duration
    for begins, closes in terms.working:
        first = bisect_left(starts, max(begins, earliest))
        last = bisect_right(starts, min(latest, closes if duration is None else closes - duration))
        if duration is None:
            yield from (index for index in range(first, last) if ends[index] <= closes)
        else:
            yield from range(first, last)


def _touched(calendar: Calendar, terms: Terms) -> set[int]:
    """The slots whose visit, buffers included, meets something: only these need a closer look."""
    if not calendar.busy or not calendar.starts:
        return set()
    longest = terms.duration
    if longest is None:
        longest = max(end - start for start, end in zip(calendar.starts, calendar.ends, strict=True))
    reach = longest + terms.after
    touched: set[int] = set()
    for busy in calendar.busy:
        first = bisect_right(calendar.starts, busy.begins - reach)
        touched.update(range(first, bisect_left(calendar.starts, busy.ends + terms.before)))
    return touched


def _seats_left(busy: Sequence[Busy], terms: Terms, *, start: int, end: int, limit: int) -> int:
    """The seats that are free over the visit and its buffers; of the slot's own count, over the visit."""
    begins, ends = start - terms.before, end + terms.after
    near = [one for one in busy if one.begins < ends and one.ends > begins]
    if not near:
        return min(limit, terms.capacity)
    return max(0, min(terms.capacity - _peak(near, begins, ends), limit - _peak(near, start, end)))


def _peak(busy: Sequence[Busy], begins: int, ends: int) -> int:
    """The most seats that are taken at one moment: use only rises where somebody begins."""
    inside = [one for one in busy if one.begins < ends and one.ends > begins]
    moments = {max(one.begins, begins) for one in inside}
    return max(
        (sum(one.seats for one in inside if one.begins <= moment < one.ends) for moment in moments), default=0
    )


def _full_days(calendar: Calendar, terms: Terms) -> set[date]:
    """The location's days on which the resource has as many visits as it takes."""
    if terms.daily_cap is None:
        return set()
    visits = Counter(_local_day(one.start, terms) for one in calendar.busy if one.start is not None)
    return {day for day, count in visits.items() if count >= terms.daily_cap}


def _local_day(start: int, terms: Terms) -> date:
    return moment_of(start).astimezone(terms.zone).date()
