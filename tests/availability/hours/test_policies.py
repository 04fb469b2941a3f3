"""What hours may be, and when two of them contradict each other."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.availability.hours.policies import (
    RuleFields,
    affected_days,
    first_clash,
    problems_of,
)
from apps.availability.hours.rules import Rule, days_between
from apps.availability.hours.words import clash_in_words, rule_in_words
from apps.availability.models import RuleKind
from apps.core.ids import new_id
from tests.availability.hours.test_rules import rule

MONDAY = date(2030, 1, 14)
DAY = timedelta(days=1)
ANNA, BEN, OAK_STREET = new_id(), new_id(), new_id()


def weekly(hours: str, *days: int, **parts: Any) -> Rule:
    return rule(hours, days=frozenset(days), **parts)


def exception(hours: str, first: date, last: date | None = None, **parts: Any) -> Rule:
    return rule(hours, kind="EXCEPTION", valid_from=first, valid_to=last or first, **parts)


class TestClash:
    def test_the_same_hours_on_the_same_day(self) -> None:
        assert first_clash(weekly("09:00-17:00", 1), weekly("12:00-13:00", 1, 2)) is not None

    def test_touching_hours_are_fine(self) -> None:
        assert first_clash(weekly("09:00-12:00", 1), weekly("12:00-17:00", 1)) is None

    def test_other_days_are_fine(self) -> None:
        assert first_clash(weekly("09:00-17:00", 1, 3), weekly("09:00-17:00", 2, 4)) is None

    def test_other_people_and_other_kinds_are_fine(self) -> None:
        own = weekly("09:00-17:00", 1, resource_id=ANNA)

        assert first_clash(own, weekly("09:00-17:00", 1, resource_id=BEN)) is None
        assert first_clash(own, weekly("09:00-17:00", 1)) is None
        assert first_clash(own, exception("09:00-17:00", MONDAY, resource_id=ANNA)) is None

    def test_a_night_reaches_into_the_next_day(self) -> None:
        night = weekly("22:00-02:00", 1)

        assert first_clash(night, weekly("01:00-05:00", 2)) is not None
        assert first_clash(weekly("01:00-05:00", 2), night) is not None
        assert first_clash(night, weekly("02:00-05:00", 2)) is None
        assert first_clash(weekly("22:00-02:00", 7), weekly("00:00-01:00", 1)) is not None

    def test_midnight_ends_the_day(self) -> None:
        assert first_clash(weekly("20:00-24:00", 1), weekly("00:00-04:00", 2)) is None

    def test_a_whole_day_from_eight_to_eight_meets_the_next_morning(self) -> None:
        assert first_clash(weekly("08:00-08:00", 1), weekly("07:00-09:00", 2)) is not None
        assert first_clash(weekly("08:00-08:00", 1), weekly("08:00-09:00", 2)) is None

    def test_dates_that_do_not_meet_are_fine(self) -> None:
        june = rule(kind="DATE_RANGE", valid_from=date(2030, 6, 1), valid_to=date(2030, 6, 30))

        assert first_clash(june, rule(kind="DATE_RANGE", valid_from=date(2030, 7, 1))) is None
        assert first_clash(june, rule(kind="DATE_RANGE", valid_from=date(2030, 6, 30))) == date(2030, 6, 30)

    def test_dates_that_share_none_of_the_weekdays_are_fine(self) -> None:
        short = exception("09:00-17:00", MONDAY, MONDAY + DAY)

        assert (
            first_clash(short, exception("09:00-17:00", MONDAY, MONDAY + 6 * DAY, days=frozenset({5})))
            is None
        )

    def test_a_night_reaches_over_the_end_of_its_dates(self) -> None:
        new_year, first = date(2029, 12, 31), date(2030, 1, 1)

        assert first_clash(exception("20:00-03:00", new_year), exception("02:00-05:00", first)) == new_year

    def test_closed_and_open_contradict_each_other_whatever_the_hours(self) -> None:
        closed = exception("00:00-00:00", MONDAY, is_closed=True)

        assert first_clash(closed, exception("09:00-10:00", MONDAY)) == MONDAY
        assert first_clash(closed, exception("00:00-00:00", MONDAY - DAY, MONDAY, is_closed=True)) == MONDAY

    def test_a_closed_day_does_not_cut_the_night_before(self) -> None:
        closed = exception("00:00-00:00", MONDAY, is_closed=True)

        assert first_clash(closed, exception("20:00-03:00", MONDAY - DAY)) is None


quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
near = st.integers(0, 20).map(lambda day: MONDAY + timedelta(days=day))


@st.composite
def ranged(draw: st.DrawFn) -> Rule:
    first, last = sorted([draw(near), draw(near)])
    return rule(
        kind="DATE_RANGE",
        start=draw(quarters),
        end=draw(quarters),
        days=draw(st.frozensets(st.integers(1, 7), max_size=7)),
        valid_from=draw(st.sampled_from([first, None])),
        valid_to=draw(st.sampled_from([last, None])),
        is_closed=draw(st.integers(0, 5)) == 0,
    )


def hours_of(one: Rule, *, all_day: bool) -> set[datetime]:
    """Every quarter of an hour that a rule speaks about; all day, where either of two is closed."""
    found: set[datetime] = set()
    for day in days_between(MONDAY - timedelta(days=40), MONDAY + timedelta(days=60)):
        if one.holds_on(day):
            begin = datetime.combine(day, time.min if all_day else one.start)
            end = begin + DAY if all_day else datetime.combine(day, one.end)
            end = end if end > begin else end + DAY
            found |= {
                begin + timedelta(minutes=15 * n) for n in range(int((end - begin).total_seconds() / 900))
            }
    return found


class TestClashAgainstEveryQuarterOfAnHour:
    @settings(max_examples=80, deadline=None)
    @given(one=ranged(), other=ranged())
    def test_is_found_exactly_where_there_is_one(self, one: Rule, other: Rule) -> None:
        all_day = one.is_closed or other.is_closed

        shared = hours_of(one, all_day=all_day) & hours_of(other, all_day=all_day)
        assert (first_clash(one, other) is not None) == bool(shared)
        assert (first_clash(other, one) is not None) == bool(shared)


class TestAffectedDays:
    def test_are_those_of_before_and_after(self) -> None:
        days = affected_days(
            weekly("09:00-17:00", 1), weekly("09:00-17:00", 3), first=MONDAY, last=MONDAY + 8 * DAY
        )

        assert days == [MONDAY, MONDAY + 2 * DAY, MONDAY + 7 * DAY]

    def test_lie_within_the_span(self) -> None:
        ranged = rule(kind="DATE_RANGE", valid_from=MONDAY - 90 * DAY, valid_to=MONDAY + DAY)

        assert affected_days(ranged, None, first=MONDAY, last=MONDAY + 30 * DAY) == [MONDAY, MONDAY + DAY]


WEEK = RuleFields(location_id=OAK_STREET, days_of_week=(1,), start_time=time(9), end_time=time(17))
RANGE = replace(WEEK, rule_kind=RuleKind.DATE_RANGE, days_of_week=(), valid_from=MONDAY)


class TestProblems:
    def test_good_hours_have_none(self) -> None:
        assert problems_of(WEEK, seats=1, today=MONDAY) == {}
        assert problems_of(RANGE, seats=None, today=MONDAY) == {}

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            (replace(WEEK, days_of_week=()), "days_of_week"),
            (replace(WEEK, days_of_week=(1, 8)), "days_of_week"),
            (replace(RANGE, valid_from=None), "valid_from"),
            (replace(RANGE, rule_kind=RuleKind.EXCEPTION), "valid_to"),
            (replace(RANGE, valid_to=MONDAY - DAY), "valid_to"),
            (replace(WEEK, valid_to=MONDAY - DAY), "valid_to"),
            (replace(RANGE, valid_to=MONDAY + DAY, days_of_week=(5,)), "days_of_week"),
            (replace(WEEK, slot_granularity_minutes=0), "slot_granularity_minutes"),
            (replace(WEEK, slot_duration_minutes=1441), "slot_duration_minutes"),
            (replace(WEEK, slot_duration_minutes=481), "slot_duration_minutes"),
            (replace(WEEK, slot_capacity=0), "slot_capacity"),
            (replace(WEEK, slot_capacity=4), "slot_capacity"),
        ],
    )
    def test_are_named_by_field(self, fields: RuleFields, field: str) -> None:
        assert list(problems_of(fields, seats=3, today=MONDAY)) == [field]

    def test_a_closed_day_needs_no_hours(self) -> None:
        closed = replace(RANGE, is_closed=True, start_time=time(0), end_time=time(0), slot_capacity=9)

        assert problems_of(closed, seats=3, today=MONDAY) == {}


class TestWords:
    @pytest.mark.parametrize(
        ("said", "words"),
        [
            (weekly("09:00-17:00", 1, 2, 3, 5), "every week, Mon–Wed, Fri 09:00–17:00"),
            (weekly("18:00-24:00", 6), "every week, Sat 18:00–24:00"),
            (weekly("22:00-02:00", 6), "every week, Sat 22:00–02:00 the next day"),
            (exception("00:00-00:00", MONDAY, is_closed=True), "exception, closed on 14 January 2030"),
            (
                rule(kind="DATE_RANGE", valid_from=MONDAY, valid_to=MONDAY + DAY),
                "for a while, 09:00–17:00 from 14 January 2030 until 15 January 2030",
            ),
        ],
    )
    def test_of_a_rule(self, said: Rule, words: str) -> None:
        assert rule_in_words(said) == words

    def test_of_a_clash(self) -> None:
        assert clash_in_words(MONDAY, weekly("09:00-10:00", 1), weekly("09:00-10:00", 1)) == "on Mondays"
        assert clash_in_words(MONDAY, exception("09:00-10:00", MONDAY), weekly("09:00-10:00", 1)) == (
            "on 14 January 2030"
        )
