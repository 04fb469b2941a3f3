"""Time off as functions of values: when it is, and what is left of it beside the bookings (DESIGN §5).

Inside an occurrence every lane is taken at every moment: by a booking or hold that was there before, else by
the time off itself. So nobody can book into it, and nobody who has booked is dropped.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.fields import Lanes
from apps.availability.hours.rules import boundary
from apps.availability.lanes import Occupant, Period
from apps.availability.time_off.recurrence import ensure_recurrence, read_recurrence

DAY = timedelta(days=1)
# Later than anything that anybody plans.
FOREVER = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a time off is, in wall time of its location."""

    start_date: date
    start_time: time
    duration_minutes: int
    rrule: str = ""

    @property
    def first(self) -> datetime:
        """The wall time at which it begins, or begins to repeat."""
        return datetime.combine(self.start_date, self.start_time)

    @property
    def length(self) -> timedelta:
        """How long it lasts by the clock on the wall."""
        return timedelta(minutes=self.duration_minutes)

    @property
    def repeats(self) -> bool:
        """Whether there is a rule."""
        return bool(self.rrule.strip())

    def check(self, zone: ZoneInfo) -> None:
        """Raises InvalidRecurrence, in words for staff."""
        ensure_recurrence(self.rrule, first=self.first, length=self.length, zone=zone)


def occurrences(timing: Timing, zone: ZoneInfo, window: Period) -> list[Period]:
    """Every occurrence (UTC) that shares a moment with the window, in order.

    Start and length are wall time. A boundary inside a gap is the moment of the change, in a fold its first
    occurrence; what lies wholly inside a gap does not happen. Raises InvalidRecurrence.
    """
    found = (
        Period(boundary(wall, zone), boundary(wall + timing.length, zone))
        for wall in _wall_starts(timing, zone, window)
    )
    return [period for period in found if period.start < period.end and period.overlaps(window)]


def _wall_starts(timing: Timing, zone: ZoneInfo, window: Period) -> Iterable[datetime]:
    recurrence = read_recurrence(timing.rrule, zone)
    if recurrence is None:
        return [timing.first]
    # A day more on either side than any change of the clocks can move things.
    since = window.start.astimezone(zone).replace(tzinfo=None) - timing.length - DAY
    until = window.end.astimezone(zone).replace(tzinfo=None) + DAY
    return recurrence.starts(timing.first, since=since, until=until)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an occurrence, and the lanes that were free all through it."""

    owner: UUID
    period: Period
    lanes: Lanes


def cut(owner: UUID, occurrence: Period, taken: Iterable[Occupant], *, capacity: int) -> list[Piece]:
    """What is left of an occurrence beside what is there already; as few pieces as possible, in order."""
    inside = [occupant for occupant in taken if occupant.period.overlaps(occurrence)]
    edges = {occurrence.start, occurrence.end}
    for occupant in inside:
        edges |= {max(occupant.period.start, occurrence.start), min(occupant.period.end, occurrence.end)}
    pieces: list[Piece] = []
    for start, end in pairwise(sorted(edges)):
        busy = {lane for o in inside if o.period.start <= start < o.period.end for lane in o.lanes}
        lanes = tuple(lane for lane in range(capacity) if lane not in busy)
        if not lanes:
            continue
        if pieces and pieces[-1].period.end == start and pieces[-1].lanes == lanes:
            pieces[-1] = replace(pieces[-1], period=Period(pieces[-1].period.start, end))
        else:
            pieces.append(Piece(owner, Period(start, end), lanes))
    return pieces


def cover(
    wanted: Iterable[tuple[UUID, Period]], taken: Iterable[Occupant], *, window: Period, capacity: int
) -> list[Piece]:
    """The pieces of all occurrences inside a window. Where two meet, the moment is the earlier one's.

    `wanted` is (time off, occurrence), by the age of the time off.
    """
    there = list(taken)
    pieces: list[Piece] = []
    for owner, occurrence in wanted:
        if not occurrence.overlaps(window):
            continue
        visible = Period(max(occurrence.start, window.start), min(occurrence.end, window.end))
        new = cut(owner, visible, there, capacity=capacity)
        there += [Occupant(piece.owner, piece.period, piece.lanes) for piece in new]
        pieces += new
    return pieces


def repaint(
    old: Iterable[Piece],
    new: Sequence[Piece],
    *,
    window: Period,
    goes_through: Callable[[UUID, datetime], bool],
) -> list[Piece]:
    """All pieces, once those inside the window are `new`; what lies outside of it stays.

    `goes_through(owner, moment)` says whether one occurrence runs through the window's edge: then the parts
    on both sides are one piece.
    """
    outside = [part for piece in old for part in _outside(piece, window)]
    ordered = sorted([*outside, *new], key=lambda piece: (piece.owner, piece.lanes, piece.period))
    joined: list[Piece] = []
    for piece in ordered:
        before = joined[-1] if joined else None
        if (
            before is not None
            and (before.owner, before.lanes, before.period.end)
            == (piece.owner, piece.lanes, piece.period.start)
            and piece.period.start in {window.start, window.end}
            and goes_through(piece.owner, piece.period.start)
        ):
            joined[-1] = replace(before, period=Period(before.period.start, piece.period.end))
        else:
            joined.append(piece)
    return joined


def _outside(piece: Piece, window: Period) -> list[Piece]:
    """The parts of a piece before and after the window."""
    before = Period(piece.period.start, min(piece.period.end, window.start))
    after = Period(max(piece.period.start, window.end), piece.period.end)
    return [replace(piece, period=part) for part in (before, after) if part.start < part.end]
