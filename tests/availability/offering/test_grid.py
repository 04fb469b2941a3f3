"""Starts of several people as one set."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from apps.availability.offering.grid import Grid
from apps.availability.offering.openings import Slots, lowest, merged, places_in, run_of

# A start has its day from the window that it belongs to: late at night it may be yesterday's.
calendars = st.lists(
    st.dictionaries(st.integers(0, 40), st.integers(0, 3), max_size=20), min_size=1, max_size=4
)


@given(calendars, st.data())
def test_counts_the_different_starts_of_each_day(
    calendars: list[dict[int, int]], data: st.DataObject
) -> None:
    masks: dict[Slots, int] = {}
    expected: set[tuple[int, int]] = set()
    for calendar in calendars:
        pairs = sorted(calendar.items())
        slots = Slots([start for start, _ in pairs], [day for _, day in pairs], (), ())
        masks[slots] = data.draw(st.integers(0, (1 << len(pairs)) - 1))
        expected |= {(pairs[place][1], pairs[place][0]) for place in places_in(masks[slots])}

    grid = Grid(list(masks))

    assert grid.count_by_day(grid.union(masks)) == Counter(day for day, _ in expected)


@given(st.sets(st.integers(0, 200)))
def test_a_set_gives_back_its_places(places: set[int]) -> None:
    mask = sum(1 << place for place in places)

    assert list(places_in(mask)) == sorted(places)
    assert not places or lowest(mask) == min(places)


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_run_goes_from_the_first_to_before_the_end(first: int, end: int) -> None:
    assert list(places_in(run_of(first, end))) == list(range(first, end))


@given(st.lists(st.tuples(st.integers(-5, 30), st.integers(-5, 30))))
def test_merged_periods_cover_the_same_moments_once(spans: list[tuple[int, int]]) -> None:
    joined = merged(spans, within=(0, 20))

    covered = [moment for begins, ends in joined for moment in range(begins, ends)]
    assert covered == sorted({m for begins, ends in spans for m in range(begins, ends) if 0 <= m < 20})
    assert all(before[1] < after[0] for before, after in pairwise(joined))
