"""How the planner searches: see apps/availability/planner.py for what it finds and at what cost."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from apps.availability.planning.free_time import NOTHING, FreeTime, Segment, Wanted
from apps.availability.planning.types import Itinerary, Request

MAX_STEPS = 2_000


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

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.spent = 0

    @property
    def soft(self) -> bool:
        return self.spent >= self.limit

    @property
    def hard(self) -> bool:
        return self.spent >= 2 * self.limit


class _Chain(ABC):
    """Lines one after the other."""

    def __init__(self, request: Request, team: Sequence[FreeTime]) -> None:
        self._lines = request.lines
        self._max_gap = request.max_gap
        self._able = [[one for one in team if one.could_do(line)] for line in request.lines]
        self._by_id = {one.worker.id: one for one in team}
        self._fits: dict[tuple[int, UUID, datetime], _Pieces | None] = {}
        self._budget = _Budget(float("inf"))

    @abstractmethod
    def _by_others(self, index: int, own: _Pieces) -> list[_Rest]:
        """The best ends in which newcomers take line `index`, the best first: of two, where there are two.

        Two, because the caller leaves out whoever did the line before: that one follows themselves. So the
        answer is the same for everybody who ended then, and is worked out once.
        """

    def _moments(self, one: FreeTime, index: int, since: datetime) -> Iterable[datetime]:
        """When a newcomer may begin a line for a customer who is there since then."""
        if index == 0:
            return (since,) if since in one.worker.grid else ()
        return (since, *one.starts_between(since, since + self._max_gap))

    def _begun(self, one: FreeTime, index: int, since: datetime, own: _Pieces) -> _Rest | None:
        """The best end of the visit in which a newcomer does line `index`, the customer waiting since then.

        `own` are the visit's segments so far that can still matter.
        """
        best: _Rest | None = None
        for start in self._moments(one, index, since):
            if best and (self._budget.soft or best.wait < start - since):
                break
            pieces = None if self._budget.hard else self._fit(one, index, start, own)
            if pieces is not None:
                end = self._went_on(one, index, since=since, own=own, block=None, pieces=pieces)
                best = _best([best, end])
        return best

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
        others = self._by_others(index, own)
        best = next((rest for rest in others if rest.segments[0].resource_id != last.resource_id), None)
        best = best and replace(best, fragmentation=best.fragmentation + cost)
        return self._by_the_same(same, index, own, block, best)

    def _by_the_same(
        self, one: FreeTime, index: int, own: _Pieces, block: Segment, best: _Rest | None
    ) -> _Rest | None:
        """The best end, `best` included, where whoever did the last line also does the next.

        At once, or after their buffers.
        """
        wanted, since = self._lines[index], own[-1].visit.end
        if not one.could_do(wanted):
            return best
        ready = own[-1].occupied.end + one.buffers(wanted)[0]
        grid = one.starts_between(since, ready + self._max_gap) if self._max_gap else []
        for start in sorted({since, ready, *grid}):
            if best and (self._budget.soft or best.wait < start - since):
                break
            pieces = None if self._budget.hard else self._fit(one, index, start, own)
            if pieces is not None:
                end = self._went_on(one, index, since=since, own=own, block=block, pieces=pieces)
                best = _best([best, end])
        return best

    def _fit(self, one: FreeTime, index: int, start: datetime, own: _Pieces) -> _Pieces | None:
        self._budget.spent += 1
        mine = [segment for segment in own if segment.resource_id == one.worker.id]
        if mine:
            return one.fit(self._lines[index], index, start, mine)
        key = index, one.worker.id, start
        if key not in self._fits:
            self._fits[key] = one.fit(self._lines[index], index, start, ())
        return self._fits[key]


class _RelaxedChain(_Chain):
    """The chain as if whoever comes back had not been there before: never worse than the truth."""

    def __init__(self, request: Request, team: Sequence[FreeTime]) -> None:
        super().__init__(request, team)
        self._known: dict[tuple[int, datetime], list[_Rest]] = {}

    def by_anyone(self, index: int, since: datetime) -> list[_Rest]:
        """Of each newcomer who can take line `index` the best end, the best first."""
        situation = index, since
        if situation not in self._known:
            ends = (self._begun(one, index, since, ()) for one in self._able[index])
            self._known[situation] = sorted(filter(None, ends), key=lambda rest: rest.rank)
        return self._known[situation]

    def _by_others(self, index: int, own: _Pieces) -> list[_Rest]:
        return self.by_anyone(index, own[-1].visit.end)


class ExactChain(_Chain):
    """The chain as it is, from one start at a time."""

    def __init__(self, request: Request, team: Sequence[FreeTime]) -> None:
        super().__init__(request, team)
        self._relaxed = _RelaxedChain(request, team)
        self._longest_before = max(one.buffers(line)[0] for one in team for line in request.lines)
        # What is in the way of a split line moves its pieces, so that without it they may fit worse.
        self._may_stop_early = not any(line.may_split for line in request.lines)
        self._known: dict[_Situation, list[_Rest]] = {}

    def best(self, start: datetime) -> Itinerary | None:
        """The best itinerary that begins then; its first line on the grid."""
        self._known, self._budget = {}, _Budget(MAX_STEPS)
        return _itinerary(_best(self._two_best(0, start, ())))

    def _by_others(self, index: int, own: _Pieces) -> list[_Rest]:
        situation = index, own[-1].visit.end, self._still_relevant(index, own)
        if situation not in self._known:
            self._known[situation] = self._two_best(*situation)
        return self._known[situation]

    def _two_best(self, index: int, since: datetime, own: _Pieces) -> list[_Rest]:
        """Try newcomers, the most promising first, until nobody left can be among the two best."""
        found: list[_Rest] = []
        for promise in self._relaxed.by_anyone(index, since):
            if self._may_stop_early and len(found) > 1 and promise.rank >= found[1].rank:
                break
            one = self._by_id[promise.segments[0].resource_id]
            rest = self._begun(one, index, since, own)
            found = sorted([*found, rest] if rest else found, key=lambda rest: rest.rank)[:2]
            if self._budget.hard or (self._budget.soft and len(found) > 1):
                break
        return found

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


class Parallel:
    """All lines from the same moment on."""

    def __init__(self, request: Request, team: Sequence[FreeTime]) -> None:
        self._lines = request.lines
        self._able = [[one for one in team if one.could_do(line)] for line in request.lines]
        self._choices: list[list[FreeTime]] = []
        self._known: dict[_Situation, _Rest | None] = {}
        self._budget = _Budget(MAX_STEPS)

    def best(self, start: datetime) -> Itinerary | None:
        """The best itinerary that begins then, every line on its worker's grid."""
        self._known, self._budget = {}, _Budget(MAX_STEPS)
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
