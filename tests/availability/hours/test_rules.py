"""Rules to working time and starts."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.availability.hours.rules import (
    Rule,
    boundary,
    days_between,
    rules_of_day,
    slots_of_day,
    working_time,
)
from apps.availability.lanes import Period
from apps.core.ids import new_id
from tests.availability.hours import oracle

DENVER = ZoneInfo("America/Denver")
MONDAY = date(2030, 1, 14)
ANNA = new_id()


def rule(hours: str = "09:00-17:00", **parts: Any) -> Rule:
    start, end = (time.fromisoformat(part) for part in hours.replace("24:00", "00:00").split("-"))
    given: dict[str, Any] = {
        "resource_id": None,
        "kind": "WEEKLY",
        "days": frozenset(),
        "start": start,
        "end": end,
        "capacity": 1,
        "granularity": 30,
        "duration": 30,
    }
    return Rule(**given | parts)


def on(day: date, hours: str = "09:00-17:00", **parts: Any) -> Rule:
    """An exception of one day."""
    return rule(hours, kind="EXCEPTION", valid_from=day, valid_to=day, **parts)


def wall_starts(rules: list[Rule], day: date, zone: ZoneInfo = DENVER) -> list[str]:
    return [f"{slot.start_at.astimezone(zone):%d %H:%M}" for slot in slots_of_day(rules, zone, day)]


def utc(*parts: int) -> datetime:
    year, month, day, hour, minute = (*parts, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


class TestHoldsOn:
    def test_weekdays(self) -> None:
        weekend = rule(days=frozenset({6, 7}))

        assert [weekend.holds_on(day) for day in days_between(MONDAY, MONDAY + timedelta(days=6))] == (
            [False] * 5 + [True] * 2
        )

    def test_no_weekdays_are_all(self) -> None:
        assert rule().holds_on(MONDAY)

    def test_both_ends_of_validity_count(self) -> None:
        week = rule(valid_from=date(2030, 1, 10), valid_to=date(2030, 1, 12))

        assert [week.holds_on(date(2030, 1, day)) for day in (9, 10, 12, 13)] == [False, True, True, False]


class TestPrecedence:
    def test_an_exception_beats_a_range_beats_the_week(self) -> None:
        weekly, ranged = rule(), rule(kind="DATE_RANGE", valid_from=MONDAY)
        exception = on(MONDAY)

        assert rules_of_day([weekly, exception, ranged], MONDAY) == [exception]
        assert rules_of_day([weekly, ranged], MONDAY) == [ranged]
        assert rules_of_day([ranged, weekly], MONDAY - timedelta(days=1)) == [weekly]

    @pytest.mark.parametrize("kind", ["WEEKLY", "DATE_RANGE", "EXCEPTION"])
    def test_own_hours_beat_all_hours_of_the_location(self, kind: str) -> None:
        own = rule("10:00-12:00", resource_id=ANNA)
        others = rule(kind=kind, valid_from=MONDAY)

        assert rules_of_day([others, own], MONDAY) == [own]

    def test_without_hours_of_ones_own_the_locations_hold(self) -> None:
        own = rule(resource_id=ANNA, days=frozenset({2}))
        default = rule()

        assert rules_of_day([own, default], MONDAY) == [default]

    def test_a_closed_location_closes_those_with_hours_of_their_own(self) -> None:
        closed = on(MONDAY, is_closed=True)
        own = [rule(resource_id=ANNA), rule(resource_id=ANNA, kind="DATE_RANGE", valid_from=MONDAY)]

        assert rules_of_day([closed, *own], MONDAY) == []

    def test_but_not_those_with_an_exception_of_their_own(self) -> None:
        closed, emergency = on(MONDAY, is_closed=True), on(MONDAY, "10:00-12:00", resource_id=ANNA)

        assert rules_of_day([closed, emergency], MONDAY) == [emergency]

    def test_closing_wins_within_its_rank(self) -> None:
        assert rules_of_day([on(MONDAY), on(MONDAY, "00:00-24:00", is_closed=True)], MONDAY) == []

    def test_a_persons_closed_day_is_theirs_alone(self) -> None:
        assert rules_of_day([rule(), on(MONDAY, resource_id=ANNA, is_closed=True)], MONDAY) == []

    def test_several_windows_of_one_rank_all_count(self) -> None:
        morning, afternoon = rule("09:00-12:00"), rule("13:00-17:00")

        assert rules_of_day([morning, afternoon], MONDAY) == [morning, afternoon]

    def test_no_rule_is_no_work(self) -> None:
        assert rules_of_day([], MONDAY) == []


class TestSlots:
    def test_step_from_the_windows_start_and_end_within_it(self) -> None:
        assert wall_starts([rule("09:10-10:30", granularity=15, duration=30)], MONDAY) == [
            "14 09:10",
            "14 09:25",
            "14 09:40",
            "14 09:55",
        ]

    def test_each_window_has_a_grid_of_its_own(self) -> None:
        rules = [rule("09:00-10:00"), rule("13:10-14:10")]

        assert wall_starts(rules, MONDAY) == ["14 09:00", "14 09:30", "14 13:10", "14 13:40"]

    def test_windows_that_overlap_give_each_start_once(self) -> None:
        rules = [rule("09:00-10:00", capacity=2), rule("09:30-10:30", capacity=5)]

        assert wall_starts(rules, MONDAY) == ["14 09:00", "14 09:30", "14 10:00"]

    def test_a_window_over_midnight_belongs_to_the_day_of_its_start(self) -> None:
        night = rule("23:00-01:00", days=frozenset({1}))

        assert wall_starts([night], MONDAY) == ["14 23:00", "14 23:30", "15 00:00", "15 00:30"]
        assert {slot.date for slot in slots_of_day([night], DENVER, MONDAY)} == {MONDAY}
        assert wall_starts([night], MONDAY + timedelta(days=1)) == []

    def test_midnight_as_an_end_ends_the_day(self) -> None:
        assert wall_starts([rule("23:00-24:00")], MONDAY) == ["14 23:00", "14 23:30"]

    def test_equal_ends_are_a_whole_day(self) -> None:
        assert len(wall_starts([rule("00:00-24:00")], MONDAY)) == 48
        assert len(wall_starts([rule("08:00-08:00")], MONDAY)) == 48

    def test_a_window_shorter_than_its_slots_has_none(self) -> None:
        assert wall_starts([rule("09:00-09:20")], MONDAY) == []

    def test_carry_capacity_and_length(self) -> None:
        (slot,) = slots_of_day([rule("09:00-10:00", capacity=3, duration=60)], DENVER, MONDAY)

        assert (slot.capacity, slot.end_at - slot.start_at) == (3, timedelta(hours=1))
        assert slot.start_at == utc(2030, 1, 14, 16)


SPRING, AUTUMN = date(2030, 3, 10), date(2030, 11, 3)


class TestChangesOfTheClock:
    def test_a_start_inside_the_gap_is_skipped(self) -> None:
        assert wall_starts([rule("01:00-04:00")], SPRING) == ["10 01:00", "10 01:30", "10 03:00", "10 03:30"]

    def test_starts_step_by_the_wall_clock_over_the_gap(self) -> None:
        assert wall_starts([rule("00:30-05:00", granularity=60)], SPRING) == [
            "10 00:30",
            "10 01:30",
            "10 03:30",
            "10 04:30",
        ]

    def test_of_the_repeated_hour_the_first_is_sold_and_the_second_is_not(self) -> None:
        slots = slots_of_day([rule("00:30-03:00")], DENVER, AUTUMN)

        assert [slot.start_at for slot in slots] == [
            utc(2030, 11, 3, 6, 30),
            utc(2030, 11, 3, 7, 0),
            utc(2030, 11, 3, 7, 30),  # 1:30, the first time
            utc(2030, 11, 3, 9, 0),  # 2:00: the second 1:00 to 2:00 went by unsold
            utc(2030, 11, 3, 9, 30),
        ]

    def test_a_length_is_elapsed_time(self) -> None:
        slots = slots_of_day([rule("01:30-05:00", duration=120)], DENVER, SPRING)

        assert [
            f"{s.start_at.astimezone(DENVER):%H:%M}-{s.end_at.astimezone(DENVER):%H:%M}" for s in slots
        ] == [
            "01:30-04:30",
            "03:00-05:00",
        ]

    def test_a_window_that_ends_inside_the_gap_ends_at_the_change(self) -> None:
        change = utc(2030, 3, 10, 9)

        assert boundary(datetime.combine(SPRING, time(2, 30)), DENVER) == change
        assert slots_of_day([rule("01:00-02:30")], DENVER, SPRING)[-1].end_at == change
        assert working_time([rule("01:00-02:30")], DENVER, [SPRING]) == [Period(utc(2030, 3, 10, 8), change)]

    def test_a_window_inside_the_gap_is_nothing(self) -> None:
        assert slots_of_day([rule("02:00-03:00")], DENVER, SPRING) == []
        assert working_time([rule("02:00-03:00")], DENVER, [SPRING]) == []

    def test_a_window_that_begins_inside_the_gap_begins_at_the_change(self) -> None:
        (period,) = working_time([rule("02:30-04:00")], DENVER, [SPRING])

        assert period.start == utc(2030, 3, 10, 9)
        assert wall_starts([rule("02:30-04:00")], SPRING) == ["10 03:00", "10 03:30"]

    def test_a_window_that_ends_in_the_fold_ends_the_first_time(self) -> None:
        assert working_time([rule("00:00-01:30")], DENVER, [AUTUMN]) == [
            Period(utc(2030, 11, 3, 6), utc(2030, 11, 3, 7, 30))
        ]

    def test_a_day_of_24_hours_on_the_clock_has_23_or_25(self) -> None:
        lengths = [
            sum((p.end - p.start for p in working_time([rule("00:00-24:00")], DENVER, [day])), timedelta())
            for day in (SPRING, AUTUMN)
        ]

        assert lengths == [timedelta(hours=23), timedelta(hours=25)]

    def test_half_an_hour_at_lord_howe(self) -> None:
        zone = ZoneInfo("Australia/Lord_Howe")
        spring, autumn = date(2030, 10, 6), date(2030, 4, 7)

        assert wall_starts([rule("01:30-03:00", granularity=15)], spring, zone) == [
            "06 01:30",
            "06 01:45",
            "06 02:30",
        ]
        repeated = slots_of_day([rule("01:00-02:30", granularity=15, duration=15)], zone, autumn)
        assert (
            len(repeated) == len({slot.start_at.astimezone(zone).strftime("%H:%M") for slot in repeated}) == 6
        )

    @pytest.mark.parametrize(
        ("name", "day"),
        [
            ("America/Santiago", date(2030, 9, 8)),
            ("Asia/Beirut", date(2030, 3, 31)),
            ("Africa/Cairo", date(2030, 4, 26)),
        ],
    )
    def test_a_day_that_begins_with_a_gap(self, name: str, day: date) -> None:
        zone = ZoneInfo(name)

        assert datetime.combine(day, time.min, zone).astimezone(UTC).astimezone(zone).hour == 1
        assert wall_starts([rule("00:00-02:00")], day, zone) == [f"{day:%d} 01:00", f"{day:%d} 01:30"]
        eve = day - timedelta(days=1)
        assert wall_starts([rule("23:00-24:00")], eve, zone) == [f"{eve:%d} 23:00", f"{eve:%d} 23:30"]
        assert len(working_time([rule("00:00-24:00")], zone, [eve, day])) == 1

    def test_a_date_that_never_was(self) -> None:
        # Samoa went straight from 29 to 31 December 2011.
        zone, skipped = ZoneInfo("Pacific/Apia"), date(2011, 12, 30)

        assert slots_of_day([rule("09:00-17:00")], zone, skipped) == []
        assert working_time([rule("09:00-17:00")], zone, [skipped]) == []


class TestWorkingTime:
    def test_windows_that_touch_are_one(self) -> None:
        rules = [rule("09:00-12:00"), rule("12:00-17:00")]

        assert working_time(rules, DENVER, [MONDAY]) == [Period(utc(2030, 1, 14, 16), utc(2030, 1, 15, 0))]

    def test_windows_that_overlap_are_one(self) -> None:
        rules = [rule("09:00-15:00"), rule("10:00-11:00"), rule("14:00-17:00")]

        assert working_time(rules, DENVER, [MONDAY]) == [Period(utc(2030, 1, 14, 16), utc(2030, 1, 15, 0))]

    def test_a_break_divides(self) -> None:
        assert len(working_time([rule("09:00-12:00"), rule("12:30-17:00")], DENVER, [MONDAY])) == 2

    def test_days_join_at_midnight(self) -> None:
        days = days_between(MONDAY, MONDAY + timedelta(days=2))

        assert len(working_time([rule("00:00-24:00")], DENVER, days)) == 1
        assert len(working_time([rule("22:00-02:00"), rule("02:00-04:00")], DENVER, days)) == 4

    def test_different_rules_of_different_days_join(self) -> None:
        monday, tuesday = rule("20:00-24:00", days=frozenset({1})), rule("00:00-03:00", days=frozenset({2}))

        (period,) = working_time([monday, tuesday], DENVER, [MONDAY, MONDAY + timedelta(days=1)])
        assert period.end - period.start == timedelta(hours=7)


# Zones with changes by half an hour, at midnight, twice around Ramadan, by none at all.
ZONES = [
    "America/Denver",
    "America/Santiago",
    "America/St_Johns",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Chatham",
    "UTC",
]


def days_around_changes() -> list[tuple[str, date]]:
    """For every zone the days of its changes in 2030, and the days around them."""
    found = []
    for name in ZONES:
        zone = ZoneInfo(name)
        offsets = [
            (datetime(2030, 1, 2, 12, tzinfo=UTC) + timedelta(days=number)).astimezone(zone)
            for number in range(360)
        ]
        for before, after in pairwise(offsets):
            if before.utcoffset() != after.utcoffset():
                found += [(name, before.date() + timedelta(days=shift)) for shift in (-1, 0, 1)]
    return found


CHANGES = days_around_changes()
zones_and_days = st.one_of(
    st.sampled_from(CHANGES),
    st.tuples(st.sampled_from(ZONES), st.dates(date(2029, 1, 5), date(2031, 12, 20))),
)
quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


class TestAgainstTheOracle:
    """Two ways to the same answer: from wall time to instants, and minute by minute through UTC."""

    @settings(max_examples=120, deadline=None)
    @given(
        where=zones_and_days,
        start=quarters,
        end=quarters,
        granularity=st.sampled_from([10, 15, 20, 30, 45, 60, 90]),
        duration=st.sampled_from([5, 15, 30, 45, 60, 120, 300]),
    )
    @example(("America/Denver", SPRING), time(1), time(2, 30), 30, 30)
    @example(("America/Denver", AUTUMN), time(0, 30), time(3), 30, 60)
    @example(("America/Denver", AUTUMN), time(1, 30), time(1, 15), 45, 60)
    @example(("America/Santiago", date(2030, 9, 7)), time(23), time(0, 30), 15, 15)
    def test_starts(
        self, where: tuple[str, date], start: time, end: time, granularity: int, duration: int
    ) -> None:
        zone, day = ZoneInfo(where[0]), where[1]
        one = rule(granularity=granularity, duration=duration, start=start, end=end)

        ours = [(slot.start_at, slot.end_at) for slot in slots_of_day([one], zone, day)]
        assert ours == oracle.slots(one, zone, day)

    @settings(max_examples=60, deadline=None)
    @given(where=zones_and_days, windows=st.lists(st.tuples(quarters, quarters), min_size=1, max_size=3))
    def test_working_time(self, where: tuple[str, date], windows: list[tuple[time, time]]) -> None:
        zone, day = ZoneInfo(where[0]), where[1]
        rules = [rule(start=start, end=end) for start, end in windows]
        days = [day, day + timedelta(days=1)]

        periods = working_time(rules, zone, days)

        minutes = {
            period.start + timedelta(minutes=minute)
            for period in periods
            for minute in range(int((period.end - period.start) / timedelta(minutes=1)))
        }
        assert minutes == oracle.working_minutes([(one, each) for each in days for one in rules], zone)
        assert all(one.end < other.start for one, other in pairwise(periods))


def test_a_start_that_two_days_make_belongs_to_the_first_of_them() -> None:
    late = Rule(
        resource_id=None,
        kind="WEEKLY",
        days=frozenset({1}),
        start=time(23),
        end=time(2),
        capacity=2,
        granularity=60,
        duration=60,
    )
    early = replace(
        late,
        kind="EXCEPTION",
        days=frozenset(),
        start=time(0),
        end=time(4),
        capacity=1,
        valid_from=date(2030, 1, 15),
        valid_to=date(2030, 1, 15),
    )
    made = [slots_of_day([late, early], ZoneInfo("UTC"), date(2030, 1, day)) for day in (14, 15)]

    assert [[slot.start_at.hour for slot in slots] for slots in made] == [[23, 0, 1], [2, 3]]
