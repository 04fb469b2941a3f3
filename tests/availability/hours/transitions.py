"""Every change of the clocks that any zone makes, and a clock to read around it that is not our own."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo, available_timezones

from dateutil import tz

TICK = timedelta(minutes=5)
DAY = timedelta(days=1)
STEP = timedelta(hours=12)
FIRST, AFTER = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
# Dates that were skipped whole lie further back: Samoa and Kwajalein changed sides of the date line.
DATE_LINE = [
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ("Pacific/Kwajalein", datetime(1993, 8, 21, 12, tzinfo=UTC)),
]


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of one zone's clocks: at this instant, from this offset to that one."""

    zone: str
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def behaviour(self) -> tuple[object, ...]:
        """What wall time can see of it: the same for Denver's and Edmonton's springs, of every year."""
        local = self.at + self.before
        return (self.before, self.after, local.time())

    @property
    def day(self) -> date:
        """The date on the wall just before."""
        return (self.at + self.before - timedelta(minutes=1)).date()


def offset(zone: tzinfo, at: datetime) -> timedelta:
    """The zone's offset from UTC at an instant."""
    return at.astimezone(zone).utcoffset() or timedelta(0)


def transitions_of(name: str) -> Iterator[Transition]:
    """Those of the years 2024 to 2030, found by looking twice a day and closing in on each difference."""
    zone = ZoneInfo(name)
    seen, at = offset(zone, FIRST), FIRST
    while at < AFTER:
        following = at + STEP
        found = offset(zone, following)
        if found != seen:
            yield _closed_in(name, zone, at, following)
        seen, at = found, following


def _closed_in(name: str, zone: ZoneInfo, low: datetime, high: datetime) -> Transition:
    before, after = offset(zone, low), offset(zone, high)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
    return Transition(name, high, before, after)


@cache
def every_transition() -> tuple[Transition, ...]:
    """Of every zone that there is, and the two at the date line."""
    zones = sorted(available_timezones())
    at_the_line = [_closed_in(name, ZoneInfo(name), at - DAY, at + DAY) for name, at in DATE_LINE]
    return (*(found for name in zones for found in transitions_of(name)), *at_the_line)


def reader_of(found: Transition) -> tuple[tzinfo, bool]:
    """Another library's zone, and whether it is one: python-dateutil, where it knows of this change.

    It reads only the old half of a zone's file, which some systems leave empty; then zoneinfo tells the time.
    """
    other = tz.gettz(found.zone)
    if other is None:
        return ZoneInfo(found.zone), False
    around = [
        (found.at - 3 * DAY, found.before),
        (found.at - TICK, found.before),
        (found.at, found.after),
        (found.at + 3 * DAY, found.after),
    ]
    if all(offset(other, at) == expected for at, expected in around):
        return other, True
    return ZoneInfo(found.zone), False


class WallClock:
    """A clock on the wall, read every five minutes of UTC from four days before a change to five after.

    It never turns a wall time into an instant by arithmetic: it waits until the clock shows it.
    """

    def __init__(self, found: Transition, zone: tzinfo) -> None:
        begins = found.at - 4 * DAY
        self.instants = [begins + number * TICK for number in range(9 * 24 * 12)]
        shown = [instant.astimezone(zone).replace(tzinfo=None) for instant in self.instants]
        # The latest time that has been shown: it stands still while an hour repeats itself.
        self.latest = list(accumulate(shown, max))
        self.first_shown: dict[datetime, datetime] = {}
        for instant, wall in zip(self.instants, shown, strict=True):
            self.first_shown.setdefault(wall, instant)

    def when(self, wall: datetime) -> datetime:
        """The first instant at which it shows this time or a later one."""
        return self.instants[bisect_left(self.latest, wall)]
