"""Contrast, the nearest colour that passes, dark shades: the widget's client is held to the same vectors."""

import json
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from apps.flows.appearance import COLOR_NAMES, BrandKit
from apps.flows.contrast import (
    LEAST,
    contrast,
    dark_shades,
    ink_on,
    is_dark,
    nearest_readable,
    ratio_in_words,
    unreadable,
)

VECTORS = settings.BASE_DIR / "fixtures" / "contrast"
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
KITS = st.fixed_dictionaries(dict.fromkeys(COLOR_NAMES, COLORS))


def vectors(name: str) -> list[Any]:
    rows: list[Any] = json.loads((VECTORS / name).read_text())
    return rows


@pytest.mark.parametrize("row", vectors("pairs.json"), ids=lambda row: f"{row['color']} on {row['ground']}")
def test_pairs_are_judged_as_in_the_vectors(row: Any) -> None:
    assert contrast(row["color"], row["ground"]) == pytest.approx(row["ratio"], abs=0.0001)
    assert nearest_readable(row["color"], row["ground"], row["least"]) == row["suggestion"]


@pytest.mark.parametrize("row", vectors("kits.json"), ids=lambda row: row["colors"]["surface"])
def test_kits_are_judged_and_shaded_as_in_the_vectors(row: Any) -> None:
    assert [one.name for one in unreadable(row["colors"])] == row["unreadable"]
    assert dark_shades(row["colors"]) == row["dark"]


class TestContrast:
    def test_is_that_of_wcag(self) -> None:
        """Values that WebAIM's and other checkers agree on."""
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
        assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
        assert contrast("#ff0000", "#ffffff") == pytest.approx(4.0, abs=0.005)

    def test_is_never_rounded_up_to_enough(self) -> None:
        assert ratio_in_words(4.499) == "4.4"
        assert ratio_in_words(4.5) == "4.5"

    @given(COLORS)
    def test_of_black_or_white_is_enough_on_every_colour(self, color: str) -> None:
        assert contrast(ink_on(color), color) >= 4.5


class TestNearestReadable:
    @given(COLORS, COLORS, st.sampled_from([3.0, 4.5]))
    def test_always_passes(self, color: str, ground: str, least: float) -> None:
        assert contrast(nearest_readable(color, ground, least), ground) >= least

    @given(COLORS, COLORS)
    def test_leaves_what_passes_already(self, color: str, ground: str) -> None:
        found = nearest_readable(color, ground, 4.5)

        assert (found == color) == (contrast(color, ground) >= 4.5)

    def test_keeps_the_hue(self) -> None:
        assert nearest_readable("#ffd600", "#ffffff", 3.0) == "#af9300"
        assert nearest_readable("#aaaaaa", "#ffffff", 4.5) == "#767676"


class TestDarkShades:
    @given(KITS)
    def test_can_always_be_read(self, kit: dict[str, str]) -> None:
        shades = dark_shades(kit)

        assert is_dark(shades["surface"])
        assert is_dark(kit["surface"]) or unreadable(shades) == []

    @given(KITS)
    def test_of_shades_are_the_same(self, kit: dict[str, str]) -> None:
        assert dark_shades(dark_shades(kit)) == dark_shades(kit)


def test_a_new_kit_can_be_read() -> None:
    assert unreadable(BrandKit().colors()) == []
    assert set(LEAST) == set(COLOR_NAMES) - {"surface"}
