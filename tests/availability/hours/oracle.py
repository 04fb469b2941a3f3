"""The rules of working time once more, as slowly and plainly as possible: the tests compare.

It shares no code with apps/availability/hours/rules.py. It walks through UTC minute by minute, asks what a
clock on the wall would show, and never turns a wall time into an instant.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import Rule

MINUTE = timedelta(minutes=1)


def clock_on_the_wall(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """(instant in UTC, what the wall clock shows) of every minute from a day before to two days after."""
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=38)
    return [
        (moment, moment.astimezone(zone).replace(tzinfo=None))
        for moment in (instant + minutes * MINUTE for minutes in range(60 * (24 * 3 + 38 + 24)))
    ]


def first_showing_at_least(shown: list[tuple[datetime, datetime]], wall: datetime) -> datetime:
    """The first minute at which the clock shows this time or a later one."""
    return next(moment for moment, shows in shown if shows >= wall)


def window(rule: Rule, day: date) -> tuple[datetime, datetime]:
    """The window's two wall times."""
    begins, ends = datetime.combine(day, rule.start), datetime.combine(day, rule.end)
    return begins, ends if begins < ends else ends + timedelta(days=1)


def slots(rule: Rule, zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime]]:
    """The starts and ends, in UTC, that one rule makes on a day."""
    begins, ends = window(rule, day)
    shown = clock_on_the_wall(day, zone)
    closing = first_showing_at_least(shown, ends)
    made, sold = [], set()
    for moment, shows in shown:
        in_window = begins <= shows < ends and moment < closing
        on_grid = (shows - begins) % timedelta(minutes=rule.granularity) == timedelta(0)
        if in_window and on_grid and shows not in sold:
            sold.add(shows)
            if moment + rule.duration * MINUTE <= closing:
                made.append((moment, moment + rule.duration * MINUTE))
    return sorted(made)


def working_minutes(rules: Sequence[tuple[Rule, date]], zone: ZoneInfo) -> set[datetime]:
    """Every minute (UTC) that lies in the window of one of these rules on its day."""
    minutes = set()
    for rule, day in rules:
        begins, ends = window(rule, day)
        shown = clock_on_the_wall(day, zone)
        opening, closing = first_showing_at_least(shown, begins), first_showing_at_least(shown, ends)
        minutes |= {moment for moment, _ in shown if opening <= moment < closing}
    return minutes
