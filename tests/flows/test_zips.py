"""Which codes an area serves, by the vectors that the widget runs too; and what keeps two areas apart."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.flows.types import ZipcodeConfig
from apps.flows.zips import Coverage, Overlap, Status, check, compact, overlaps, shape_of

VECTORS = sorted((Path(__file__).parents[2] / "fixtures" / "zips").glob("*.json"))


def coverages_of(config: dict[str, Any]) -> list[Coverage]:
    return [
        Coverage(
            tuple(area["zip_codes"]),
            tuple(area.get("zip_prefixes", [])),
            tuple((first, last) for first, last in area.get("zip_ranges", [])),
        )
        for area in config["areas"]
    ]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
class TestSharedVectors:
    def test_shape_and_every_code(self, path: Path) -> None:
        vector = json.loads(path.read_text())
        config, areas = vector["config"], coverages_of(vector["config"])
        shape = shape_of(areas, config.get("code_length"))
        assert {"numeric": shape.numeric, "length": shape.length} == vector["shape"]
        for wanted in vector["checks"]:
            status, place = check(areas, wanted["zip"], config.get("code_length"))
            found = {"zip": wanted["zip"], "status": status.value}
            if place is not None:
                found["location_id"] = config["areas"][place]["location_id"]
            assert found == wanted


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 15


class TestOverlaps:
    @pytest.mark.parametrize(
        ("first", "second", "code"),
        [
            (Coverage(codes=("80202",)), Coverage(codes=("80202",)), "80202"),
            (Coverage(codes=("80205",)), Coverage(prefixes=("802",)), "80205"),
            (Coverage(codes=("80205",)), Coverage(ranges=(("80202", "80211"),)), "80205"),
            (Coverage(prefixes=("802",)), Coverage(prefixes=("8020",)), "80200"),
            (Coverage(prefixes=("802",)), Coverage(ranges=(("80100", "80210"),)), "80200"),
            (
                Coverage(ranges=(("80100", "80210"),)),
                Coverage(ranges=(("80210", "80300"),)),
                "80210",
            ),
            (Coverage(codes=("SW1A 1AA",)), Coverage(prefixes=("SW1",)), "SW1A1AA"),
            (Coverage(codes=("sw1a1aa",)), Coverage(codes=("SW1A 1AA",)), "SW1A1AA"),
        ],
    )
    def test_are_found_whoever_comes_first(self, first: Coverage, second: Coverage, code: str) -> None:
        assert list(overlaps([first, second])) == [Overlap(code, 0, 1)]
        assert list(overlaps([second, first])) == [Overlap(code, 0, 1)]

    def test_neighbours_do_not_overlap(self) -> None:
        areas = [
            Coverage(("80201",), (), (("80202", "80211"),)),
            Coverage(("80212",), ("803",)),
            Coverage((), (), (("8020", "8029"),)),
        ]
        assert list(overlaps(areas)) == []

    def test_a_short_one_behind_a_long_one_of_the_same_area_hides_nothing(self) -> None:
        areas = [
            Coverage(ranges=(("10000", "19999"), ("11000", "11001"))),
            Coverage(codes=("15000",)),
            Coverage(ranges=(("14000", "16000"),)),
        ]
        found = {overlap.code for overlap in overlaps(areas)}
        assert found == {"14000", "15000"}


PIECES = st.integers(100, 199).map(str)
AREAS = st.lists(
    st.builds(
        lambda codes, prefixes, ranges: Coverage(
            tuple(codes), tuple(prefixes), tuple(sorted((min(pair), max(pair)) for pair in ranges))
        ),
        st.lists(PIECES, max_size=6),
        st.lists(st.integers(10, 19).map(str), max_size=2),
        st.lists(st.tuples(PIECES, PIECES), max_size=2),
    ),
    max_size=4,
)


class TestAgainstEveryCode:
    @given(AREAS)
    def test_overlaps_agree_with_trying_all(self, areas: list[Coverage]) -> None:
        met = False
        for number in range(100, 200):
            alone = [check([area], str(number), 3)[0] is Status.INSIDE for area in areas]
            met = met or sum(alone) > 1
        assert bool(list(overlaps(areas, 3))) is met

    @given(AREAS)
    def test_compacting_changes_no_answer(self, areas: list[Coverage]) -> None:
        shape = shape_of(areas, 3)
        for area in areas:
            small = compact(area, shape)
            for number in range(90, 210):
                assert check([area], str(number), 3)[0] == check([small], str(number), 3)[0]


class TestThousands:
    def test_stay_small_and_quick(self) -> None:
        codes = [f"{number:05d}" for number in range(10_000, 60_000) if number % 10]
        small = compact(Coverage(tuple(codes)), shape_of([Coverage(tuple(codes))]))
        assert (len(small.codes), len(small.ranges)) == (0, 5_000)
        assert small.count == len(codes)


class TestDocument:
    AREA: dict[str, Any] = {
        "location_id": "0190a000-0000-7000-8000-000000000001",
        "location_name": "Denver",
        "zip_codes": ["80202"],
    }

    def test_of_listed_codes_is_what_it_was_before_there_were_ranges(self) -> None:
        config = {"areas": [self.AREA], "outside_message": ""}
        assert ZipcodeConfig.model_validate(config).model_dump(mode="json") == config

    def test_keeps_beginnings_and_ranges_as_they_are(self) -> None:
        area = {**self.AREA, "zip_prefixes": ["803"], "zip_ranges": [["80210", "80219"]]}
        config = {"areas": [area], "outside_message": "", "code_length": 5}
        assert ZipcodeConfig.model_validate(config).model_dump(mode="json") == config

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"zip_codes": []}, "Denver serves no zip code"),
            ({"zip_ranges": [["80211", "80202"]]}, "80211-80202 is no range"),
            ({"zip_ranges": [["802", "80211"]]}, "802-80211 is no range"),
            ({"zip_prefixes": ["8-2"]}, "pattern"),
        ],
    )
    def test_refuses(self, changes: dict[str, Any], words: str) -> None:
        with pytest.raises(ValueError, match=words):
            ZipcodeConfig.model_validate({"areas": [{**self.AREA, **changes}]})
