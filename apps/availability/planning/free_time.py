"""Where on one resource a visit fits: the algebra below the planner, as functions of values (DESIGN §5).

All datetimes are aware and in UTC; only a day, on which a cap counts, is the location's.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.lanes import Occupant, Period, peak_in_use

BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One line of a visit: a service, for how many, and by whom if that matters.

    Buffers that are None are the resource's own. A line that `may_split` is worked off over several stretches
    of working time where one does not hold it, no piece shorter than `minimum_piece`, and all of them
    within `split_within` of its start.
    """

    duration: timedelta
    skills: frozenset[str] = frozenset()
    buffer_before: timedelta | None = None
    buffer_after: timedelta | None = None
    party: int = 1
    resource_id: UUID | None = None
    may_split: bool = False
    minimum_piece: timedelta = timedelta(minutes=30)
    split_within: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A resource with its time: when it works, what occupies it, and where its starts lie.

    `grid` maps each start to the seats that its slot sells. `visits` counts those of each of the location's
    days, for the daily cap. `occupants` have their buffers in their periods.
    """

    id: UUID
    working: Sequence[Period]
    grid: Mapping[datetime, int]
    occupants: Sequence[Occupant] = ()
    skills: frozenset[str] = frozenset()
    capacity: int = 1
    buffer_before: timedelta = NOTHING
    buffer_after: timedelta = NOTHING
    daily_cap: int | None = None
    visits: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of one line on one resource; `occupied` is the visit with its buffers."""

    line: int
    resource_id: UUID
    visit: Period
    occupied: Period
    party: int

    @property
    def mark(self) -> tuple[datetime, UUID]:
        """What makes orders stable: when, then who."""
        return self.visit.start, self.resource_id


class FreeTime:
    """One worker's free time, asked many times: what depends only on the worker is computed once."""

    def __init__(self, worker: Worker, zone: ZoneInfo) -> None:
        self.worker = worker
        self.zone = zone
        self.starts = sorted(worker.grid)
        self._work_begins = [period.start for period in worker.working]
        self._rooms: dict[int, list[Period]] = {}

    def could_do(self, wanted: Wanted) -> bool:
        """Whether this worker comes into question at all."""
        return (
            wanted.resource_id in {None, self.worker.id}
            and wanted.skills <= self.worker.skills
            and wanted.party <= self.worker.capacity
        )

    def buffers(self, wanted: Wanted) -> tuple[timedelta, timedelta]:
        """The time to keep free before and after: the line's, else the worker's."""
        before, after = wanted.buffer_before, wanted.buffer_after
        return (
            self.worker.buffer_before if before is None else before,
            self.worker.buffer_after if after is None else after,
        )

    def starts_between(self, first: datetime, last: datetime) -> list[datetime]:
        """The grid's starts after `first`, up to and with `last`."""
        return self.starts[bisect_right(self.starts, first) : bisect_right(self.starts, last)]

    def stretch_at(self, moment: datetime) -> Period | None:
        """The working time in which this moment lies."""
        index = bisect_right(self._work_begins, moment) - 1
        if index < 0 or self.worker.working[index].end <= moment:
            return None
        return self.worker.working[index]

    def fit(
        self, wanted: Wanted, line: int, start: datetime, own: Sequence[Segment]
    ) -> tuple[Segment, ...] | None:
        """The segments of a line that begins at `start`: one, or its pieces where it may be split.

        `own` are the visit's other segments on this worker. None where it doesn't fit.
        """
        stretch = self.stretch_at(start)
        if stretch is None:
            return None
        if start + wanted.duration <= stretch.end or not wanted.may_split:
            whole = self._segment(wanted, line, start, wanted.duration)
            return (whole,) if self._fits(whole, own) else None
        return self._split(wanted, line, start, own)

    def _split(
        self, wanted: Wanted, line: int, start: datetime, own: Sequence[Segment]
    ) -> tuple[Segment, ...] | None:
        """Work off a line in pieces: each to the end of its working time, then on at the next that fits."""
        pieces: list[Segment] = []
        left, candidates = wanted.duration, [start]
        while left > NOTHING:
            taken = [*own, *pieces]
            piece = next(
                (found for at in candidates if (found := self._piece(wanted, line, at, left, taken))), None
            )
            if piece is None:
                return None
            pieces.append(piece)
            left -= piece.visit.end - piece.visit.start
            candidates = self.starts_between(
                piece.visit.end - timedelta.resolution, start + wanted.split_within
            )
        return tuple(pieces)

    def _piece(
        self, wanted: Wanted, line: int, start: datetime, left: timedelta, own: Sequence[Segment]
    ) -> Segment | None:
        stretch = self.stretch_at(start)
        if stretch is None:
            return None
        length = min(left, stretch.end - start)
        if NOTHING < left - length < wanted.minimum_piece:
            length = left - wanted.minimum_piece  # or the last piece would be too short
        if length < min(left, wanted.minimum_piece):
            return None
        piece = self._segment(wanted, line, start, length)
        return piece if self._fits(piece, own) else None

    def _segment(self, wanted: Wanted, line: int, start: datetime, length: timedelta) -> Segment:
        before, after = self.buffers(wanted)
        return Segment(
            line=line,
            resource_id=self.worker.id,
            visit=Period(start, start + length),
            occupied=Period(start - before, start + length + after),
            party=wanted.party,
        )

    def _fits(self, segment: Segment, own: Sequence[Segment]) -> bool:
        stretch = self.stretch_at(segment.visit.start)
        if stretch is None or segment.visit.end > stretch.end:
            return False
        if self.cap_left(self.day_of(segment), own) < 1:
            return False
        capacity, limit = self.worker.capacity, self._seats_at(segment.visit.start, stretch)
        if stretch_of(self._room(capacity - segment.party), segment.occupied) is None:
            return False
        if limit < capacity and stretch_of(self._room(limit - segment.party), segment.visit) is None:
            return False
        near = [other for other in own if other.occupied.overlaps(segment.occupied)]
        return not near or self._fits_beside(segment, near, limit)

    def _fits_beside(self, segment: Segment, own: Sequence[Segment], limit: int) -> bool:
        """Whether it fits once more, now with the visit's own other segments counted."""
        everyone = [
            *(o for o in self.worker.occupants if o.period.overlaps(segment.occupied)),
            *(Occupant(UUID(int=0), other.occupied, tuple(range(other.party))) for other in own),
        ]
        return (
            peak_in_use(everyone, segment.occupied) + segment.party <= self.worker.capacity
            and peak_in_use(everyone, segment.visit) + segment.party <= limit
        )

    def day_of(self, segment: Segment) -> date:
        """The location's day on which a segment counts against the cap."""
        return segment.visit.start.astimezone(self.zone).date()

    def cap_left(self, day: date, own: Sequence[Segment]) -> float:
        """How many more visits this worker takes on a day, after the visit's own; infinite without a cap."""
        if self.worker.daily_cap is None:
            return float("inf")
        mine = sum(self.day_of(segment) == day for segment in own)
        return self.worker.daily_cap - self.worker.visits.get(day, 0) - mine

    def _seats_at(self, moment: datetime, stretch: Period) -> int:
        """How many are served at once: off the grid, as many as at the last start before in that stretch."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0 or self.starts[index] < stretch.start:
            return self.worker.capacity
        return self.worker.grid[self.starts[index]]

    def slack(self, first: Segment, last: Segment) -> tuple[timedelta, timedelta]:
        """The free time left before and after a block of touching segments, in its own working time.

        Up to the next thing that leaves too few seats for the party, or to the end of work.
        """
        rooms = self._room(self.worker.capacity - first.party)
        before, after = stretch_of(rooms, first.occupied), stretch_of(rooms, last.occupied)
        work_before, work_after = self.stretch_at(first.visit.start), self.stretch_at(last.visit.start)
        if before is None or after is None or work_before is None or work_after is None:
            return NOTHING, NOTHING
        return (
            max(NOTHING, first.occupied.start - max(before.start, work_before.start)),
            max(NOTHING, min(after.end, work_after.end) - last.occupied.end),
        )

    def _room(self, most: int) -> list[Period]:
        """Every period, as long as can be, in which no more than so many seats are taken."""
        if most not in self._rooms:
            self._rooms[most] = room(self.worker.occupants, most)
        return self._rooms[most]


def room(occupants: Iterable[Occupant], most: int) -> list[Period]:
    """The periods, in order and as long as can be, in which at most `most` seats are in use."""
    if most < 0:
        return []
    changes: dict[datetime, int] = {}
    for occupant in occupants:
        if occupant.lanes and occupant.period.start < occupant.period.end:
            changes[occupant.period.start] = changes.get(occupant.period.start, 0) + len(occupant.lanes)
            changes[occupant.period.end] = changes.get(occupant.period.end, 0) - len(occupant.lanes)
    rooms: list[Period] = []
    since: datetime | None = BEGINNING
    used = 0
    for moment in sorted(changes):
        used += changes[moment]
        if used > most and since is not None:
            rooms.append(Period(since, moment))
            since = None
        elif used <= most and since is None:
            since = moment
    return rooms if since is None else [*rooms, Period(since, END)]


def stretch_of(periods: Sequence[Period], inner: Period) -> Period | None:
    """The one of these (ordered, apart) periods that holds all of `inner`."""
    index = bisect_right(periods, inner.start, key=lambda period: period.start) - 1
    if index < 0 or inner.end > periods[index].end:
        return None
    return periods[index]
