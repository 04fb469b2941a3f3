"""Visits of several services: who does what, and when (DESIGN §5, seed 002). Pure interval algebra.

`plan` finds for each possible start the best itinerary and ranks them: the least waiting first, then the
least broken-up day, then the earliest, then by ids.

A chain is a dynamic programme over (line, moment, who), not a walk through all combinations. By itself it
would ignore what a visit does to itself: own buffers that reach over a line in between, and daily caps that
it is about to use up. So it is done twice. First without these: for S starts, L lines, R workers and G
moments at which a line may begin (1; with a gap allowed, also the grid within it) it asks at most S·L·R·G²
times whether a line fits, each in O(log n) of what is on that calendar. Then with them, by branch and bound:
the first answer says how good each way could be at best, and mostly the first way tried is as good. Where it
is not, there is a bound: after `MAX_STEPS` tries for one start the search takes the best whole itinerary that
it has by then, or the next that it finds, and after twice as many it gives that start up.

Lines in parallel are an assignment: of each line only its L cheapest workers can be part of the best one
(the others can take L − 1 of them at most).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.availability.planning.existence import Existence
from apps.availability.planning.free_time import FreeTime, Worker
from apps.availability.planning.search import ExactChain, Parallel
from apps.availability.planning.types import MAX_LINES, Itinerary, Mode, Request

__all__ = ["MAX_LINES", "Itinerary", "Mode", "Request", "plan", "possible_starts"]


def plan(
    request: Request, workers: Iterable[Worker], *, starts: Iterable[datetime], zone: ZoneInfo
) -> list[Itinerary]:
    """The best itinerary of each of these starts that has one, best first; caps count on days of `zone`."""
    search = ExactChain if request.mode == Mode.CHAIN else Parallel
    searches = [search(request, team) for team in _teams(request, workers, zone)]
    found = []
    for start in sorted(set(starts)):
        itineraries = [one for search in searches if (one := search.best(start)) is not None]
        if itineraries:
            found.append(min(itineraries, key=lambda itinerary: itinerary.rank))
    return sorted(found, key=lambda itinerary: itinerary.rank)


def possible_starts(
    request: Request, workers: Iterable[Worker], *, starts: Iterable[datetime], zone: ZoneInfo
) -> Iterator[datetime]:
    """Those of these starts that have an itinerary, in order, found one by one: `plan`, without ranking."""
    searches = [Existence(request, team) for team in _teams(request, workers, zone)]
    for start in sorted(set(starts)):
        if any(search.has(start) for search in searches):
            yield start


def _teams(request: Request, workers: Iterable[Worker], zone: ZoneInfo) -> list[list[FreeTime]]:
    """Who could do it together: everybody, or each alone where one person does it all."""
    free = [FreeTime(worker, zone) for worker in sorted(workers, key=lambda worker: worker.id)]
    teams = [[one] for one in free] if request.same_person else [free]
    return [team for team in teams if all(any(one.could_do(line) for one in team) for line in request.lines)]
