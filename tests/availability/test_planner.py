"""Several services as one visit: by example, and against trying everything."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.availability.lanes import Occupant, Period
from apps.availability.planner import Itinerary, Mode, Request, plan, possible_starts
from apps.availability.planning import search as planner_search
from apps.availability.planning.free_time import Segment, Wanted, Worker

DENVER = ZoneInfo("America/Denver")
MONDAY, TUESDAY = date(2030, 1, 14), date(2030, 1, 15)
STUDENT, MASTER, NANNA = UUID(int=1), UUID(int=2), UUID(int=3)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def at(clock: str, day: date = MONDAY) -> datetime:
    """Denver's wall time as an instant."""
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), DENVER).astimezone(UTC)  # noqa: DTZ007  (the zone follows)


def between(start: str, end: str, day: date = MONDAY) -> Period:
    return Period(at(start, day), at(end, day))


def busy(start: str, end: str, *, lanes: tuple[int, ...] = (0,), day: date = MONDAY) -> Occupant:
    return Occupant(UUID(int=9), between(start, end, day), lanes)


def worker(
    who: UUID, hours: str = "09:00-17:00", *, days: Sequence[date] = (MONDAY,), **parts: Any
) -> Worker:
    """Somebody with a start each half hour of their hours, which may be several: "9:00-12:00 13:00-17:00"."""
    stretches = [tuple(stretch.split("-")) for stretch in hours.split()]
    working = [between(opens, closes, day) for day in days for opens, closes in stretches]
    step = minutes(parts.pop("step", 30))
    grid = {
        stretch.start + number * step: parts.get("capacity", 1)
        for stretch in working
        for number in range((stretch.end - stretch.start) // step)
    }
    return Worker(id=who, working=working, grid=parts.pop("grid", grid), **parts)


def line(length: int, *skills: str, **parts: Any) -> Wanted:
    return Wanted(duration=minutes(length), skills=frozenset(skills), **parts)


def planned(lines: Iterable[Wanted], *workers: Worker, **parts: Any) -> list[Itinerary]:
    """The ranked itineraries from any start of anybody's grid."""
    starts = parts.pop("starts", None) or {start for one in workers for start in one.grid}
    request = Request(lines=tuple(lines), **parts)
    found = plan(request, workers, starts=starts, zone=DENVER)
    possible = possible_starts(request, workers, starts=starts, zone=DENVER)
    assert list(possible) == sorted(one.start for one in found), "without ranking the starts are the same"
    return found


def starts(itineraries: Iterable[Itinerary]) -> list[str]:
    return sorted(f"{one.start.astimezone(DENVER):%H:%M}" for one in itineraries)


def told(itinerary: Itinerary) -> list[tuple[UUID, str, str]]:
    """Who, from when and until when."""
    return [
        (
            s.resource_id,
            f"{s.visit.start.astimezone(DENVER):%H:%M}",
            f"{s.visit.end.astimezone(DENVER):%H:%M}",
        )
        for s in itinerary.segments
    ]


def at_start(itineraries: Iterable[Itinerary], clock: str, day: date = MONDAY) -> Itinerary:
    return next(one for one in itineraries if one.start == at(clock, day))


class TestChain:
    def test_the_student_washes_and_the_master_colours(self) -> None:
        student = worker(STUDENT, skills=frozenset({"wash"}))
        master = worker(MASTER, skills=frozenset({"wash", "colour"}), occupants=[busy("09:00", "13:30")])

        found = at_start(planned([line(30, "wash"), line(90, "colour")], student, master), "13:00")

        assert told(found) == [(STUDENT, "13:00", "13:30"), (MASTER, "13:30", "15:00")]
        assert found.wait == minutes(0)

    def test_the_next_begins_off_the_grid_if_the_last_ends_there(self) -> None:
        found = planned([line(20), line(40)], worker(STUDENT), same_person=True)

        assert told(at_start(found, "10:00")) == [(STUDENT, "10:00", "10:20"), (STUDENT, "10:20", "11:00")]

    def test_nobody_waits_unless_a_gap_is_allowed(self) -> None:
        lines = [line(30, "wash"), line(90, "colour")]
        student = worker(STUDENT, "09:00-10:00", skills=frozenset({"wash"}))
        master = worker(MASTER, "11:00-17:00", skills=frozenset({"colour"}))

        assert planned(lines, student, master) == []
        assert starts(planned(lines, student, master, max_gap=minutes(60))) == ["09:30"]
        assert starts(planned(lines, student, master, max_gap=minutes(90))) == ["09:00", "09:30"]

    def test_the_order_of_the_lines_is_kept(self) -> None:
        student = worker(STUDENT, "09:00-10:00", skills=frozenset({"wash"}))
        master = worker(MASTER, "09:30-11:00", skills=frozenset({"colour"}))

        assert starts(planned([line(30, "wash"), line(60, "colour")], student, master)) == ["09:00", "09:30"]
        assert planned([line(60, "colour"), line(30, "wash")], student, master) == []

    def test_a_line_too_many_is_refused(self) -> None:
        with pytest.raises(ValueError, match="1 to 8 lines"):
            Request(lines=(line(5),) * 9)
        with pytest.raises(ValueError, match="1 to 8 lines"):
            Request(lines=())


class TestWho:
    def test_of_two_equal_masters_the_one_whose_day_stays_whole(self) -> None:
        karina = worker(MASTER, "09:00-12:00")
        nanna = worker(NANNA, "10:00-12:00")

        assert told(at_start(planned([line(30)], karina, nanna), "10:00")) == [(NANNA, "10:00", "10:30")]

    def test_of_two_who_are_alike_the_first_by_id(self) -> None:
        found = planned([line(30), line(30)], worker(NANNA), worker(MASTER))

        assert {segment.resource_id for one in found for segment in one.segments} == {MASTER}

    def test_two_equal_masters_share_what_neither_could_do_alone(self) -> None:
        karina, nanna = worker(MASTER, "09:00-10:30"), worker(NANNA, "10:30-12:00")

        found = planned([line(90), line(90)], karina, nanna)

        assert [told(one) for one in found] == [[(MASTER, "09:00", "10:30"), (NANNA, "10:30", "12:00")]]
        assert planned([line(90), line(90)], karina, nanna, same_person=True) == []

    def test_a_named_person_and_nobody_else(self) -> None:
        found = planned([line(30, resource_id=NANNA), line(30)], worker(MASTER), worker(NANNA))

        assert {one.segments[0].resource_id for one in found} == {NANNA}

    def test_somebody_who_is_not_there_does_nothing(self) -> None:
        assert planned([line(30, resource_id=NANNA)], worker(MASTER)) == []
        assert planned([line(30, "gas")], worker(MASTER)) == []

    def test_the_same_person_does_all_if_asked(self) -> None:
        student = worker(STUDENT, skills=frozenset({"wash"}))
        master = worker(MASTER, skills=frozenset({"wash", "colour"}), occupants=[busy("13:00", "13:30")])
        found = planned([line(30, "wash"), line(60, "colour")], student, master, same_person=True)

        assert {segment.resource_id for one in found for segment in one.segments} == {MASTER}
        assert "13:00" not in starts(found)
        assert "12:30" not in starts(found)
        assert "11:30" in starts(found)


class TestParallel:
    def test_all_begin_together_with_different_people(self) -> None:
        found = planned(
            [line(30), line(60)],
            worker(MASTER),
            worker(NANNA, occupants=[busy("12:00", "17:00")]),
            mode=Mode.PARALLEL,
        )

        assert starts(found) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
        assert told(at_start(found, "11:30")) == [(NANNA, "11:30", "12:00"), (MASTER, "11:30", "12:30")]

    def test_one_person_cannot_do_two_things_at_once(self) -> None:
        assert planned([line(30), line(30)], worker(MASTER), mode=Mode.PARALLEL) == []

    def test_a_pool_can_as_far_as_it_has_places(self) -> None:
        pool = worker(MASTER, "09:00-10:00", capacity=3, occupants=[busy("09:30", "10:00", lanes=(0, 1))])
        found = planned([line(30), line(30)], pool, mode=Mode.PARALLEL)

        assert starts(found) == ["09:00"]

    def test_whoever_has_the_rare_skill_is_kept_for_it(self) -> None:
        both = worker(STUDENT, skills=frozenset({"wash", "colour"}))
        washer = worker(MASTER, "09:00-09:30", skills=frozenset({"wash"}))

        found = planned([line(30, "wash"), line(30, "colour")], both, washer, mode=Mode.PARALLEL)

        assert [told(one) for one in found] == [[(MASTER, "09:00", "09:30"), (STUDENT, "09:00", "09:30")]]


class TestSplit:
    def test_180_minutes_over_two_days(self) -> None:
        short_days = worker(MASTER, "09:00-11:00", days=(MONDAY, TUESDAY))
        assert planned([line(180)], short_days) == []

        found = at_start(planned([line(180, may_split=True)], short_days), "09:00")

        assert told(found) == [(MASTER, "09:00", "11:00"), (MASTER, "09:00", "10:00")]
        assert [segment.line for segment in found.segments] == [0, 0]
        assert found.segments[1].visit.start == at("09:00", TUESDAY)

    def test_no_piece_is_shorter_than_the_minimum(self) -> None:
        short_days = worker(MASTER, "09:00-11:00", days=(MONDAY, TUESDAY))

        found = at_start(planned([line(130, may_split=True, minimum_piece=minutes(40))], short_days), "09:00")
        assert told(found) == [(MASTER, "09:00", "10:30"), (MASTER, "09:00", "09:40")]

        late = planned([line(130, may_split=True, minimum_piece=minutes(60))], short_days)
        assert starts(late) == ["09:00", "09:30", "10:00"]

    def test_goes_on_after_whatever_is_in_the_way(self) -> None:
        taken = worker(
            MASTER, "09:00-11:00", days=(MONDAY, TUESDAY), occupants=[busy("09:00", "09:45", day=TUESDAY)]
        )

        found = at_start(planned([line(180, may_split=True)], taken), "09:00")
        assert told(found)[1] == (MASTER, "10:00", "11:00")

    def test_a_break_does_not_split_what_could_wait_for_a_whole_stretch(self) -> None:
        found = planned([line(120, may_split=True)], worker(MASTER, "09:00-12:00 13:00-17:00"))

        best = found[0]
        assert best.wait == minutes(0)
        assert told(at_start(found, "11:00")) == [(MASTER, "11:00", "12:00"), (MASTER, "13:00", "14:00")]
        assert at_start(found, "11:00").wait == minutes(60)

    def test_must_be_done_in_time(self) -> None:
        weekly = worker(MASTER, "09:00-11:00", days=(MONDAY, MONDAY + timedelta(days=7)))

        assert starts(planned([line(180, may_split=True)], weekly)) == ["09:00", "09:30", "10:00"]
        assert planned([line(180, may_split=True, split_within=timedelta(days=6))], weekly) == []

    def test_the_next_line_comes_after_the_last_piece(self) -> None:
        days = worker(MASTER, "09:00-11:00", days=(MONDAY, TUESDAY))
        found = at_start(planned([line(180, may_split=True), line(30)], days), "09:00")

        assert told(found)[-1] == (MASTER, "10:00", "10:30")


class TestRoom:
    def test_buffers_between_neighbours_add_up(self) -> None:
        """Someone is cleaned up after by 10:45; who needs a quarter of an hour before comes at eleven."""
        master = worker(MASTER, occupants=[busy("10:00", "10:45")], step=5)

        needs = planned([line(30, buffer_before=minutes(15))], master)
        assert "10:55" not in starts(needs)
        assert "11:00" in starts(needs)

    def test_whoever_follows_themselves_cleans_up_and_gets_ready(self) -> None:
        master = worker(MASTER, buffer_before=minutes(10), buffer_after=minutes(5))
        found = at_start(planned([line(30), line(30)], master), "10:00")

        assert told(found) == [(MASTER, "10:00", "10:30"), (MASTER, "10:45", "11:15")]
        assert found.wait == minutes(15)

    def test_buffers_of_different_people_do_not_keep_the_customer_waiting(self) -> None:
        ten = minutes(10)
        pair = [worker(who, buffer_before=ten, buffer_after=ten) for who in (MASTER, NANNA)]

        assert at_start(planned([line(30), line(30)], *pair), "10:00").wait == minutes(0)

    def test_own_buffers_reach_over_a_short_line_in_between(self) -> None:
        master = worker(MASTER, skills=frozenset({"cut"}), buffer_after=minutes(30), step=15)
        student = worker(STUDENT, skills=frozenset({"wash"}), step=15)
        lines = [line(30, "cut"), line(15, "wash"), line(30, "cut")]

        assert planned(lines, master, student) == []
        assert at_start(planned(lines, master, student, max_gap=minutes(15)), "10:00").wait == minutes(15)

    def test_a_party_larger_than_the_place_is_impossible(self) -> None:
        pool = worker(MASTER, capacity=3)

        assert planned([line(30, party=3)], pool)
        assert planned([line(30, party=4)], pool) == []

    def test_a_rule_may_serve_fewer_at_once_than_there_are_places(self) -> None:
        pool = worker(MASTER, "09:00-10:00", capacity=3, occupants=[busy("09:00", "09:30")])
        limited = Worker(
            id=MASTER,
            working=pool.working,
            occupants=pool.occupants,
            capacity=3,
            grid=dict.fromkeys(pool.grid, 2),
        )

        assert starts(planned([line(30, party=2)], pool)) == ["09:00", "09:30"]
        assert starts(planned([line(30, party=2)], limited)) == ["09:30"]

    def test_a_days_cap_counts_what_is_there_and_the_visits_own(self) -> None:
        def capped(visits: int) -> Worker:
            return worker(MASTER, daily_cap=3, visits={MONDAY: visits})

        assert planned([line(30), line(30)], capped(1))
        assert planned([line(30), line(30)], capped(2)) == []
        assert planned([line(30)], capped(2))

    def test_a_cap_of_another_day_does_not_matter(self) -> None:
        assert planned([line(30)], worker(MASTER, daily_cap=1, visits={TUESDAY: 1}))


class TestRank:
    def test_first_who_does_not_wait_then_who_leaves_days_whole_then_the_earliest(self) -> None:
        found = planned([line(30)], worker(MASTER, "09:00-11:00"))

        assert [told(one)[0][1] for one in found] == ["09:00", "10:30", "09:30", "10:00"]
        assert [one.fragmentation for one in found] == [minutes(0), minutes(0), minutes(30), minutes(30)]

    def test_what_one_person_does_in_a_row_is_one_block(self) -> None:
        found = planned([line(30), line(30)], worker(MASTER, "09:00-12:00"))

        assert at_start(found, "11:00").fragmentation == minutes(0)
        assert at_start(found, "09:30").fragmentation == minutes(30)


class TestBound:
    def test_much_to_choose_from_is_not_much_work(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Forty people and eight lines are 40⁸ combinations."""
        monkeypatch.setattr(planner_search, "MAX_STEPS", 1_000)
        people = [worker(UUID(int=number + 1)) for number in range(40)]

        for mode in Mode:
            found = planned([line(15)] * 8, *people, mode=mode, starts=[at("10:00")])
            assert len(found) == 1

    def test_who_runs_out_of_tries_still_gets_something_that_fits(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = [worker(UUID(int=number + 1), daily_cap=1) for number in range(9)]
        lines = [line(15)] * 8
        monkeypatch.setattr(planner_search, "MAX_STEPS", 50)

        found = planned(lines, *people, starts=[at("10:00")])

        assert len({segment.resource_id for segment in found[0].segments}) == 8


# --- against trying everything -----------------------------------------------------------------------

STEP = minutes(15)
NINE = at("09:00")
DAY = 16  # quarters of an hour from nine to one


def moment(quarter: int) -> datetime:
    return NINE + quarter * STEP


@st.composite
def workers(draw: st.DrawFn, number: int) -> Worker:
    opens = draw(st.integers(0, 6))
    closes = draw(st.integers(opens + 2, DAY))
    lunch = draw(st.none() | st.integers(opens + 1, closes - 1))
    stretches = [(opens, closes)] if lunch is None else [(opens, lunch), (lunch + 1, closes)]
    working = [Period(moment(a), moment(b)) for a, b in stretches if a < b]
    capacity = draw(st.sampled_from([1, 1, 2]))
    limit = draw(st.integers(1, capacity))
    step = draw(st.sampled_from([1, 2]))
    occupants = [
        Occupant(UUID(int=99), Period(moment(begin), moment(begin + length)), (lane,))
        for lane in range(capacity)
        for begin, length in draw(st.lists(st.tuples(st.integers(0, DAY), st.integers(1, 3)), max_size=1))
    ]
    return Worker(
        id=UUID(int=number),
        working=working,
        grid={moment(q): limit for a, b in stretches for q in range(a, b, step)},
        occupants=occupants,
        skills=frozenset(draw(st.sampled_from(["a", "ab"]))),
        capacity=capacity,
        buffer_before=draw(st.integers(0, 1)) * STEP,
        buffer_after=draw(st.integers(0, 2)) * STEP,
        daily_cap=draw(st.sampled_from([None, None, 1, 2])),
    )


@st.composite
def wanted_lines(draw: st.DrawFn) -> Wanted:
    return Wanted(
        duration=draw(st.integers(1, 4)) * STEP,
        skills=frozenset(draw(st.sampled_from(["", "a", "b"]))),
        buffer_before=draw(st.sampled_from([None, minutes(0), STEP])),
        buffer_after=draw(st.sampled_from([None, minutes(0), STEP])),
        party=draw(st.sampled_from([1, 1, 1, 2])),
        resource_id=draw(st.sampled_from([None, None, None, UUID(int=1)])),
    )


@st.composite
def requests(draw: st.DrawFn) -> tuple[Request, list[Worker]]:
    team = [draw(workers(number)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    request = Request(
        lines=tuple(draw(st.lists(wanted_lines(), min_size=1, max_size=3))),
        mode=draw(st.sampled_from(Mode)),
        max_gap=draw(st.sampled_from([0, 0, 1, 2])) * STEP,
        same_person=draw(st.booleans()),
    )
    return request, team


def quarters(period: Period) -> set[int]:
    return set(range((period.start - NINE) // STEP, (period.end - NINE) // STEP))


def used(taken: Iterable[tuple[Period, int]], quarter: int) -> int:
    return sum(size for period, size in taken if quarter in quarters(period))


def everything(request: Request, team: Sequence[Worker], start: datetime) -> Iterator[list[Segment]]:
    """Every way to place the lines one after the other, whether or not it makes sense to."""
    possible = [moment(quarter) for quarter in range(-2, 40)]
    for who in product(team, repeat=len(request.lines)):
        if request.same_person and len({one.id for one in who}) > 1:
            continue
        moments = [
            [start] if index == 0 or request.mode == Mode.PARALLEL else possible for index in range(len(who))
        ]
        yield from _placed(request, who, moments, [])


def _placed(
    request: Request, who: Sequence[Worker], moments: Sequence[Sequence[datetime]], made: list[Segment]
) -> Iterator[list[Segment]]:
    index = len(made)
    if index == len(who):
        yield made
        return
    one, wanted = who[index], request.lines[index]
    for begin in moments[index]:
        segment = as_segment(one, wanted, index, begin)
        if may_follow(request, one, segment, made) and fits(one, wanted, segment, made):
            yield from _placed(request, who, moments, [*made, segment])


def as_segment(one: Worker, wanted: Wanted, index: int, begin: datetime) -> Segment:
    before = one.buffer_before if wanted.buffer_before is None else wanted.buffer_before
    after = one.buffer_after if wanted.buffer_after is None else wanted.buffer_after
    end = begin + wanted.duration
    return Segment(index, one.id, Period(begin, end), Period(begin - before, end + after), wanted.party)


def may_follow(request: Request, one: Worker, segment: Segment, made: Sequence[Segment]) -> bool:
    begin = segment.visit.start
    if not made or request.mode == Mode.PARALLEL:
        return begin in one.grid
    ended = ready = made[-1].visit.end
    if made[-1].resource_id == one.id:
        ready = made[-1].occupied.end + (begin - segment.occupied.start)
    on_grid = begin in one.grid and request.max_gap > minutes(0)
    return begin in {ended, ready} or (on_grid and ended < begin <= ready + request.max_gap)


def fits(one: Worker, wanted: Wanted, segment: Segment, made: Sequence[Segment]) -> bool:
    mine = [other for other in made if other.resource_id == one.id]
    taken = [(o.period, len(o.lanes)) for o in one.occupants] + [(s.occupied, s.party) for s in mine]
    began = [start for start in one.grid if start <= segment.visit.start]
    works = [w for w in one.working if w.start <= segment.visit.start and segment.visit.end <= w.end]
    if not works:
        return False
    here = [start for start in began if works[0].start <= start]
    limit = one.grid[max(here)] if here else one.capacity
    return (
        wanted.skills <= one.skills
        and wanted.resource_id in {None, one.id}
        and (one.daily_cap is None or len(mine) < one.daily_cap)
        and all(used(taken, q) + wanted.party <= one.capacity for q in quarters(segment.occupied))
        and all(used(taken, q) + wanted.party <= limit for q in quarters(segment.visit))
    )


def rank(request: Request, team: Sequence[Worker], made: Sequence[Segment]) -> tuple[Any, ...]:
    by_id = {one.id: one for one in team}
    chained = request.mode == Mode.CHAIN
    wait = minutes(0)
    if chained:
        wait = (
            made[-1].visit.end
            - made[0].visit.start
            - sum((s.visit.end - s.visit.start for s in made), minutes(0))
        )
    blocks: list[list[Segment]] = []
    for segment in made:
        last = blocks[-1][-1] if blocks else None
        if (
            chained
            and last
            and last.resource_id == segment.resource_id
            and last.party == segment.party
            and segment.occupied.start <= last.occupied.end
        ):
            blocks[-1].append(segment)
        else:
            blocks.append([segment])
    broken = sum((smaller_side(by_id[block[0].resource_id], block) for block in blocks), minutes(0))
    return wait, broken, tuple((s.visit.start, s.resource_id) for s in made)


def smaller_side(one: Worker, block: Sequence[Segment]) -> timedelta:
    """Walk away from the block, quarter by quarter, until the work ends or the places run out."""

    def free(quarter: int, work: Period) -> bool:
        room = used([(o.period, len(o.lanes)) for o in one.occupants], quarter) + block[0].party
        return quarter in quarters(work) and room <= one.capacity

    first, last = block[0], block[-1]
    before = next(w for w in one.working if w.start <= first.visit.start < w.end)
    after = next(w for w in one.working if w.start <= last.visit.start < w.end)
    left = (first.occupied.start - NINE) // STEP
    right = (last.occupied.end - NINE) // STEP
    steps_left = next(n for n in range(99) if not free(left - 1 - n, before))
    steps_right = next(n for n in range(99) if not free(right + n, after))
    return min(steps_left, steps_right) * STEP


@settings(max_examples=400, deadline=None)
@given(requests())
def test_finds_the_starts_and_the_best_of_trying_everything(asked: tuple[Request, list[Worker]]) -> None:
    request, team = asked
    candidates = sorted({start for one in team for start in one.grid})
    found = {one.start: one for one in plan(request, team, starts=candidates, zone=DENVER)}

    for start in candidates:
        ranks = [rank(request, team, made) for made in everything(request, team, start)]
        assert bool(ranks) == (start in found), "the same starts are feasible"
        if ranks:
            assert found[start].rank == min(ranks)


@settings(max_examples=100, deadline=None)
@given(requests())
def test_ranks_what_it_finds(asked: tuple[Request, list[Worker]]) -> None:
    request, team = asked
    found = plan(request, team, starts={start for one in team for start in one.grid}, zone=DENVER)

    assert [one.rank for one in found] == sorted(one.rank for one in found)
    assert len({one.start for one in found}) == len(found)


@settings(max_examples=200, deadline=None)
@given(workers(1), st.integers(1, 24), st.integers(1, 4))
def test_the_pieces_of_a_split_line_are_what_was_wanted(one: Worker, length: int, minimum: int) -> None:
    """Nobody works longer, shorter, at two places at once or outside their hours for it."""
    wanted = Wanted(duration=length * STEP, may_split=True, minimum_piece=minimum * STEP)

    for itinerary in plan(Request(lines=(wanted,)), [one], starts=one.grid, zone=DENVER):
        pieces = [segment.visit for segment in itinerary.segments]
        lengths = [piece.end - piece.start for piece in pieces]
        assert sum(lengths, minutes(0)) == wanted.duration
        assert all(piece >= min(wanted.minimum_piece, wanted.duration) for piece in lengths)
        assert all(piece.start in one.grid for piece in pieces)
        assert all(before.end <= after.start for before, after in pairwise(pieces))
        for number, segment in enumerate(itinerary.segments):
            assert fits(one, wanted, segment, itinerary.segments[:number])
