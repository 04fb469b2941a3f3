"""Which lanes of a resource a claim gets: interval packing, as functions of values (DESIGN §5).

All times are aware datetimes; periods are half-open, and every period includes its buffers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.availability.fields import Lanes


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a moment."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Occupant:
    """An event that takes lanes of the resource for a period."""

    id: UUID
    period: Period
    lanes: Lanes


@dataclass(frozen=True, slots=True)
class Placement:
    """The lanes for a newcomer, and the events that must move to other lanes first."""

    lanes: Lanes
    moved: Mapping[UUID, Lanes]


def peak_in_use(occupants: Iterable[Occupant], period: Period) -> int:
    """The most lanes that are taken at any one moment of the period."""
    inside = [occupant for occupant in occupants if occupant.period.overlaps(period)]
    # Use only rises where somebody starts, so those moments and the beginning are all there is to look at.
    moments = {max(occupant.period.start, period.start) for occupant in inside}
    return max(
        (sum(len(o.lanes) for o in inside if o.period.start <= moment < o.period.end) for moment in moments),
        default=0,
    )


def place(occupants: Sequence[Occupant], *, period: Period, party: int, capacity: int) -> Placement | None:
    """Lanes for a party over a period, or None where the peak leaves too few.

    `occupants` are all events that are connected with the period, directly or through each other: whoever
    overlaps somebody who overlaps it may have to move.
    """
    if peak_in_use(occupants, period) + party > capacity:
        return None
    taken = {lane for o in occupants if o.period.overlaps(period) for lane in o.lanes}
    free = [lane for lane in range(capacity) if lane not in taken]
    if len(free) >= party:
        return Placement(lanes=tuple(free[:party]), moved={})
    return _repack(occupants, period=period, party=party, capacity=capacity)


def _repack(occupants: Sequence[Occupant], *, period: Period, party: int, capacity: int) -> Placement | None:
    """Give everybody new lanes, earliest first. Intervals are a perfect graph, so this cannot get stuck."""
    newcomer = UUID(int=0)
    waiting = [(o.period, o.id, len(o.lanes)) for o in occupants] + [(period, newcomer, party)]
    given: dict[UUID, Lanes] = {}
    seated: list[tuple[Period, Lanes]] = []
    for wanted, who, size in sorted(waiting):
        seated = [(other, lanes) for other, lanes in seated if other.end > wanted.start]
        taken = {lane for _, lanes in seated for lane in lanes}
        free = [lane for lane in range(capacity) if lane not in taken]
        if len(free) < size:
            return None
        given[who] = tuple(free[:size])
        seated.append((wanted, given[who]))
    lanes = given.pop(newcomer)
    moved = {o.id: given[o.id] for o in occupants if given[o.id] != o.lanes}
    return Placement(lanes=lanes, moved=moved)


def connected(occupants: Iterable[Occupant], period: Period) -> list[Occupant]:
    """The occupants that overlap the period, or overlap one that does, and so on."""
    remaining = sorted(occupants, key=lambda occupant: occupant.period.start)
    hull = period
    while True:
        inside = [occupant for occupant in remaining if occupant.period.overlaps(hull)]
        wider = Period(
            min([hull.start, *(o.period.start for o in inside)]),
            max([hull.end, *(o.period.end for o in inside)]),
        )
        if wider == hull:
            return inside
        hull = wider
