"""Free starts of one resource: what every list of times is made of (DESIGN §5).

Functions of values: arithmetic on sorted numbers. Times are in microseconds and days in days, both since
PostgreSQL's epoch, the first moment of 2000 in UTC; days are the location's.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.core import prepared

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date().toordinal()


def micros(moment: datetime) -> int:
    """An aware datetime as microseconds since PostgreSQL's epoch."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(value: int) -> datetime:
    """Microseconds since PostgreSQL's epoch as a UTC datetime."""
    return EPOCH + timedelta(microseconds=value)


def day_of(value: int) -> date:
    """Days since PostgreSQL's epoch as a date."""
    return date.fromordinal(EPOCH_DAY + value)


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


class Calendar:
    """A resource's slots in order of their starts, what occupies it, and when the first of its holds ends.

    Made of a row of calendars.READ; columns that not every question needs are read when they are.
    """

    def __init__(self, row: prepared.Row) -> None:
        self._row = row
        self.starts = prepared.instants(row[1])
        self.days = prepared.days(row[3])
        self.first_expiry = prepared.instant(row[11])

    @cached_property
    def ends(self) -> Sequence[int]:
        """The slots' ends."""
        return prepared.instants(self._row[2])

    @cached_property
    def capacities(self) -> Sequence[int]:
        """How many at once each slot sells."""
        return prepared.small_numbers(self._row[4])

    @cached_property
    def slot_ids(self) -> Sequence[bytes]:
        """The slots' ids."""
        return prepared.ids(self._row[5])

    @cached_property
    def busy(self) -> Sequence[Busy]:
        """What takes seats."""
        starts, is_visit = prepared.instants(self._row[9]), prepared.numbers(self._row[10])
        columns = (self.taken[0], self.taken[1], prepared.numbers(self._row[8]), starts, is_visit)
        return [
            Busy(begins, ends, seats, start if counts else None)
            for begins, ends, seats, start, counts in zip(*columns, strict=True)
        ]

    @cached_property
    def taken(self) -> tuple[Sequence[int], Sequence[int]]:
        """From when until when something takes seats, buffers included."""
        return prepared.instants(self._row[6]), prepared.instants(self._row[7])


@dataclass(frozen=True, slots=True)
class Openings:
    """The slots of a calendar at which a visit fits, by place; `seats` where they aren't the usual ones."""

    calendar: Calendar
    terms: Terms
    places: Sequence[int]
    seats: Mapping[int, int]

    def between(self, earliest: int, latest: int) -> Sequence[int]:
        """The places from the earliest to the latest start, both allowed; `places` itself if that is all."""
        places, starts = self.places, self.calendar.starts
        if not places or (starts[places[0]] >= earliest and starts[places[-1]] <= latest):
            return places
        key = starts.__getitem__
        return places[bisect_left(places, earliest, key=key) : bisect_right(places, latest, key=key)]

    def at(self, place: int) -> Opening:
        """The opening at a place."""
        calendar, terms = self.calendar, self.terms
        start, limit = calendar.starts[place], calendar.capacities[place]
        return Opening(
            start=start,
            end=calendar.ends[place] if terms.duration is None else start + terms.duration,
            day=calendar.days[place],
            slot_id=calendar.slot_ids[place],
            capacity=limit,
            seats=self.seats.get(place, min(limit, terms.capacity)),
        )

    def days_and_starts(self, places: Sequence[int]) -> frozenset[tuple[int, int]]:
        """The day and the start of each of these places."""
        days, starts = self.calendar.days, self.calendar.starts
        if len(places) == len(starts):
            return frozenset(zip(days, starts, strict=True))
        return frozenset([(days[place], starts[place]) for place in places])


def openings(calendar: Calendar, terms: Terms, *, earliest: int, latest: int) -> Openings:
    """The starts from `earliest` to `latest` (both allowed) at which the visit fits."""
    places = _within_work(calendar, terms, earliest=earliest, latest=latest)
    seats: dict[int, int] = {}
    if terms.capacity == 1 and terms.duration is not None and terms.party == 1:
        # One seat: whatever meets the visit takes it.
        touched = _touched(calendar, terms)
        found = [place for place in places if place not in touched] if touched else list(places)
    else:
        found = list(_with_room(calendar, terms, places, seats))
    if terms.daily_cap is not None:
        full = _full_days(calendar, terms)
        found = [place for place in found if _local_day(calendar.starts[place], terms) not in full]
    return Openings(calendar, terms, found, seats)


def _within_work(calendar: Calendar, terms: Terms, *, earliest: int, latest: int) -> Iterator[int]:
    """The slots whose whole visit lies in one stretch of working time."""
    starts, duration = calendar.starts, terms.duration
    for begins, closes in terms.working:
        first = bisect_left(starts, max(begins, earliest))
        last = bisect_right(starts, min(latest, closes if duration is None else closes - duration))
        if duration is None:
            yield from (place for place in range(first, last) if calendar.ends[place] <= closes)
        else:
            yield from range(first, last)


def _touched(calendar: Calendar, terms: Terms) -> set[int]:
    """The slots whose visit, buffers included, meets something; some more where slots differ in length."""
    starts, longest = calendar.starts, terms.duration
    if longest is None:
        longest = max((end - start for start, end in zip(starts, calendar.ends, strict=True)), default=0)
    reach, before = longest + terms.after, terms.before
    touched: set[int] = set()
    for begins, ends in zip(*calendar.taken, strict=True):
        touched.update(range(bisect_right(starts, begins - reach), bisect_left(starts, ends + before)))
    return touched


def _with_room(
    calendar: Calendar, terms: Terms, places: Iterator[int], seats: dict[int, int]
) -> Iterator[int]:
    """The places with room for the party; what is left where something else is there goes into `seats`."""
    touched = _touched(calendar, terms)
    busy = sorted(calendar.busy, key=_begins)
    longest = max((one.ends - one.begins for one in busy), default=0)
    for place in places:
        start, limit = calendar.starts[place], calendar.capacities[place]
        left = min(limit, terms.capacity)
        if place in touched:
            end = calendar.ends[place] if terms.duration is None else start + terms.duration
            begins, ends = start - terms.before, end + terms.after
            first = bisect_left(busy, begins - longest, key=_begins)
            near = busy[first : bisect_left(busy, ends, key=_begins)]
            left = seats[place] = max(
                0, min(terms.capacity - _peak(near, begins, ends), limit - _peak(near, start, end))
            )
        if left >= terms.party:
            yield place


def _begins(busy: Busy) -> int:
    return busy.begins


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
