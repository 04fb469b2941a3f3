"""Rules, times and events in plain words, for `explain`. All clocks are the location's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import MIDNIGHT, Rule
from apps.availability.lanes import Period
from apps.availability.models import EventType, ResourceKind

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEK, WEEKEND = frozenset({1, 2, 3, 4, 5}), frozenset({6, 7})
EVENT_WORDS = {
    EventType.CUSTOMER: "a booked visit",
    EventType.HOLD: "a visit that is held",
    EventType.VACATION: "vacation",
    EventType.BREAK: "a break",
    EventType.MEETING: "a meeting",
    EventType.BLOCKED: "blocked time",
    EventType.REMINDER: "a reminder",
}
SOLD: dict[str, str] = {ResourceKind.POOL: "a place in its pool", ResourceKind.PERSON: "its people"}


@dataclass(frozen=True, slots=True)
class Clock:
    """Says moments as the location's clock does."""

    zone: ZoneInfo

    def wall(self, moment: datetime) -> datetime:
        """The location's time of a moment."""
        return moment.astimezone(self.zone)

    def time(self, moment: datetime, *, beside: datetime | None = None) -> str:
        """`9:00`, and where that is another day than the moment beside it, the day too."""
        shown = clock_time(self.wall(moment).time())
        if beside is None or self.wall(beside).date() == self.wall(moment).date():
            return shown
        return f"{shown} on {day_name(self.wall(moment).date())}"

    def span(self, period: Period, *, beside: datetime | None = None) -> str:
        """`9:00–10:30`, with the days where they differ."""
        return f"{self.time(period.start, beside=beside)}–{self.time(period.end, beside=period.start)}"

    def moment(self, moment: datetime) -> str:
        """`9:00 on Tuesday 1 December 2026`."""
        return f"{self.time(moment)} on {day_name(self.wall(moment).date())}"


def clock_time(shown: time) -> str:
    """`9:00`, and with seconds only where there are some."""
    seconds = f":{shown.second:02}" if shown.second else ""
    return f"{shown.hour}:{shown.minute:02}{seconds}"


def day_name(day: date) -> str:
    """`Tuesday 1 December 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {short_day(day)}"


def short_day(day: date) -> str:
    """`1 December 2026`."""
    return f"{day.day} {day:%B %Y}"


def length(duration: timedelta) -> str:
    """`90 minutes`, `2 days`."""
    minutes = duration // timedelta(minutes=1)
    if minutes and minutes % 1440 == 0:
        return count(minutes // 1440, "day")
    return count(minutes, "minute")


def count(number: int, what: str) -> str:
    """`1 visit`, `2 visits`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def listed(parts: Iterable[str]) -> str:
    """`a, b and c`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def days_in_words(days: frozenset[int]) -> str:
    """`on weekdays`, `on Mondays and Fridays`; nothing for every day."""
    if not days or len(days) == len(WEEKDAYS):
        return "every day"
    if days == WEEK:
        return "on weekdays"
    if days == WEEKEND:
        return "on weekends"
    return "on " + listed(f"{WEEKDAYS[day - 1]}s" for day in sorted(days))


def hours(rule: Rule) -> str:
    """`9:00–17:00`; the midnight that ends a day is 24:00."""
    end = "24:00" if rule.end == MIDNIGHT else clock_time(rule.end)
    return f"{clock_time(rule.start)}–{end}"


def rules_in_words(rules: list[Rule], *, whose: str, note: str) -> str:
    """What decides a day: `Ben works 9:00–12:00 and 13:00–17:00 on weekdays`.

    All of one scope and kind. `whose` is a person's name or the location's; a note stands in front.
    """
    rule = rules[0]
    what = f"{whose} is closed" if rule.is_closed else f"{whose} works {listed(hours(one) for one in rules)}"
    if rule.resource_id is None and not rule.is_closed:
        what = f"{whose} is open {listed(hours(one) for one in rules)}"
    if rule.resource_id is not None and rule.is_closed:
        what = f"{whose} is off"
    said = f"{what}{_validity(rule)}"
    return f"{note}: {said}" if note else said


def _validity(rule: Rule) -> str:
    if rule.valid_from is not None and rule.valid_from == rule.valid_to:
        return f" on {short_day(rule.valid_from)}"
    words = f" {days_in_words(rule.days)}" if rule.days or rule.valid_from is None else ""
    if rule.valid_from is not None:
        words += f" from {short_day(rule.valid_from)}"
    if rule.valid_to is not None:
        words += f" until {short_day(rule.valid_to)}"
    return words
