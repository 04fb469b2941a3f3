"""What hours may be, and when two of them contradict each other: pure functions of values (seed 003)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from apps.availability.hours.rules import MIDNIGHT, Rule, days_between, window_of
from apps.availability.models import WEEKDAYS, RuleKind

DAY = timedelta(days=1)
# Where neither rule says from when, any week shows whether they meet: this one begins on a Monday.
SOME_MONDAY = date(2024, 1, 1)
WEEKDAY_NAMES = dict(WEEKDAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFields:
    """What somebody wants a rule to say. Times and dates are the location's wall time; `days` ISO weekdays.

    An end at or before the start lies on the next day; `00:00` as an end is the midnight that ends the day.
    Closed days are closed all day: their hours say nothing.
    """

    location_id: UUID
    resource_id: UUID | None = None
    rule_kind: RuleKind = RuleKind.WEEKLY
    days_of_week: tuple[int, ...] = ()
    start_time: time = MIDNIGHT
    end_time: time = MIDNIGHT
    slot_capacity: int = 1
    slot_granularity_minutes: int = 15
    slot_duration_minutes: int = 30
    valid_from: date | None = None
    valid_to: date | None = None
    is_closed: bool = False
    note: str = ""

    def value(self) -> Rule:
        """As the pure functions take it."""
        return Rule(
            resource_id=self.resource_id,
            kind=self.rule_kind,
            days=frozenset(self.days_of_week),
            start=self.start_time,
            end=self.end_time,
            capacity=self.slot_capacity,
            granularity=self.slot_granularity_minutes,
            duration=self.slot_duration_minutes,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            is_closed=self.is_closed,
        )


Problem = tuple[str, str]


def problems_of(fields: RuleFields, *, seats: int | None, today: date) -> dict[str, list[str]]:
    """What is wrong with a rule, by field, in words; empty where nothing is.

    `seats` is how many its resources serve at once, None where there is nobody yet; `today` the location's.
    """
    found: dict[str, list[str]] = {}
    for field, message in [*_of_dates(fields, today), *_of_slots(fields, seats)]:
        found.setdefault(field, []).append(message)
    return found


def _of_dates(fields: RuleFields, today: date) -> Iterator[Problem]:
    if not set(fields.days_of_week) <= set(WEEKDAY_NAMES):
        yield "days_of_week", "Days are 1 for Monday to 7 for Sunday."
    if fields.rule_kind == RuleKind.WEEKLY and not fields.days_of_week:
        yield "days_of_week", "Choose at least one day."
    if fields.rule_kind != RuleKind.WEEKLY and fields.valid_from is None:
        yield "valid_from", "Say from which day on."
    if fields.rule_kind == RuleKind.EXCEPTION and fields.valid_to is None:
        yield "valid_to", "Say which day is the last; an exception ends."
    if fields.valid_to is None:
        return
    if fields.valid_from is not None and fields.valid_to < fields.valid_from:
        yield "valid_to", "The last day is before the first."
    elif fields.valid_to < today:
        yield "valid_to", "These days are over."
    elif fields.valid_from is not None and not any(_days_of_validity(fields)):
        yield "days_of_week", "None of these weekdays lies between the two dates."


def _days_of_validity(fields: RuleFields) -> Iterator[bool]:
    first, last = fields.valid_from, fields.valid_to
    if first is not None and last is not None:
        rule = fields.value()
        yield from (rule.holds_on(day) for day in days_between(first, min(last, first + 6 * DAY)))


def _of_slots(fields: RuleFields, seats: int | None) -> Iterator[Problem]:
    for field in ("slot_granularity_minutes", "slot_duration_minutes"):
        if not 1 <= getattr(fields, field) <= 24 * 60:
            yield field, "Between 1 minute and a day of 1440."
    if fields.slot_capacity < 1:
        yield "slot_capacity", "At least 1; to sell nothing, close the day."
    if fields.is_closed:
        return
    if seats is not None and fields.slot_capacity > seats:
        yield (
            "slot_capacity",
            f"Nobody here serves more than {seats} at the same time. Raise that number first.",
        )
    begins, ends = window_of(fields.value(), SOME_MONDAY)
    if timedelta(minutes=fields.slot_duration_minutes) > ends - begins:
        yield (
            "slot_duration_minutes",
            f"A visit of {fields.slot_duration_minutes} minutes does not fit between these hours.",
        )


def first_clash(one: Rule, other: Rule) -> date | None:
    """The first day on which two rules of one scope and kind speak about the same hours, else None.

    Windows past midnight reach into the next day; touching windows are fine. A closed day speaks about all
    of its own hours, but does not cut the night that began the day before. Where neither rule is bounded by
    dates, the day stands for its weekday.
    """
    if one.resource_id != other.resource_id or one.kind != other.kind:
        return None
    shifts = (0, 1, -1)
    clashes = (
        _first_clash_shifted(one, other, shift) for shift in shifts if _windows_meet(one, other, shift)
    )
    return min((day for day in clashes if day is not None), default=None)


def _windows_meet(one: Rule, other: Rule, shift: int) -> bool:
    """Whether the window of one day meets that of the other rule, so many days later."""
    if one.is_closed or other.is_closed:
        return shift == 0
    begins, ends = window_of(one, SOME_MONDAY)
    other_begins, other_ends = window_of(other, SOME_MONDAY + shift * DAY)
    return begins < other_ends and other_begins < ends


def _first_clash_shifted(one: Rule, other: Rule, shift: int) -> date | None:
    froms = [one.valid_from, other.valid_from - shift * DAY if other.valid_from else None]
    first = max((day for day in froms if day is not None), default=SOME_MONDAY)
    # Weekdays repeat: what does not happen within a week of the later beginning never does.
    week = days_between(first, first + 6 * DAY)
    days = (day for day in week if one.holds_on(day) and other.holds_on(day + shift * DAY))
    return next(days, None)


def affected_days(*rules: Rule | None, first: date, last: date) -> list[date]:
    """The days between two dates about which any of these rules speaks; None is a rule that is not there."""
    present = [rule for rule in rules if rule is not None]
    return [day for day in days_between(first, last) if any(rule.holds_on(day) for rule in present)]
