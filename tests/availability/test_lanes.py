"""Packing: whoever fits by count gets lanes, and nobody shares one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.availability.fields import Lanes, from_multirange, to_multirange
from apps.availability.lanes import Occupant, Period, Placement, connected, peak_in_use, place

NOON = datetime(2030, 1, 14, 12, tzinfo=UTC)


def at(start: int, end: int) -> Period:
    """A period in minutes after noon."""
    return Period(NOON + timedelta(minutes=start), NOON + timedelta(minutes=end))


def occupant(start: int, end: int, *lanes: int) -> Occupant:
    return Occupant(id=uuid4(), period=at(start, end), lanes=lanes)


class TestPeriod:
    def test_neighbours_do_not_overlap(self) -> None:
        assert not at(0, 30).overlaps(at(30, 60))
        assert not at(30, 60).overlaps(at(0, 30))

    def test_a_shared_moment_is_an_overlap(self) -> None:
        assert at(0, 31).overlaps(at(30, 60))
        assert at(0, 60).overlaps(at(10, 20))


class TestPeak:
    def test_nobody_is_no_use(self) -> None:
        assert peak_in_use([], at(0, 60)) == 0

    def test_those_who_follow_each_other_do_not_add_up(self) -> None:
        assert peak_in_use([occupant(0, 30, 0), occupant(30, 60, 1)], at(0, 60)) == 1

    def test_counts_seats_not_events(self) -> None:
        assert peak_in_use([occupant(0, 30, 0, 1, 2), occupant(10, 40, 3)], at(0, 60)) == 4

    def test_looks_only_at_the_period(self) -> None:
        crowd = [occupant(0, 30, 0), occupant(0, 30, 1), occupant(30, 60, 0)]

        assert peak_in_use(crowd, at(30, 60)) == 1

    def test_who_came_before_the_period_still_counts(self) -> None:
        assert peak_in_use([occupant(-60, 90, 0)], at(0, 30)) == 1


class TestPlace:
    def test_takes_the_lowest_free_lanes(self) -> None:
        placed = place([occupant(0, 60, 1)], period=at(0, 30), party=2, capacity=4)

        assert placed == Placement(lanes=(0, 2), moved={})

    def test_fills_to_the_last_seat_and_no_further(self) -> None:
        one = occupant(0, 60, 0)

        assert place([one], period=at(0, 60), party=1, capacity=2) == Placement(lanes=(1,), moved={})
        assert place([one], period=at(0, 60), party=2, capacity=2) is None

    def test_moves_others_where_only_their_lanes_are_in_the_way(self) -> None:
        # Two half-hours in different lanes leave no lane free for the whole hour, though one seat is free.
        early, late = occupant(0, 30, 0), occupant(30, 60, 1)

        placed = place([early, late], period=at(0, 60), party=1, capacity=2)

        assert placed is not None
        assert len(placed.moved) == 1
        assert set(placed.moved) <= {early.id, late.id}

    def test_time_off_leaves_nothing(self) -> None:
        assert place([occupant(0, 60, 0, 1, 2)], period=at(59, 90), party=1, capacity=3) is None


class TestConnected:
    def test_whoever_overlaps_somebody_who_overlaps_is_in(self) -> None:
        chain = [occupant(20, 50, 0), occupant(40, 80, 1), occupant(70, 90, 0)]
        apart = occupant(90, 120, 0)

        assert connected([*chain, apart], at(0, 30)) == chain

    def test_nobody_near_is_nobody(self) -> None:
        assert connected([occupant(60, 90, 0)], at(0, 30)) == []


periods = st.builds(lambda start, length: at(start, start + length), st.integers(0, 60), st.integers(1, 40))
claims = st.lists(st.tuples(periods, st.integers(1, 4)), max_size=14)


def brute_peak(seated: dict[UUID, tuple[Period, int]], period: Period) -> int:
    """Minute by minute."""
    minutes = int((period.end - period.start) / timedelta(minutes=1))
    moments = [period.start + timedelta(minutes=minute) for minute in range(minutes)]
    return max(sum(size for p, size in seated.values() if p.start <= moment < p.end) for moment in moments)


class TestInvariants:
    """Whatever is claimed in whatever order."""

    @settings(max_examples=250)
    @given(claims=claims, capacity=st.integers(1, 6))
    def test_a_claim_succeeds_exactly_if_the_peak_leaves_room_and_no_lane_is_shared(
        self, claims: list[tuple[Period, int]], capacity: int
    ) -> None:
        seated: dict[UUID, tuple[Period, int]] = {}
        lanes: dict[UUID, Lanes] = {}
        for period, party in claims:
            everyone = [Occupant(who, seated[who][0], lanes[who]) for who in seated]
            near = connected(everyone, period)
            placed = place(near, period=period, party=party, capacity=capacity)

            assert (placed is not None) == (brute_peak(seated, period) + party <= capacity)
            if placed is None:
                continue
            newcomer = uuid4()
            seated[newcomer], lanes[newcomer] = (period, party), placed.lanes
            assert set(placed.moved) <= {one.id for one in near}
            lanes |= placed.moved
            self.check(seated, lanes, capacity)

    def check(self, seated: dict[UUID, tuple[Period, int]], lanes: dict[UUID, Lanes], capacity: int) -> None:
        for who, (period, party) in seated.items():
            assert len(set(lanes[who])) == party, "everybody keeps their size"
            assert lanes[who] == tuple(sorted(lanes[who]))
            assert set(lanes[who]) <= set(range(capacity))
            for other, (other_period, _) in seated.items():
                if other != who and period.overlaps(other_period):
                    assert not set(lanes[who]) & set(lanes[other])

    @given(claims=claims, period=periods)
    def test_the_peak_is_that_of_every_minute(self, claims: list[tuple[Period, int]], period: Period) -> None:
        occupants = [Occupant(uuid4(), at_time, tuple(range(size))) for at_time, size in claims]
        seated = {one.id: (one.period, len(one.lanes)) for one in occupants}

        assert peak_in_use(occupants, period) == brute_peak(seated, period)

    @given(claims=claims, period=periods)
    def test_nobody_outside_the_neighbourhood_touches_it(
        self, claims: list[tuple[Period, int]], period: Period
    ) -> None:
        occupants = [Occupant(uuid4(), at_time, tuple(range(size))) for at_time, size in claims]
        near = connected(occupants, period)
        inside = [period, *(one.period for one in near)]

        for one in occupants:
            if one not in near:
                assert not any(one.period.overlaps(other) for other in inside)

    @given(st.sets(st.integers(0, 60)))
    def test_lanes_survive_the_database_s_form(self, lanes: set[int]) -> None:
        assert from_multirange(to_multirange(lanes)) == tuple(sorted(lanes))

    def test_neighbouring_lanes_are_one_range(self) -> None:
        assert str(to_multirange([3, 0, 1])) == "{[0, 2), [3, 4)}"
