"""Free starts of one resource: what every list of times is made of (DESIGN §5).

Functions of values: arithmetic on sorted numbers. Times are in microseconds and days in days, both since
PostgreSQL's epoch, the first moment of 2000 in UTC; days are the location's. A set of slots is one integer:
its bit n stands for the calendar's n-th slot.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date().toordinal()
# PostgreSQL's 'infinity': of what does not end, and of what is no visit.
NEVER = 2**63 - 1
Span = tuple[int, int]


def micros(moment: datetime) -> int:
    """An aware datetime as microseconds since PostgreSQL's epoch."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(value: int) -> datetime:
    """Microseconds since PostgreSQL's epoch as a UTC datetime."""
    return EPOCH + timedelta(microseconds=value)


@lru_cache(maxsize=4096)
def day_of(value: int) -> date:
    """Days since PostgreSQL's epoch as a date."""
    return date.fromordinal(EPOCH_DAY + value)


def merged(spans: Iterable[Span], *, within: Span) -> list[Span]:
    """What these periods cover of another one, in order; those that touch are joined."""
    joined: list[Span] = []
    for begins, ends in sorted((max(span[0], within[0]), min(span[1], within[1])) for span in spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(ends, joined[-1][1])
        elif begins < ends:
            joined.append((begins, ends))
    return joined


def run_of(first: int, end: int) -> int:
    """The places from the first to before the end."""
    return ((1 << (end - first)) - 1) << first if end > first else 0


def lowest(mask: int) -> int:
    """The first place of a set that isn't empty."""
    return (mask & -mask).bit_length() - 1


def places_in(mask: int) -> Iterator[int]:
    """The places of a set, in order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class Event(NamedTuple):
    """Something that takes seats, buffers included. A daily cap counts those that have a `visit` start."""

    begins: int
    ends: int
    seats: int
    visit: int
    expires: int

    def meets(self, begins: int, ends: int) -> bool:
        """Whether they share a moment."""
        return self.begins < ends and self.ends > begins


class Opening(NamedTuple):
    """A start that can be held, with one resource."""

    start: int
    end: int
    day: int
    slot_id: bytes
    capacity: int
    seats: int


@dataclass(frozen=True, kw_only=True)
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

    @cached_property
    def id_text(self) -> str:
        """The resource's id as it goes out."""
        return str(self.resource_id)


@dataclass(frozen=True, eq=False)
class Slots:
    """Slots in order of their starts. People who share their hours share this.

    `ends` and `capacities` may be empty where every visit is of one length and takes the one seat.
    """

    starts: Sequence[int]
    days: Sequence[int]
    ends: Sequence[int]
    capacities: Sequence[int]

    @cached_property
    def longest(self) -> int:
        """The longest slot."""
        return max((end - start for start, end in zip(self.starts, self.ends, strict=True)), default=0)

    def between(self, earliest: int, latest: int) -> Span:
        """Those that start from the earliest to the latest moment, both allowed, as a run."""
        return bisect_left(self.starts, earliest), bisect_right(self.starts, latest)


@dataclass(frozen=True, eq=False)
class Calendar:
    """A resource's slots, their ids (sixteen bytes each, or none), and what occupies it, by its beginning."""

    slots: Slots
    ids: bytes
    events: Sequence[Event]

    @cached_property
    def first_expiry(self) -> int:
        """When the first of its holds ends, or NEVER."""
        return min(map(itemgetter(4), self.events), default=NEVER)

    def with_events(self, events: Sequence[Event], begins: int, ends: int) -> "Calendar":
        """The same with these events instead of those that met the period; they are all that meet it now."""
        others = [event for event in self.events if event[1] <= begins or event[0] >= ends]
        return Calendar(self.slots, self.ids, sorted([*others, *events]))


@dataclass(frozen=True, slots=True)
class Free:
    """The slots of a calendar at which a visit fits; `seats` where they aren't the usual ones.

    `fitting` are those that suit the terms whatever else is there.
    """

    terms: Terms
    calendar: Calendar
    fitting: int
    mask: int
    seats: Mapping[int, int]

    def opening(self, place: int) -> Opening:
        """The opening at a place."""
        slots, terms = self.calendar.slots, self.terms
        start, limit = slots.starts[place], slots.capacities[place]
        return Opening(
            start=start,
            end=slots.ends[place] if terms.duration is None else start + terms.duration,
            day=slots.days[place],
            slot_id=self.calendar.ids[place * 16 : place * 16 + 16],
            capacity=limit,
            seats=self.seats.get(place, min(limit, terms.capacity)),
        )

    def after_change(self, events: Sequence[Event], begins: int, ends: int) -> "Free":
        """What is free when these events are all that meets a period, and nothing outside it has changed."""
        calendar = self.calendar.with_events(events, begins, ends)
        if self.terms.daily_cap is not None:  # a visit counts for all of its day
            return free_in(calendar, self.terms, fitting=self.fitting)
        near = run_of(*_met_by(calendar.slots, self.terms, begins, ends))
        mask, seats = _with_room(calendar, self.terms, self.fitting & near)
        kept = {place: left for place, left in self.seats.items() if not near >> place & 1}
        return Free(self.terms, calendar, self.fitting, self.mask & ~near | mask, kept | seats)


def free_in(calendar: Calendar, terms: Terms, *, fitting: int | None = None) -> Free:
    """The slots at which the visit fits, whatever the time is now."""
    if fitting is None:
        fitting = _within_work(calendar.slots, terms)
    mask, seats = _with_room(calendar, terms, fitting)
    if terms.daily_cap is not None:
        mask = _without_full_days(calendar, terms, mask)
    return Free(terms, calendar, fitting, mask, seats)


def _within_work(slots: Slots, terms: Terms) -> int:
    """The slots whose whole visit lies in one stretch of working time, and that seat the party when empty."""
    starts, duration, mask = slots.starts, terms.duration, 0
    for begins, closes in terms.working:
        first = bisect_left(starts, begins)
        end = bisect_right(starts, closes if duration is None else closes - duration)
        run = run_of(first, end)
        if duration is None:
            run = _only(run, [place for place in range(first, end) if slots.ends[place] <= closes])
        mask |= run
    if terms.party > 1:
        mask = _only(mask, [place for place in places_in(mask) if slots.capacities[place] >= terms.party])
        mask = mask if terms.capacity >= terms.party else 0
    return mask


def _only(mask: int, places: Sequence[int]) -> int:
    if mask.bit_count() == len(places):
        return mask
    return sum(1 << place for place in places)


def _met_by(slots: Slots, terms: Terms, begins: int, ends: int) -> tuple[int, int]:
    """The slots whose visit, buffers included, meets a period: the first, and the one behind the last.

    Some more where slots differ in length.
    """
    longest = slots.longest if terms.duration is None else terms.duration
    return (
        bisect_right(slots.starts, begins - longest - terms.after),
        bisect_left(slots.starts, ends + terms.before),
    )


def _with_room(calendar: Calendar, terms: Terms, candidates: int) -> tuple[int, dict[int, int]]:
    """The candidates with room for the party, and what is left where something else is there."""
    if not candidates:
        return 0, {}
    slots, busy = calendar.slots, 0
    first, last = slots.starts[lowest(candidates)], slots.starts[candidates.bit_length() - 1]
    longest = slots.longest if terms.duration is None else terms.duration
    begins, ends = first - terms.before, last + longest + terms.after
    near = [event for event in calendar.events if event.begins < ends and event.ends > begins]
    for event in near:
        busy |= run_of(*_met_by(slots, terms, event.begins, event.ends))
    if terms.capacity == 1 and terms.duration is not None:
        return candidates & ~busy, {}  # one seat: whatever meets the visit takes it
    return _with_seats(calendar.slots, terms, near, candidates & busy, candidates & ~busy)


def _with_seats(
    slots: Slots, terms: Terms, events: Sequence[Event], busy: int, mask: int
) -> tuple[int, dict[int, int]]:
    """Add to a set those of the busy slots that have room for the party."""
    seats: dict[int, int] = {}
    longest = max((event.ends - event.begins for event in events), default=0)
    for place in places_in(busy):
        start, limit = slots.starts[place], slots.capacities[place]
        end = slots.ends[place] if terms.duration is None else start + terms.duration
        begins, ends = start - terms.before, end + terms.after
        first = bisect_left(events, begins - longest, key=_begins)
        near = events[first : bisect_left(events, ends, key=_begins)]
        left = min(limit, terms.capacity - _peak(near, begins, ends), limit - _peak(near, start, end))
        if left >= terms.party:
            mask |= 1 << place
            seats[place] = left
    return mask, seats


def _begins(event: Event) -> int:
    return event.begins


def _peak(events: Sequence[Event], begins: int, ends: int) -> int:
    """The most seats that are taken at one moment: use only rises where somebody begins."""
    inside = [event for event in events if event.meets(begins, ends)]
    moments = {max(event.begins, begins) for event in inside}
    return max(
        (sum(one.seats for one in inside if one.begins <= moment < one.ends) for moment in moments), default=0
    )


def _without_full_days(calendar: Calendar, terms: Terms, mask: int) -> int:
    """Leave out the location's days on which the resource has as many visits as it takes."""
    visits = Counter(_local_day(event.visit, terms) for event in calendar.events if event.visit != NEVER)
    full = {day for day, count in visits.items() if count >= (terms.daily_cap or 0)}
    if terms.daily_cap == 0:
        return 0
    starts = calendar.slots.starts
    return _only(
        mask, [place for place in places_in(mask) if not full or _local_day(starts[place], terms) not in full]
    )


def _local_day(start: int, terms: Terms) -> date:
    return moment_of(start).astimezone(terms.zone).date()
