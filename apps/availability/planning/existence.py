"""Whether anything fits at all: what counts of a month need, for a fraction of what the best way costs.

The same lines, moments and fits as in search.py, but the first way that is found ends the search. Ways that
lead nowhere are remembered by what of the visit so far can still matter, which is mostly nothing: so starts
share them. After `MAX_STEPS` tries a start counts as taken, as there.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from apps.availability.planning.free_time import FreeTime, Segment
from apps.availability.planning.search import MAX_STEPS
from apps.availability.planning.types import Mode, Request

_Pieces = tuple[Segment, ...]


class Existence:
    """One team's ways through a request's lines."""

    def __init__(self, request: Request, team: Sequence[FreeTime]) -> None:
        self._request = request
        self._able = [[one for one in team if one.could_do(line)] for line in request.lines]
        self._later = [
            {one.worker.id for able in self._able[index:] for one in able}
            for index in range(len(request.lines))
        ]
        self._capped = {one.worker.id for one in team if one.worker.daily_cap is not None}
        self._longest_before = max(one.buffers(line)[0] for one in team for line in request.lines)
        self._fits: dict[tuple[int, UUID, datetime], _Pieces | None] = {}
        self._dead: set[tuple[int, datetime, _Pieces]] = set()
        self._steps = 0

    def has(self, start: datetime) -> bool:
        """Whether a whole visit can begin then, its first line on the grid."""
        self._steps = 0
        return self._goes_on(0, start, ())

    def _goes_on(self, index: int, since: datetime, own: _Pieces) -> bool:
        if index == len(self._request.lines):
            return True
        situation = index, since, self._relevant(index, since, own)
        if situation in self._dead:
            return False
        for one in self._able[index]:
            for start in self._moments(one, index, since, own):
                if self._steps >= 2 * MAX_STEPS:
                    return False
                pieces = self._fit(one, index, start, own)
                if pieces and self._goes_on(index + 1, self._then(since, pieces), (*own, *pieces)):
                    return True
        self._dead.add(situation)
        return False

    def _then(self, since: datetime, pieces: _Pieces) -> datetime:
        return pieces[-1].visit.end if self._request.mode == Mode.CHAIN else since

    def _moments(self, one: FreeTime, index: int, since: datetime, own: _Pieces) -> Iterable[datetime]:
        if index == 0 or self._request.mode == Mode.PARALLEL:
            return (since,) if since in one.worker.grid else ()
        gap, last = self._request.max_gap, own[-1]
        if last.resource_id != one.worker.id:
            return since, *one.starts_between(since, since + gap)
        ready = last.occupied.end + one.buffers(self._request.lines[index])[0]
        return sorted({since, ready, *(one.starts_between(since, ready + gap) if gap else ())})

    def _fit(self, one: FreeTime, index: int, start: datetime, own: _Pieces) -> _Pieces | None:
        self._steps += 1
        mine = [segment for segment in own if segment.resource_id == one.worker.id]
        if mine:
            return one.fit(self._request.lines[index], index, start, mine)
        key = index, one.worker.id, start
        if key not in self._fits:
            self._fits[key] = one.fit(self._request.lines[index], index, start, ())
        return self._fits[key]

    def _relevant(self, index: int, since: datetime, own: _Pieces) -> _Pieces:
        """What of the visit so far a later line can meet: by its buffers, or as one of a day's visits."""
        soon = since - self._longest_before
        return tuple(
            segment
            for segment in own
            if segment.resource_id in self._later[index]
            and (segment.occupied.end > soon or segment.resource_id in self._capped)
        )
