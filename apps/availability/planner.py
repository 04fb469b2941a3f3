"""Visits of several services: who does what, and when (DESIGN §5, seed 002). Pure interval algebra.

`plan` finds for each possible start the best itinerary and ranks them: the least waiting first, then the
least broken-up day, then the earliest, then by ids. It is a dynamic programme over (line, moment, who), not
a walk through all combinations: for S starts, L lines, R workers and G moments at which a line may begin (1;
with a gap allowed, also the grid within it) it asks S·L·R·G² times at most whether a line fits, each in
O(log n) of what is on that calendar. Only what a visit does to itself makes more states: its own buffers that
reach over a line in between, and daily caps that it is about to use up. So there is a bound: after
`MAX_STEPS` tries for one start the search takes the first whole itinerary that it finds, and after twice as
many it gives that start up.

Lines in parallel are an assignment: of each line only its L cheapest workers can be part of the best one
(the others can take L − 1 of them at most).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.free_time import NOTHING, FreeTime, Segment, Wanted, Worker

MAX_LINES = 8
MAX_STEPS = 20_000


class Mode(StrEnum):
    """How the lines of a visit follow each other."""

    CHAIN = "chain"
    PARALLEL = "parallel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """A whole visit: its segments in the order of the lines.

    `wait` is the customer's idle time between segments. `fragmentation` is the sum, over the blocks that
    the visit takes of each calendar, of the smaller of the two free pieces that are left around a block.
    """

    segments: tuple[Segment, ...]
    wait: timedelta
    fragmentation: timedelta

    @property
    def start(self) -> datetime:
        """When the customer comes."""
        return min(segment.visit.start for segment in self.segments)

    @property
    def end(self) -> datetime:
        """When the last of it is over."""
        return max(segment.visit.end for segment in self.segments)

    @property
    def rank(self) -> tuple[timedelta, timedelta, tuple[tuple[datetime, UUID], ...]]:
        """Smaller is better."""
        return self.wait, self.fragmentation, tuple(segment.mark for segment in self.segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted: lines in their order, how they follow each other, and whether one person does all.

    In a chain the first line begins on a start of its worker's grid; each other one the moment the previous
    ends, or, where `max_gap` allows it, at a start of its own worker's grid up to that much later. Whoever
    follows themselves first cleans up and gets ready, which does not count as gap. In parallel all begin
    together, each on its worker's grid.
    """

    lines: tuple[Wanted, ...]
    mode: Mode = Mode.CHAIN
    max_gap: timedelta = NOTHING
    same_person: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.lines) <= MAX_LINES:
            raise ValueError(f"A visit has 1 to {MAX_LINES} lines.")


def plan(
    request: Request, workers: Iterable[Worker], *, starts: Iterable[datetime], zone: ZoneInfo
) -> list[Itinerary]:
    """The best itinerary of each of these starts that has one, best first; caps count on days of `zone`."""
    free = [FreeTime(worker, zone) for worker in sorted(workers, key=lambda worker: worker.id)]
    teams = [[one] for one in free] if request.same_person else [free]
    search = _Chain if request.mode == Mode.CHAIN else _Parallel
    searches = [
        search(request, team)
        for team in teams
        if all(any(one.could_do(line) for one in team) for line in request.lines)
    ]
    found = []
    for start in sorted(set(starts)):
        itineraries = [one for search in searches if (one := search.best(start)) is not None]
        if itineraries:
            found.append(min(itineraries, key=lambda itinerary: itinerary.rank))
    return sorted(found, key=lambda itinerary: itinerary.rank)


@dataclass(frozen=True, slots=True)
class _Rest:
    """The best way to go on from some point, and what it costs from there."""

    wait: timedelta = NOTHING
    fragmentation: timedelta = NOTHING
    segments: tuple[Segment, ...] = ()

    @property
    def rank(self) -> tuple[timedelta, timedelta, tuple[tuple[datetime, UUID], ...]]:
        return self.wait, self.fragmentation, tuple(segment.mark for segment in self.segments)


_Pieces = tuple[Segment, ...]
_Situation = tuple[int, datetime, _Pieces]


class _Budget:
    """Counts tries. `soft`: whoever has found something stops; `hard`: everybody does."""

    def __init__(self) -> None:
        self.spent = 0

    @property
    def soft(self) -> bool:
        return self.spent >= MAX_STEPS

    @property
    def hard(self) -> bool:
        return self.spent >= 2 * MAX_STEPS


class _Chain:
    """Lines one after the other, from one start at a time."""

    def __init__(self, request: Request, team: Sequence[FreeTime]) -> None:
        self._lines = request.lines
        self._max_gap = request.max_gap
        self._able = [[one for one in team if one.could_do(line)] for line in request.lines]
        self._by_id = {one.worker.id: one for one in team}
        self._longest_before = max(one.buffers(line)[0] for one in team for line in request.lines)
        self._fits: dict[tuple[int, UUID, datetime], _Pieces | None] = {}
        self._known: dict[_Situation, list[_Rest]] = {}
        self._budget = _Budget()

    def best(self, start: datetime) -> Itinerary | None:
        """The best itinerary that begins then; its first line on the grid."""
        self._known, self._budget = {}, _Budget()
        rests = [
            self._begun(one, 0, (start,), start, ()) for one in self._able[0] if start in one.worker.grid
        ]
        return _itinerary(_best(rests))

    def _begun(
        self, one: FreeTime, index: int, starts: Iterable[datetime], since: datetime, own: _Pieces
    ) -> _Rest | None:
        """The best end of the visit in which a newcomer does line `index`, from one of these starts on.

        The customer has waited since `since`. `own` are the visit's segments so far that can still matter.
        """
        ends = []
        for start in starts:
            pieces = self._fit(one, index, start, own)
            if pieces is not None:
                ends.append(self._went_on(one, index, since=since, own=own, block=None, pieces=pieces))
            if self._budget.hard or (self._budget.soft and any(ends)):
                break
        return _best(ends)

    def _went_on(
        self,
        one: FreeTime,
        index: int,
        *,
        since: datetime,
        own: _Pieces,
        block: Segment | None,
        pieces: _Pieces,
    ) -> _Rest | None:
        """The best end after line `index` is done in these pieces; `block` began the worker's open block."""
        wait, cost, last = NOTHING, NOTHING, own[-1] if block else None
        for piece in pieces:
            wait += piece.visit.start - since
            since = piece.visit.end
            if block is None or last is None or not _touch(last, piece):
                cost += min(one.slack(block, last)) if block and last else NOTHING
                block = piece
            last = piece
        rest = self._rest(index + 1, (*own, *pieces), block or pieces[0])
        return rest and _Rest(rest.wait + wait, rest.fragmentation + cost, (*pieces, *rest.segments))

    def _rest(self, index: int, own: _Pieces, block: Segment) -> _Rest | None:
        """The best end after the first `index` lines, with what the open block costs once it is closed."""
        last = own[-1]
        same = self._by_id[last.resource_id]
        cost = min(same.slack(block, last))
        if index == len(self._lines):
            return _Rest(fragmentation=cost)
        others = [
            replace(rest, fragmentation=rest.fragmentation + cost)
            for rest in self._by_others(index, own)
            if rest.segments[0].resource_id != last.resource_id
        ]
        if self._budget.hard or (self._budget.soft and others):
            return _best(others)
        return _best([*others, *self._by_the_same(same, index, own, block)])

    def _by_others(self, index: int, own: _Pieces) -> list[_Rest]:
        """The two best ends in which different newcomers take line `index`.

        Two, because the caller leaves out whoever did the line before: that one follows themselves. So the
        answer is the same for everybody who ended then, and is worked out once.
        """
        since, own = own[-1].visit.end, self._still_relevant(index, own)
        situation = index, since, own
        if situation not in self._known:
            found: list[_Rest] = []
            for one in self._able[index]:
                starts = chain([since], one.starts_between(since, since + self._max_gap))
                rest = self._begun(one, index, starts, since, own)
                found += [rest] if rest else []
                if self._budget.hard or (self._budget.soft and len(found) > 1):
                    break
            self._known[situation] = sorted(found, key=lambda rest: rest.rank)[:2]
        return self._known[situation]

    def _by_the_same(self, one: FreeTime, index: int, own: _Pieces, block: Segment) -> Iterator[_Rest | None]:
        """The ends in which whoever did the last line also does the next: at once, or after their buffers."""
        wanted, since = self._lines[index], own[-1].visit.end
        if not one.could_do(wanted):
            return
        ready = own[-1].occupied.end + one.buffers(wanted)[0]
        grid = one.starts_between(since, ready + self._max_gap) if self._max_gap else []
        for start in sorted({since, ready, *grid}):
            pieces = self._fit(one, index, start, own)
            if pieces is not None:
                yield self._went_on(one, index, since=since, own=own, block=block, pieces=pieces)

    def _still_relevant(self, index: int, own: _Pieces) -> _Pieces:
        """The segments whose buffers or whose count against a cap can matter to a newcomer's line or later.

        Those of the last line's worker matter only after that line: a newcomer is somebody else.
        """
        last, lines_left = own[-1], self._lines[index:]
        soon = last.visit.end - self._longest_before
        later = soon + lines_left[0].duration
        return tuple(
            segment
            for segment in own
            if segment.occupied.end > (later if segment.resource_id == last.resource_id else soon)
            or self._nears_its_cap(segment, own, lines_left)
        )

    def _nears_its_cap(self, segment: Segment, own: _Pieces, lines_left: Sequence[Wanted]) -> bool:
        one = self._by_id[segment.resource_id]
        if one.worker.daily_cap is None:
            return False
        mine = [other for other in own if other.resource_id == segment.resource_id]
        splits = any(line.may_split for line in lines_left)
        return splits or one.cap_left(one.day_of(segment), mine) < len(lines_left)

    def _fit(self, one: FreeTime, index: int, start: datetime, own: _Pieces) -> _Pieces | None:
        self._budget.spent += 1
        mine = [segment for segment in own if segment.resource_id == one.worker.id]
        if mine:
            return one.fit(self._lines[index], index, start, mine)
        key = index, one.worker.id, start
        if key not in self._fits:
            self._fits[key] = one.fit(self._lines[index], index, start, ())
        return self._fits[key]


class _Parallel:
    """All lines from the same moment on."""

    def __init__(self, request: Request, team: Sequence[FreeTime]) -> None:
        self._lines = request.lines
        self._able = [[one for one in team if one.could_do(line)] for line in request.lines]
        self._choices: list[list[FreeTime]] = []
        self._known: dict[_Situation, _Rest | None] = {}
        self._budget = _Budget()

    def best(self, start: datetime) -> Itinerary | None:
        """The best itinerary that begins then, every line on its worker's grid."""
        self._known, self._budget = {}, _Budget()
        self._choices = [self._cheapest(index, start) for index in range(len(self._lines))]
        return _itinerary(self._rest(0, start, ())) if all(self._choices) else None

    def _cheapest(self, index: int, start: datetime) -> list[FreeTime]:
        """The workers that fit this line on their own, the best first; no more than there are lines."""
        on_grid = [one for one in self._able[index] if start in one.worker.grid]
        fitting = [(rest.rank, one) for one in on_grid if (rest := self._alone(one, index, start, ()))]
        return [one for _, one in sorted(fitting, key=lambda pair: pair[0])[: len(self._lines)]]

    def _alone(self, one: FreeTime, index: int, start: datetime, own: _Pieces) -> _Rest | None:
        """One line by one worker, and what that costs."""
        self._budget.spent += 1
        mine = [segment for segment in own if segment.resource_id == one.worker.id]
        pieces = one.fit(self._lines[index], index, start, mine)
        if pieces is None:
            return None
        pauses = sum((after.visit.start - before.visit.end for before, after in pairwise(pieces)), NOTHING)
        return _Rest(pauses, _fragmentation(one, pieces), pieces)

    def _rest(self, index: int, start: datetime, own: _Pieces) -> _Rest | None:
        """The best assignment of the lines from `index` on, beside the visit's own segments that matter."""
        if index == len(self._lines):
            return _Rest()
        ids = {one.worker.id for choices in self._choices[index:] for one in choices}
        own = tuple(segment for segment in own if segment.resource_id in ids)
        situation = index, start, own
        if situation not in self._known:
            ends: list[_Rest | None] = []
            for one in self._choices[index]:
                mine = self._alone(one, index, start, own)
                rest = mine and self._rest(index + 1, start, (*own, *mine.segments))
                ends += [_joined(mine, rest)] if mine and rest else []
                if self._budget.hard or (self._budget.soft and ends):
                    break
            self._known[situation] = _best(ends)
        return self._known[situation]


def _best(rests: Iterable[_Rest | None]) -> _Rest | None:
    return min(filter(None, rests), key=lambda rest: rest.rank, default=None)


def _joined(first: _Rest, then: _Rest) -> _Rest:
    return _Rest(
        first.wait + then.wait,
        first.fragmentation + then.fragmentation,
        (*first.segments, *then.segments),
    )


def _itinerary(rest: _Rest | None) -> Itinerary | None:
    if rest is None:
        return None
    return Itinerary(segments=rest.segments, wait=rest.wait, fragmentation=rest.fragmentation)


def _touch(before: Segment, after: Segment) -> bool:
    """Whether two segments that follow each other make one block of their worker's day."""
    return (
        before.resource_id == after.resource_id
        and before.party == after.party
        and after.occupied.start <= before.occupied.end
    )


def _fragmentation(one: FreeTime, pieces: _Pieces) -> timedelta:
    """The sum over the blocks of one worker's segments: of the two free pieces around each, the smaller."""
    total, first = NOTHING, pieces[0]
    for before, after in pairwise(pieces):
        if not _touch(before, after):
            total += min(one.slack(first, before))
            first = after
    return total + min(one.slack(first, pieces[-1]))
