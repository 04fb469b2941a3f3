"""Patterns of paths against slow references: every way to cut a text, and every short path."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.routing.globs import BadPattern, Deep, Part, Partial, common_path, fits, parse

LETTERS = "a."
# Every segment of up to three letters that a page can have, and every path of up to three of them.
SEGMENTS = tuple(
    text
    for length in range(1, 4)
    for letters in product(LETTERS, repeat=length)
    if (text := "".join(letters)) not in {".", ".."}
)
PATHS = tuple(path for length in range(4) for path in product(SEGMENTS[:4], repeat=length))


def text_fits(pieces: tuple[str, ...], text: str) -> bool:
    """Try every place for every piece."""
    if len(pieces) == 1:
        return text == pieces[0]
    head, rest = pieces[0], pieces[1:]
    if not text.startswith(head):
        return False
    left = text[len(head) :]
    return any(text_fits(rest, left[start:]) for start in range(len(left) + 1))


def slowly(parts: tuple[Part, ...], path: tuple[str, ...]) -> bool:
    """Try every length for every `**`."""
    if not parts:
        return not path
    head, rest = parts[0], parts[1:]
    if head is Deep.ANY:
        return any(slowly(rest, path[taken:]) for taken in range(len(path) + 1))
    if not path:
        return False
    fitting = text_fits(head.pieces, path[0]) if isinstance(head, Partial) else head == path[0]
    return fitting and slowly(rest, path[1:])


pieces = st.text(LETTERS, max_size=2)
partials = st.lists(pieces, min_size=2, max_size=4).map(lambda found: Partial(tuple(found)))
literals = st.sampled_from(SEGMENTS[:6])
parts_of_patterns = st.lists(st.one_of(literals, partials, st.just(Deep.ANY)), max_size=4).map(tuple)
paths = st.lists(st.sampled_from(SEGMENTS), max_size=5).map(tuple)


class TestParse:
    def test_reads_texts_stars_and_double_stars(self) -> None:
        assert parse("/services/*/repair-*-now/**") == (
            "services",
            Partial(("", "")),
            Partial(("repair-", "-now")),
            Deep.ANY,
        )

    def test_a_star_that_is_meant_is_written_in_percent(self) -> None:
        assert parse("/%2A/a%20b/%2a*") == ("*", "a b", Partial(("*", "")))

    def test_empty_parts_and_the_last_slash_are_dropped(self) -> None:
        assert parse("//a///*/") == ("a", Partial(("", "")))

    @pytest.mark.parametrize("path", ["/a**b", "/***", "/../a", "/%2e%2E", "/./a", "/%ff*"])
    def test_refuses_what_says_nothing_clear(self, path: str) -> None:
        with pytest.raises(BadPattern):
            parse(path)


class TestFits:
    @pytest.mark.parametrize(
        ("pattern", "path", "wanted"),
        [
            ("/services/*", "services/hvac", True),
            ("/services/*", "services", False),
            ("/services/*", "services/hvac/repair", False),
            ("/services/**", "services", True),
            ("/services/**", "services/hvac/repair", True),
            ("/**/repair", "repair", True),
            ("/**/repair", "a/b/repair", True),
            ("/**/repair", "a/repair/b", False),
            ("/repair-*", "repair-", True),
            ("/*-in-*", "drains-in-denver", True),
            ("/*aa", "aa", True),
            ("/a*a", "a", False),
            ("/**", "", True),
            ("/**/a/**/b", "x/a/y/z/b", True),
        ],
    )
    def test_examples(self, pattern: str, path: str, wanted: object) -> None:
        assert fits(parse(pattern), tuple(path.split("/")) if path else ()) is wanted

    @given(parts_of_patterns, paths)
    def test_agrees_with_trying_everything(self, parts: tuple[Part, ...], path: tuple[str, ...]) -> None:
        assert fits(parts, path) == slowly(parts, path)

    def test_what_makes_others_backtrack_for_ages_is_read_once(self) -> None:
        deep = parse("/**/a" * 40 + "/b")
        assert not fits(deep, ("a",) * 2000)
        wide = parse("/" + "*a" * 40 + "*b")
        assert not fits(wide, ("a" * 4000,))


class TestCommonPath:
    @pytest.mark.parametrize(
        ("one", "other", "wanted"),
        [
            ("/services/*", "/*/hvac", ("services", "hvac")),
            ("/services/**", "/**/hvac", ("services", "hvac")),
            ("/**", "/**", ()),
            ("/a*", "/*b", ("ab",)),
            ("/a*b", "/b*a", None),
            ("/*", "/*/*", None),
            ("/ab*cd", "/abc*d", ("abcd",)),
            ("/.*", "/*.", (".x.",)),
        ],
    )
    def test_examples(self, one: str, other: str, wanted: tuple[str, ...] | None) -> None:
        for first, second in ((one, other), (other, one)):
            assert common_path(parse(first), parse(second)) == wanted

    @given(parts_of_patterns, parts_of_patterns)
    def test_what_it_returns_fits_both(self, one: tuple[Part, ...], other: tuple[Part, ...]) -> None:
        path = common_path(one, other)
        if path is not None:
            assert slowly(one, path)
            assert slowly(other, path)
            assert not {"", ".", ".."} & set(path)

    @given(parts_of_patterns, parts_of_patterns, st.lists(paths, max_size=10))
    def test_where_it_returns_nothing_no_path_fits_both(
        self, one: tuple[Part, ...], other: tuple[Part, ...], tried: list[tuple[str, ...]]
    ) -> None:
        if common_path(one, other) is None:
            assert not [path for path in (*PATHS, *tried) if fits(one, path) and fits(other, path)]
