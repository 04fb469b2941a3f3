"""Hours in plain words, the same wherever they are said: labels, sentences, days and clocks. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from apps.availability.hours.rules import MIDNIGHT, Rule
from apps.availability.models import WEEKDAYS, RuleKind

WEEKDAY_NAMES = dict(WEEKDAYS)
LONG_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEK, WEEKEND = frozenset({1, 2, 3, 4, 5}), frozenset({6, 7})
KIND_WORDS = {
    RuleKind.WEEKLY: "every week",
    RuleKind.DATE_RANGE: "for a while",
    RuleKind.EXCEPTION: "exception",
}


def clock_time(shown: time) -> str:
    """`09:00`, and with seconds only where there are some."""
    return f"{shown:%H:%M:%S}" if shown.second else f"{shown:%H:%M}"


def short_day(day: date) -> str:
    """`1 December 2026`."""
    return f"{day.day} {day:%B %Y}"


def day_name(day: date) -> str:
    """`Tuesday 1 December 2026`."""
    return f"{LONG_NAMES[day.weekday()]} {short_day(day)}"


def day_label(day: date) -> str:
    """`Tue 1 Dec 2026`, for lists."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def listed(parts: Iterable[str]) -> str:
    """`a, b and c`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def hours_in_words(rule: Rule) -> str:
    """`09:00–17:00`; the midnight that ends a day is 24:00."""
    return f"{clock_time(rule.start)}–{'24:00' if rule.end == MIDNIGHT else clock_time(rule.end)}"


def dates_in_words(rule: Rule) -> str:
    """` on 15 January 2030`, ` from 14 January 2030 until 1 February 2030`, or nothing."""
    if rule.valid_from is not None and rule.valid_from == rule.valid_to:
        return f" on {short_day(rule.valid_from)}"
    since = f" from {short_day(rule.valid_from)}" if rule.valid_from else ""
    return since + (f" until {short_day(rule.valid_to)}" if rule.valid_to else "")


def rule_in_words(rule: Rule) -> str:
    """A rule as a label: `every week, Mon–Fri 09:00–17:00`; `… 22:00–02:00 the next day`."""
    over_midnight = " the next day" if MIDNIGHT < rule.end <= rule.start else ""
    hours = "closed" if rule.is_closed else f"{hours_in_words(rule)}{over_midnight}"
    days = f"{short_days(rule.days)} " if rule.days else ""
    return f"{KIND_WORDS[RuleKind(rule.kind)]}, {days}{hours}{dates_in_words(rule)}"


def rules_in_words(rules: Sequence[Rule], *, whose: str, note: str = "") -> str:
    """What decides a day, as a sentence: `Ben works 09:00–12:00 and 13:00–17:00 on weekdays`.

    All of one scope and kind. `whose` is a person's name or the location's; a note stands in front.
    """
    rule = rules[0]
    of_the_place = rule.resource_id is None
    if rule.is_closed:
        does = "is closed" if of_the_place else "is off"
    else:
        does = f"{'is open' if of_the_place else 'works'} {listed(hours_in_words(one) for one in rules)}"
    one_day = rule.valid_from is not None and rule.valid_from == rule.valid_to
    says_days = not one_day and (rule.days or rule.valid_from is None)
    days = f" {_long_days(rule.days)}" if says_days else ""
    said = f"{whose} {does}{days}{dates_in_words(rule)}"
    return f"{note}: {said}" if note else said


def clash_in_words(day: date, one: Rule, other: Rule) -> str:
    """When two rules meet: on a date, or on every such weekday."""
    dated = one.valid_from or other.valid_from
    return f"on {short_day(day)}" if dated else f"on {LONG_NAMES[day.weekday()]}s"


def short_days(days: Iterable[int]) -> str:
    """`Mon–Wed, Sat`: neighbours joined."""
    groups: list[list[int]] = []
    for day in sorted(days):
        if groups and groups[-1][-1] == day - 1:
            groups[-1].append(day)
        else:
            groups.append([day])
    return ", ".join(
        WEEKDAY_NAMES[group[0]] + (f"–{WEEKDAY_NAMES[group[-1]]}" if group[1:] else "") for group in groups
    )


def _long_days(days: frozenset[int]) -> str:
    """`on weekdays`, `on Mondays and Fridays`, `every day`."""
    if not days or len(days) == len(LONG_NAMES):
        return "every day"
    if days == WEEK:
        return "on weekdays"
    if days == WEEKEND:
        return "on weekends"
    return "on " + listed(f"{LONG_NAMES[day - 1]}s" for day in sorted(days))
