"""From rules to working time and start times: pure functions of rules, a zone and dates (DESIGN §5).

Rules hold wall time. Starts step by the wall clock; a start inside a gap does not exist; in a fold the
first occurrence counts and the repeated hour is not sold again; a slot's length is elapsed minutes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.lanes import Period

MIDNIGHT = time(0, 0)
# Later in this list wins over earlier, on the same day. A location's closing closes everyone who has not
# been given an exception of their own; its other rules are the default hours of those without any.
CLOSED_LOCATION = ("EXCEPTION", "location-closed")
PRECEDENCE = [
    ("WEEKLY", "location"),
    ("DATE_RANGE", "location"),
    ("EXCEPTION", "location"),
    ("WEEKLY", "resource"),
    ("DATE_RANGE", "resource"),
    CLOSED_LOCATION,
    ("EXCEPTION", "resource"),
]
RANK = {scope: rank for rank, scope in enumerate(PRECEDENCE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An AvailabilityRule as a value. Times are wall time; `days` are ISO weekdays, empty for all."""

    resource_id: UUID | None
    kind: str
    days: frozenset[int]
    start: time
    end: time
    capacity: int
    granularity: int
    duration: int
    valid_from: date | None = None
    valid_to: date | None = None
    is_closed: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the rule speaks about this day."""
        return (
            (not self.days or day.isoweekday() in self.days)
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )

    @property
    def rank(self) -> int:
        """Its place in the precedence."""
        if self.resource_id is not None:
            return RANK[self.kind, "resource"]
        if self.is_closed and self.kind == "EXCEPTION":
            return RANK[CLOSED_LOCATION]
        return RANK[self.kind, "location"]


@dataclass(frozen=True, slots=True, order=True)
class SlotTime:
    """A start time that a rule makes. `date` is the local day on which its window began; times are UTC."""

    start_at: datetime
    end_at: datetime
    date: date
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRun:
    """Evenly spaced starts of one day: `count` of them from `first` (UTC), every `step` minutes.

    All last `length` minutes. What a database can unfold by itself need not be sent to it one by one.
    """

    date: date
    first: datetime
    count: int
    step: int
    length: int
    capacity: int

    @property
    def last(self) -> datetime:
        """The last start."""
        return self.first + timedelta(minutes=self.step * (self.count - 1))

    def limited_to(self, capacity: int) -> "SlotRun":
        """The same starts with fewer seats."""
        return replace(self, capacity=capacity)

    def slots(self) -> Iterator[SlotTime]:
        """One by one."""
        length = timedelta(minutes=self.length)
        for number in range(self.count):
            start = self.first + timedelta(minutes=self.step * number)
            yield SlotTime(start_at=start, end_at=start + length, date=self.date, capacity=self.capacity)


def rules_of_day(rules: Iterable[Rule], day: date) -> list[Rule]:
    """The rules that decide this day: all of the highest rank that speaks, none where that is closed."""
    speaking = [rule for rule in rules if rule.holds_on(day)]
    if not speaking:
        return []
    highest = max(rule.rank for rule in speaking)
    deciding = [rule for rule in speaking if rule.rank == highest]
    return [] if any(rule.is_closed for rule in deciding) else deciding


def to_instant(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The UTC instant of a naive wall time, its first occurrence in a fold, or None inside a gap."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else None


@lru_cache(maxsize=8192)
def steady_offset(zone: ZoneInfo, day: date) -> timedelta | None:
    """The zone's offset from UTC if it stays the same from well before this day until well after the next.

    Then every wall time of the two days is exactly one instant. None where the clocks change nearby. The
    margin of two days is wider than any offset or change; no zone changes twice in a quarter of an hour.
    """
    quarters = (datetime.combine(day, MIDNIGHT, UTC) + timedelta(minutes=15 * q) for q in range(-192, 289))
    offsets = {instant.astimezone(zone).utcoffset() for instant in quarters}
    return offsets.pop() if len(offsets) == 1 else None


def boundary(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant at which a window ends: inside a gap, the moment of the change."""
    offset = steady_offset(zone, wall.date())
    if offset is not None:
        return (wall - offset).replace(tzinfo=UTC)
    instant = to_instant(wall, zone)
    if instant is not None:
        return instant
    # With fold=0 a gap's wall time is read with the offset before the change; the change itself is the
    # first instant at which the other offset holds. Zones change on whole minutes in any year that we sell.
    after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    low, high = min(after, before), max(after, before)
    offset_after = high.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        if middle.astimezone(zone).utcoffset() == offset_after:
            high = middle
        else:
            low = middle
    return high


def window_of(rule: Rule, day: date) -> tuple[datetime, datetime]:
    """The rule's window on a day as naive wall times; the end may lie on the next day."""
    start = datetime.combine(day, rule.start)
    end = datetime.combine(day, rule.end)
    return start, end if end > start else end + timedelta(days=1)


def working_time(rules: Sequence[Rule], zone: ZoneInfo, days: Iterable[date]) -> list[Period]:
    """The working time of these days in UTC, in order; touching windows are joined into one."""
    periods = sorted(
        Period(boundary(start, zone), boundary(end, zone))
        for day in days
        for rule in rules_of_day(rules, day)
        for start, end in [window_of(rule, day)]
    )
    joined: list[Period] = []
    for period in periods:
        if period.start >= period.end:
            continue
        if joined and period.start <= joined[-1].end:
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, period.end))
        else:
            joined.append(period)
    return joined


def slots_of_day(rules: Sequence[Rule], zone: ZoneInfo, day: date) -> list[SlotTime]:
    """The start times that begin in this day's windows, in order; one a start time."""
    return sorted(slot for run in runs_of_day(rules, zone, day) for slot in run.slots())


def runs_of_day(rules: Sequence[Rule], zone: ZoneInfo, day: date) -> list[SlotRun]:
    """The same, as evenly spaced runs in the order of their first starts; no start is in two of them.

    Nor is one in two days: what a window of the day before, over midnight, makes is that day's.
    """
    runs = _runs_alone(rules, zone, day)
    before = _runs_alone(rules, zone, day - timedelta(days=1))
    if not runs or not before or max(run.last for run in before) < min(run.first for run in runs):
        return runs
    taken = {slot.start_at for run in before for slot in run.slots()}
    if not any(slot.start_at in taken for run in runs for slot in run.slots()):
        return runs
    return [
        _single(slot, length=run.length) for run in runs for slot in run.slots() if slot.start_at not in taken
    ]


def _runs_alone(rules: Sequence[Rule], zone: ZoneInfo, day: date) -> list[SlotRun]:
    """The runs of one day's own windows."""
    runs = [run for rule in rules_of_day(rules, day) for run in _runs_of_window(rule, zone, day)]
    ordered = sorted(runs, key=lambda run: run.first)
    if all(one.last < other.first for one, other in pairwise(ordered)):
        return ordered
    # Windows that overlap can only have come past the commands: of two rules the first makes the start.
    singly: dict[datetime, SlotRun] = {}
    for run in runs:
        for slot in run.slots():
            singly.setdefault(slot.start_at, _single(slot, length=run.length))
    return sorted(singly.values(), key=lambda run: run.first)


def _single(slot: SlotTime, *, length: int) -> SlotRun:
    return SlotRun(
        date=slot.date, first=slot.start_at, count=1, step=length, length=length, capacity=slot.capacity
    )


def _runs_of_window(rule: Rule, zone: ZoneInfo, day: date) -> Iterator[SlotRun]:
    offset = steady_offset(zone, day)
    if offset is None:
        for slot in _slots_of_window(rule, zone, day):
            yield _single(slot, length=rule.duration)
        return
    begins, ends = window_of(rule, day)
    room = ends - begins - timedelta(minutes=rule.duration)
    if room >= timedelta(0):
        yield SlotRun(
            date=day,
            first=(begins - offset).replace(tzinfo=UTC),
            count=room // timedelta(minutes=rule.granularity) + 1,
            step=rule.granularity,
            length=rule.duration,
            capacity=rule.capacity,
        )


def _slots_of_window(rule: Rule, zone: ZoneInfo, day: date) -> Iterator[SlotTime]:
    """Start by start: near a change of the clocks each has to be looked at."""
    wall, wall_end = window_of(rule, day)
    closes = boundary(wall_end, zone)
    length = timedelta(minutes=rule.duration)
    while wall < wall_end:
        start = to_instant(wall, zone)
        if start is not None and start + length <= closes:
            yield SlotTime(start_at=start, end_at=start + length, date=day, capacity=rule.capacity)
        wall += timedelta(minutes=rule.granularity)


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
