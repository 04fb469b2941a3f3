"""Which times are shown: the deterministic draw of seed 003."""

import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.availability.offering.exposure import (
    ALL,
    Candidate,
    DayPart,
    Draw,
    Exposed,
    day_part_of,
    draw_of,
    expose,
    hour_of,
    variant_of,
)

PERSON = "019a9d3c-5f1e-7c1a-9c53-0e8f6f0f2b11"
DAY = date(2030, 1, 15)
SOMEBODY = Draw("visitor", DAY, ALL, "2030-01-14T15")


def free(*hours: int, each: int = 1) -> list[Candidate]:
    return [
        Candidate(f"{hour:02}:{number:02}", day_part_of(hour)) for hour in hours for number in range(each)
    ]


WORKING_DAY = free(*range(8, 21), each=2)

candidates = st.lists(st.integers(0, 23), max_size=40).map(
    lambda hours: [Candidate(f"{number}@{hour}", day_part_of(hour)) for number, hour in enumerate(hours)]
)
draws = st.builds(
    Draw,
    visitor=st.text(max_size=20),
    day=st.dates(),
    scope=st.sampled_from([ALL, PERSON]),
    hour=st.datetimes(timezones=st.just(UTC)).map(hour_of),
    variant=st.sampled_from(["control", "show_all", "unheard-of"]),
)


class TestSize:
    @pytest.mark.parametrize(("scope", "sizes"), [(PERSON, {1, 2, 3}), (ALL, {3, 4, 5})])
    def test_is_one_to_three_of_a_person_and_three_to_five_of_a_location(
        self, scope: str, sizes: set[int]
    ) -> None:
        shown = Counter(
            len(expose(WORKING_DAY, Draw(str(number), DAY, scope, "2030-01-14T15")).names)
            for number in range(3000)
        )

        assert shown.keys() == sizes
        assert all(abs(count / 3000 - 1 / 3) < 0.03 for count in shown.values())

    @given(candidates, draws)
    def test_is_capped_by_what_is_free(self, times: list[Candidate], draw: Draw) -> None:
        exposed = expose(times, draw)

        names = {candidate.name for candidate in times}
        assert len(set(exposed.names)) == len(exposed.names)
        assert set(exposed.names) <= names
        assert exposed.total == len(times)
        assert exposed.has_more == (len(exposed.names) < len(times))
        if draw.variant == "show_all":
            assert set(exposed.names) == names
        elif draw.scope == ALL:
            assert min(3, len(times)) <= len(exposed.names) <= min(5, len(times))
        else:
            assert min(1, len(times)) <= len(exposed.names) <= min(3, len(times))


class TestDayParts:
    @given(candidates, draws.map(lambda draw: replace(draw, scope=ALL, variant="control")))
    def test_each_that_has_a_time_is_shown_by_a_location(self, times: list[Candidate], draw: Draw) -> None:
        shown = set(expose(times, draw).names)

        parts = {candidate.part for candidate in times} - {DayPart.OTHER}
        assert parts <= {candidate.part for candidate in times if candidate.name in shown}

    def test_have_the_seeds_edges(self) -> None:
        parts = [day_part_of(hour).value for hour in range(24)]

        assert [(part, len(list(hours))) for part, hours in itertools.groupby(parts)] == [
            ("other", 6),
            ("morning", 6),
            ("afternoon", 5),
            ("evening", 5),
            ("other", 2),
        ]

    def test_the_night_counts_in_the_rest(self) -> None:
        exposed = expose(free(2, 3, 23), SOMEBODY)

        assert (len(exposed.names), exposed.total) == (3, 3)

    def test_inside_a_part_every_time_is_as_likely(self) -> None:
        seeds = 10_000
        times = free(8, 9, 10, 13, 14, 15, 18, 19, each=2)
        firsts: dict[DayPart, Counter[str]] = {part: Counter() for part in DayPart}
        part_of = {candidate.name: candidate.part for candidate in times}
        for number in range(seeds):
            for name in expose(times, Draw(f"v{number}", DAY, ALL, "2030-01-14T15")).names[:3]:
                firsts[part_of[name]][name] += 1

        for part in (DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING):
            members = [name for name, other in part_of.items() if other == part]
            for name in members:
                assert abs(firsts[part][name] / seeds - 1 / len(members)) < 0.02, (part, name)

    @pytest.mark.parametrize("scope", [ALL, PERSON])
    def test_inside_a_part_every_time_is_shown_as_often(self, scope: str) -> None:
        times = free(8, 9, 10, 13, 14, 15, 18, 19, each=2)
        part_of = {candidate.name: candidate.part for candidate in times}
        shown: dict[DayPart, Counter[str]] = {part: Counter() for part in DayPart}
        for number in range(10_000):
            for name in expose(times, Draw(f"v{number}", DAY, scope, "2030-01-14T15")).names:
                shown[part_of[name]][name] += 1

        for part in (DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING):
            names = [name for name, other in part_of.items() if other == part]
            for name in names:
                share = shown[part][name] / shown[part].total()
                assert abs(share - 1 / len(names)) < 0.02, (part, name)


class TestStarvation:
    @pytest.mark.parametrize("scope", [ALL, PERSON])
    def test_in_a_few_days_one_visitor_is_shown_every_time_of_the_day(self, scope: str) -> None:
        hours = [f"2030-01-{10 + hour // 24:02}T{hour % 24:02}" for hour in range(24 * 8)]

        shown = {
            name for hour in hours for name in expose(WORKING_DAY, Draw("visitor", DAY, scope, hour)).names
        }

        assert shown == {candidate.name for candidate in WORKING_DAY}

    def test_many_visitors_are_shown_every_time_within_one_hour(self) -> None:
        shown = {
            name
            for number in range(200)
            for name in expose(WORKING_DAY, replace(SOMEBODY, visitor=str(number))).names
        }

        assert shown == {candidate.name for candidate in WORKING_DAY}


class TestDeterminism:
    @given(candidates, draws)
    def test_the_order_of_what_is_free_does_not_matter(self, times: list[Candidate], draw: Draw) -> None:
        assert expose(times, draw) == expose(times[::-1], draw)

    @pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
    def test_another_process_with_another_hash_seed_answers_the_same(self, hash_seed: str) -> None:
        program = (
            "import json; from datetime import date;"
            "from apps.availability.offering.exposure import Candidate, Draw, day_part_of, expose;"
            "times = [Candidate(f'{h:02}:{n:02}', day_part_of(h)) for h in range(8, 21) for n in range(2)];"
            "print(json.dumps([expose(times, Draw(f'v{i}', date(2030, 1, 15), s, '2030-01-14T15')).names"
            " for i in range(20) for s in ('all', 'person')]))"
        )
        said = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

        assert json.loads(said) == [
            list(expose(WORKING_DAY, Draw(f"v{number}", DAY, scope, "2030-01-14T15")).names)
            for number in range(20)
            for scope in (ALL, "person")
        ]

    def test_stays_what_it_was_in_every_release(self) -> None:
        assert expose(WORKING_DAY, SOMEBODY) == Exposed(names=("11:01", "16:01", "20:01"), total=26)

    @pytest.mark.parametrize(
        "change",
        [
            {"visitor": "somebody else"},
            {"day": date(2030, 1, 16)},
            {"scope": PERSON},
            {"hour": "2030-01-14T16"},
            {"variant": "show_all"},
        ],
    )
    def test_every_part_changes_the_seed(self, change: dict[str, object]) -> None:
        assert replace(SOMEBODY, **change).seed != SOMEBODY.seed  # type: ignore[arg-type]  # any field

    def test_parts_do_not_run_into_each_other(self) -> None:
        assert Draw("a", DAY, "bc", "h").seed != Draw("ab", DAY, "c", "h").seed

    def test_the_hour_is_utcs(self) -> None:
        assert hour_of(datetime.fromisoformat("2030-01-14T08:59:59-07:00")) == "2030-01-14T15"


class TestReproduction:
    @given(candidates, draws)
    def test_the_exposure_id_is_enough(self, times: list[Candidate], draw: Draw) -> None:
        assert draw_of(draw.id) == draw
        assert expose(times, draw_of(draw.id)) == expose(times, draw)

    @pytest.mark.parametrize("wrong", ["", "x", "!!!", "WzFd", "eyJhIjoxfQ", "é", "WzIsMSwyLDMsNCw1XQ"])
    def test_anything_else_is_no_exposure_id(self, wrong: str) -> None:
        with pytest.raises(ValueError, match="exposure id"):
            draw_of(wrong)


class TestStickiness:
    @given(candidates, draws, st.data())
    def test_what_was_shown_and_is_still_free_stays(
        self, times: list[Candidate], draw: Draw, data: st.DataObject
    ) -> None:
        before = expose(times, draw)
        gone = data.draw(st.sets(st.sampled_from(times)) if times else st.just(set()))
        left = [candidate for candidate in times if candidate not in gone]

        after = expose(left, replace(draw, hour="2030-01-14T16"), kept=before.names)

        names = {candidate.name for candidate in left}
        survivors = [name for name in before.names if name in names]
        assert list(after.names[: len(survivors)]) == survivors[: len(after.names)]
        assert set(after.names) <= names

    def test_when_one_fills_up_the_others_keep_their_order(self) -> None:
        first = expose(WORKING_DAY, SOMEBODY).names
        left = [candidate for candidate in WORKING_DAY if candidate.name != first[-1]]

        assert expose(left, SOMEBODY).names[: len(first) - 1] == first[:-1]


class TestVariants:
    def test_an_unknown_one_is_the_default(self) -> None:
        assert [variant_of(name).name for name in (None, "", "nope", "show_all")] == [
            "control",
            "control",
            "control",
            "show_all",
        ]
