"""When time off is, and what is left of it beside bookings: functions of values."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.availability.errors import InvalidRecurrence
from apps.availability.lanes import Occupant, Period
from apps.availability.time_off.pieces import Piece, Timing, cover, cut, occurrences, repaint
from apps.availability.time_off.recurrence import read_recurrence

DENVER, LORD_HOWE = ZoneInfo("America/Denver"), ZoneInfo("Australia/Lord_Howe")
UTC_ZONE = ZoneInfo("UTC")
MONDAY = date(2030, 1, 14)
START = datetime(2030, 1, 14, tzinfo=UTC)
VACATION, MEETING = UUID(int=1), UUID(int=2)


def timing(rrule: str = "", *, day: date = MONDAY, at: time = time(9), minutes: int = 60) -> Timing:
    return Timing(start_date=day, start_time=at, duration_minutes=minutes, rrule=rrule)


def between(first: date, last: date) -> Period:
    return Period(datetime.combine(first, time.min, UTC), datetime.combine(last, time.min, UTC))


def walls(found: Sequence[Period], zone: ZoneInfo) -> list[str]:
    """Begin and end as the clock on the wall shows them."""
    return [
        f"{period.start.astimezone(zone):%m-%d %H:%M}–{period.end.astimezone(zone):%m-%d %H:%M}"
        for period in found
    ]


class TestOccurrences:
    def test_a_single_one_is_itself(self) -> None:
        (found,) = occurrences(timing(minutes=480), DENVER, between(MONDAY, date(2030, 1, 20)))

        assert found == Period(START + timedelta(hours=16), START + timedelta(hours=24))

    def test_only_those_that_share_a_moment_with_the_window(self) -> None:
        window = Period(START + timedelta(hours=10), START + timedelta(hours=33, minutes=1))

        found = occurrences(timing("FREQ=DAILY"), UTC_ZONE, window)

        assert [period.start for period in found] == [START + timedelta(hours=33)]

    @pytest.mark.parametrize(
        ("rule", "days"),
        [
            ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", [14, 16, 21]),
            ("RRULE:FREQ=WEEKLY;INTERVAL=2", [14, 28]),
            ("freq=daily;until=20300116", [14, 15, 16]),
            ("FREQ=DAILY;UNTIL=20300116T090000", [14, 15, 16]),
            # Nine o'clock in Denver is 16:00 UTC.
            ("FREQ=DAILY;UNTIL=20300116T160000Z", [14, 15, 16]),
            ("FREQ=DAILY;UNTIL=20300116T155959Z", [14, 15]),
            ("FREQ=MONTHLY;BYDAY=3MO", [21]),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", [31]),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", [31]),
        ],
    )
    def test_repeats_as_the_rule_says(self, rule: str, days: list[int]) -> None:
        found = occurrences(timing(rule), DENVER, between(MONDAY, date(2030, 2, 1)))

        assert [period.start.astimezone(DENVER).day for period in found] == days

    def test_stays_at_the_same_time_on_the_wall_when_the_clocks_change(self) -> None:
        # 10 March 2030, 2:00 becomes 3:00.
        daily = timing("FREQ=DAILY", day=date(2030, 3, 9), at=time(12), minutes=60)

        found = occurrences(daily, DENVER, between(date(2030, 3, 9), date(2030, 3, 12)))

        assert walls(found, DENVER) == [f"03-{day:02} 12:00–03-{day:02} 13:00" for day in (9, 10, 11)]
        assert [period.start.hour for period in found] == [19, 18, 18]

    @pytest.mark.parametrize(
        ("zone", "day", "at", "minutes", "expected"),
        [
            # Nine hours on the wall are eight, or ten, of real time.
            (DENVER, date(2030, 3, 10), time(0), 540, "2030-03-10T07:00/2030-03-10T15:00"),
            (DENVER, date(2030, 11, 3), time(0), 540, "2030-11-03T06:00/2030-11-03T16:00"),
            # A start in the gap is the moment of the change; an end in it, too.
            (DENVER, date(2030, 3, 10), time(2, 30), 60, "2030-03-10T09:00/2030-03-10T09:30"),
            (DENVER, date(2030, 3, 10), time(1), 90, "2030-03-10T08:00/2030-03-10T09:00"),
            # In a fold the first occurrence counts.
            (DENVER, date(2030, 11, 3), time(1, 30), 60, "2030-11-03T07:30/2030-11-03T09:30"),
            (DENVER, date(2030, 11, 3), time(0, 30), 60, "2030-11-03T06:30/2030-11-03T07:30"),
            # Lord Howe changes by half an hour: 2:00 becomes 2:30 on 6 October 2030.
            (LORD_HOWE, date(2030, 10, 6), time(2, 10), 60, "2030-10-05T15:30/2030-10-05T16:10"),
            # Beirut's gap is at midnight: 0:00 becomes 1:00.
            (ZoneInfo("Asia/Beirut"), date(2030, 3, 31), time(0), 60, None),
        ],
    )
    def test_boundaries_at_a_change_of_the_clocks(
        self, zone: ZoneInfo, day: date, at: time, minutes: int, expected: str | None
    ) -> None:
        around = between(day - timedelta(days=2), day + timedelta(days=2))

        found = occurrences(timing(day=day, at=at, minutes=minutes), zone, around)

        texts = [f"{period.start:%Y-%m-%dT%H:%M}/{period.end:%Y-%m-%dT%H:%M}" for period in found]
        assert texts == ([] if expected is None else [expected])

    @given(
        rule=st.sampled_from(
            [
                "FREQ=DAILY;INTERVAL=3",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
                "FREQ=WEEKLY;INTERVAL=3;BYDAY=SU,MO;WKST=SU",
                "FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=-1",
                "FREQ=DAILY;BYMONTHDAY=13",
                "FREQ=MONTHLY;BYDAY=2TU",
                "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25",
            ]
        ),
        first=st.integers(0, 400),
        zone=st.sampled_from([DENVER, LORD_HOWE, ZoneInfo("Africa/Casablanca"), UTC_ZONE]),
    )
    def test_a_late_window_sees_the_same_as_a_walk_from_the_beginning(
        self, rule: str, first: int, zone: ZoneInfo
    ) -> None:
        since = MONDAY + timedelta(days=first)
        late, whole = between(since, since + timedelta(days=40)), between(MONDAY, since + timedelta(days=40))

        everything = occurrences(timing(rule), zone, whole)

        assert occurrences(timing(rule), zone, late) == [one for one in everything if one.overlaps(late)]


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            ("FREQ=HOURLY", "HOURLY is too fine"),
            ("FREQ=DAILY;BYHOUR=9,10", "BYHOUR is too fine"),
            ("FREQ=SOMETIMES", "Say how often"),
            ("INTERVAL=2", "Say how often"),
            ("every day", "is not a part"),
            ("FREQ=DAILY;FREQ=WEEKLY", "there twice"),
            ("FREQ=DAILY;COUNT=3;UNTIL=20310101", "not both"),
            ("FREQ=DAILY;COUNT=0", "COUNT takes"),
            ("FREQ=DAILY;COUNT=2,3", "one number"),
            ("FREQ=DAILY;INTERVAL=-1", "INTERVAL takes"),
            ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY takes"),
            ("FREQ=WEEKLY;BYMONTHDAY=1", "can't be used with WEEKLY"),
            ("FREQ=WEEKLY;BYDAY=1MO", "first Monday"),
            ("FREQ=MONTHLY;BYSETPOS=1", "say which"),
            ("FREQ=WEEKLY;BYDAY=XX", "could not be read"),
            ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL is a day"),
            ("FREQ=DAILY;BYEASTER=0", "BYEASTER is not a part"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never happen"),
            ("FREQ=DAILY;UNTIL=20290101", "never happen"),
        ],
    )
    def test_says_in_words_why(self, rule: str, words: str) -> None:
        with pytest.raises(InvalidRecurrence, match=words):
            timing(rule).check(DENVER)

    def test_what_begins_again_before_it_is_over(self) -> None:
        with pytest.raises(InvalidRecurrence, match="before it is over"):
            timing("FREQ=DAILY", minutes=24 * 60 + 1).check(DENVER)

        timing("FREQ=DAILY", minutes=24 * 60).check(DENVER)

    def test_nothing_repeats_without_a_rule(self) -> None:
        assert read_recurrence("  ", DENVER) is None


def at(first: int, last: int) -> Period:
    """From hour to hour of the day."""
    return Period(START + timedelta(hours=first), START + timedelta(hours=last))


def booked(first: int, last: int, *lanes: int) -> Occupant:
    return Occupant(UUID(int=1000 * first + last), at(first, last), lanes or (0,))


class TestCut:
    def test_is_whole_where_nothing_is(self) -> None:
        assert cut(VACATION, at(9, 17), [], capacity=2) == [Piece(VACATION, at(9, 17), (0, 1))]

    def test_leaves_out_what_was_there_before(self) -> None:
        pieces = cut(VACATION, at(9, 17), [booked(8, 10), booked(12, 13), booked(17, 18)], capacity=1)

        assert [piece.period for piece in pieces] == [at(10, 12), at(13, 17)]

    def test_nothing_is_left_of_a_break_in_a_visit(self) -> None:
        assert cut(VACATION, at(12, 13), [booked(11, 14)], capacity=1) == []

    def test_takes_the_other_places_beside_a_visit(self) -> None:
        pieces = cut(VACATION, at(9, 17), [booked(12, 13, 1)], capacity=3)

        assert [(piece.period, piece.lanes) for piece in pieces] == [
            (at(9, 12), (0, 1, 2)),
            (at(12, 13), (0, 2)),
            (at(13, 17), (0, 1, 2)),
        ]

    def test_of_two_that_meet_the_older_one_has_the_moment(self) -> None:
        wanted = [(VACATION, at(9, 17)), (MEETING, at(8, 10))]

        pieces = cover(wanted, [], window=at(0, 24), capacity=1)

        assert [(piece.owner, piece.period) for piece in pieces] == [
            (VACATION, at(9, 17)),
            (MEETING, at(8, 9)),
        ]


hours = st.integers(0, 23).flatmap(lambda first: st.tuples(st.just(first), st.integers(first + 1, 24)))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[int, list[Occupant]]:
    """A capacity, and visits that share no lane at any moment."""
    capacity = draw(st.integers(1, 3))
    visits: list[Occupant] = []
    for number, (first, last) in enumerate(draw(st.lists(hours, max_size=8))):
        busy = {lane for one in visits if one.period.overlaps(at(first, last)) for lane in one.lanes}
        lanes = [lane for lane in range(capacity) if lane not in busy]
        if lanes:
            taken = draw(st.lists(st.sampled_from(lanes), min_size=1, unique=True))
            visits.append(Occupant(UUID(int=100 + number), at(first, last), tuple(sorted(taken))))
    return capacity, visits


def lanes_at(hour: int, visits: Sequence[Occupant], pieces: Sequence[Piece]) -> list[int]:
    """Every lane that is taken during an hour, as often as it is."""
    moment = at(hour, hour + 1)
    there = [*((one.period, one.lanes) for one in visits), *((one.period, one.lanes) for one in pieces)]
    return sorted(lane for period, lanes in there if period.overlaps(moment) for lane in lanes)


class TestTiling:
    @given(calendar=calendars(), away=st.lists(hours, min_size=1, max_size=4))
    def test_pieces_and_visits_tile_every_occurrence_exactly(
        self, calendar: tuple[int, list[Occupant]], away: list[tuple[int, int]]
    ) -> None:
        capacity, visits = calendar
        wanted = [(UUID(int=number), at(*period)) for number, period in enumerate(away)]

        pieces = cover(wanted, visits, window=at(0, 24), capacity=capacity)

        for hour in range(24):
            off = any(first <= hour < last for first, last in away)
            expected = list(range(capacity)) if off else lanes_at(hour, visits, [])
            assert lanes_at(hour, visits, pieces) == expected

    @given(calendar=calendars(), away=hours, window=hours, gone=st.integers(0, 7))
    def test_painting_only_where_something_changed_gives_what_painting_all_would(
        self, calendar: tuple[int, list[Occupant]], away: tuple[int, int], window: tuple[int, int], gone: int
    ) -> None:
        capacity, visits = calendar
        wanted = [(VACATION, at(*away))]
        before = cover(wanted, visits, window=at(0, 24), capacity=capacity)
        freed = visits[gone].period if gone < len(visits) else at(*window)
        left = [one for number, one in enumerate(visits) if number != gone]

        after = repaint(
            before,
            cover(wanted, left, window=freed, capacity=capacity),
            window=freed,
            goes_through=lambda _owner, moment: at(*away).start < moment < at(*away).end,
        )

        everything = cover(wanted, left, window=at(0, 24), capacity=capacity)
        assert sorted(after, key=lambda piece: piece.period) == everything
