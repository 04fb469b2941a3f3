"""Working time and starts around every change of every zone's clocks from 2024 to 2030, against an oracle.

The oracle reads a clock on the wall (python-dateutil's, not zoneinfo's) every five minutes of UTC and takes
its grid from an RFC 5545 rule; it shares neither code nor method with apps/availability/hours/rules.py.
Changes that wall time cannot tell apart are looked at once. ORACLE=full looks at each change of each zone on
its own: `ORACLE=full pytest tests/availability/hours/test_every_transition.py -s`, a few minutes.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import MINUTELY, rrule

from apps.availability.hours.rules import Rule, days_between, slots_of_day, working_time
from apps.availability.lanes import Period
from tests.availability.hours.test_rules import rule
from tests.availability.hours.transitions import DAY, TICK, Transition, WallClock, every_transition, reader_of

FULL = os.environ.get("ORACLE") == "full"
SHAPES = [
    rule("00:00-24:00", granularity=15, duration=15),
    rule("00:00-03:00", granularity=30, duration=60),
    rule("01:30-02:30", granularity=10, duration=10),
    rule("02:15-02:15", granularity=45, duration=300),
    rule("09:00-17:00", granularity=60, duration=90),
    rule("22:00-02:00", granularity=20, duration=30),
    rule("23:15-00:30", granularity=5, duration=45),
]


def window(shape: Rule, day: date) -> tuple[datetime, datetime]:
    """Its two wall times; the end lies on the next day where it is not after the start."""
    next_day = day if shape.end > shape.start else day + DAY
    return datetime.combine(day, shape.start), datetime.combine(next_day, shape.end)


def expected_starts(shape: Rule, day: date, clock: WallClock) -> list[tuple[datetime, datetime]]:
    """Grid times that the clock shows, at their first showing, if a visit fits before the end."""
    opens, closes = window(shape, day)
    length, closing = timedelta(minutes=shape.duration), clock.when(closes)
    grid = rrule(MINUTELY, interval=shape.granularity, dtstart=opens, until=closes - timedelta(minutes=1))
    shown = [clock.first_shown[wall] for wall in grid if wall in clock.first_shown]
    return sorted((start, start + length) for start in shown if start + length <= closing)


def expected_ticks(shape: Rule, days: Iterable[date], clock: WallClock) -> set[datetime]:
    """Every five minutes that lie in working time."""
    spans = [tuple(clock.when(wall) for wall in window(shape, day)) for day in days]
    return {tick for tick in clock.instants for opens, closes in spans if opens <= tick < closes}


def ticks(periods: list[Period]) -> set[datetime]:
    return {
        period.start + number * TICK
        for period in periods
        for number in range((period.end - period.start) // TICK)
    }


def chosen() -> tuple[Sequence[Transition], int]:
    """The changes to look at, and how many there are."""
    found = every_transition()
    if FULL:
        return found, len(found)
    return list({one.behaviour: one for one in reversed(found)}.values()), len(found)


@pytest.mark.timeout(900)
def test_starts_and_working_time_are_what_the_clock_on_the_wall_shows() -> None:
    transitions, total = chosen()
    compared: Counter[str] = Counter()
    differences: list[str] = []
    for found in transitions:
        zone = ZoneInfo(found.zone)
        reader, another_library = reader_of(found)
        clock = WallClock(found, reader)
        compared["read by python-dateutil"] += another_library
        days = days_between(found.day - 2 * DAY, found.day + 2 * DAY)
        for shape in SHAPES:
            for day in days:
                ours = [(slot.start_at, slot.end_at) for slot in slots_of_day([shape], zone, day)]
                compared["starts"] += len(ours)
                if ours != expected_starts(shape, day, clock):
                    differences.append(f"starts {found} {day} {shape.start}-{shape.end}")
            if ticks(working_time([shape], zone, days)) != expected_ticks(shape, days, clock):
                differences.append(f"working time {found} {shape.start}-{shape.end}")
    zones = len({found.zone for found in transitions})
    print(  # noqa: T201  (with -s: what was covered)
        f"\n{len(transitions)} changes of {zones} zones stand for {total}; "
        f"{len(SHAPES)} shapes × 5 days each; {dict(compared)}"
    )
    assert differences == []
    assert compared["starts"] > 0


@pytest.mark.parametrize(
    ("zone", "what"),
    [
        ("Australia/Lord_Howe", "half an hour"),
        ("Africa/Casablanca", "twice around Ramadan"),
        ("America/Havana", "midnight, back"),
        ("Asia/Beirut", "midnight, forward"),
        ("Africa/Cairo", "the end of a day"),
        ("Pacific/Apia", "a date that never was"),
        ("Pacific/Kwajalein", "a date that never was"),
        ("Europe/Dublin", "negative summer time"),
    ],
)
def test_the_awkward_ones_are_among_them(zone: str, what: str) -> None:
    found = [one for one in every_transition() if one.zone == zone]

    assert found, what
    assert {time(one.at.hour, one.at.minute).minute % 5 for one in found} == {0}
