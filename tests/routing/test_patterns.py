"""What a rule looks at, and whether two could meet: against every page of a small world."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.routing.addresses import Page, address_of, segments_of
from apps.routing.overlaps import overlaps
from apps.routing.patterns import PathMatch, Pattern, examples_of, page_matched_by_both

EXACT, PREFIX, GLOB, ANY = PathMatch.EXACT, PathMatch.PREFIX, PathMatch.GLOB, PathMatch.ANY


def page_at(address: str) -> Page:
    return Page.from_url(f"https://www.example.com{address}")


class TestPatterns:
    @pytest.mark.parametrize(
        ("kind", "path", "page", "fits"),
        [
            (EXACT, "/services", "/services/", True),
            (EXACT, "/services", "/Services", False),
            (EXACT, "/services", "/services/hvac", False),
            (EXACT, "/", "/", True),
            (EXACT, "/", "/services", False),
            (EXACT, "/caf%C3%A9", "/café", True),
            (PREFIX, "/services", "/services", True),
            (PREFIX, "/services", "/services/hvac/repair", True),
            (PREFIX, "/services", "/services-old", False),
            (PREFIX, "/services/", "/services/hvac", True),
            (PREFIX, "/services", "/services/../about", False),
            (PREFIX, "/a/b", "/a%2Fb", False),
            (PREFIX, "/", "/anything", True),
            (ANY, "", "/anything", True),
            (GLOB, "/services/*/repair", "/services/hvac/repair/", True),
            (GLOB, "/services/*/repair", "/services/repair", False),
            (GLOB, "/**/book-*", "/en/us/book-now", True),
        ],
    )
    def test_fit(self, kind: PathMatch, path: str, page: str, fits: object) -> None:
        assert Pattern(kind, path).fits(Page(segments_of(page))) is fits

    @pytest.mark.parametrize(
        ("query", "address", "fits"),
        [
            ({}, "/?utm_source=google", True),
            ({"utm_source": "google"}, "/?utm_source=google", True),
            ({"utm_source": "google"}, "/?utm_source=Google", False),
            ({"utm_source": "google"}, "/?utm_source=bing&utm_source=google", False),
            ({"utm_source": "google"}, "/", False),
            ({"gclid": "*"}, "/?gclid=xyz", True),
            ({"gclid": "*"}, "/?gclid", True),
            ({"gclid": "*"}, "/?fbclid=1", False),
            ({"utm_source": "google", "utm_medium": "cpc"}, "/?utm_medium=cpc&utm_source=google", True),
            ({"utm_source": "google", "utm_medium": "cpc"}, "/?utm_source=google", False),
        ],
    )
    def test_need_every_parameter(self, query: dict[str, str], address: str, fits: object) -> None:
        assert Pattern.of(ANY, query=query).fits(page_at(address)) is fits

    def test_say_what_they_look_at(self) -> None:
        pattern = Pattern.of(GLOB, "/services/*", {"utm_source": "google", "gclid": "*"})
        words = "pages like /services/*, where gclid is there and utm_source is google"
        assert pattern.in_words() == words

    @pytest.mark.parametrize(
        ("one", "other", "example"),
        [
            (Pattern(EXACT, "/a"), Pattern(EXACT, "/a/"), "/a"),
            (Pattern(EXACT, "/a"), Pattern(EXACT, "/b"), None),
            (Pattern(PREFIX, "/a"), Pattern(EXACT, "/a/b"), "/a/b"),
            (Pattern(PREFIX, "/a/b"), Pattern(EXACT, "/a"), None),
            (Pattern(PREFIX, "/a"), Pattern(PREFIX, "/ab"), None),
            (Pattern(ANY), Pattern(ANY), "/"),
            (Pattern(GLOB, "/services/*"), Pattern(GLOB, "/*/hvac"), "/services/hvac"),
            (Pattern.of(ANY, query={"a": "1"}), Pattern.of(ANY, query={"a": "2"}), None),
            (Pattern.of(ANY, query={"a": "1"}), Pattern.of(ANY, query={"a": "*"}), "/?a=1"),
            (Pattern.of(ANY, query={"a": "1"}), Pattern.of(ANY, query={"b": "*"}), "/?a=1&b=x"),
            (Pattern.of(PREFIX, "/a", {"q": "a b&c"}), Pattern(ANY), "/a?q=a%20b%26c"),
        ],
    )
    def test_that_could_both_fit_are_found_with_an_example(
        self, one: Pattern, other: Pattern, example: str | None
    ) -> None:
        for first, second in ((one, other), (other, one)):
            found = page_matched_by_both(first, second)
            assert (found is None) == (example is None)
            if found is not None and example is not None:
                assert page_at(found).segments == page_at(example).segments
                assert page_at(found).params == page_at(example).params

    @pytest.mark.parametrize(
        "pattern",
        [
            Pattern(EXACT, "/services"),
            Pattern(PREFIX, "/services/plumbing"),
            Pattern(GLOB, "/services/*"),
            Pattern.of(PREFIX, "/sale", {"utm_source": "google"}),
        ],
    )
    def test_come_with_pages_to_look_at_on_either_side(self, pattern: Pattern) -> None:
        fitting, others = examples_of(pattern)
        assert fitting
        assert others
        assert all(pattern.fits(page_at(address)) for address in fitting)
        assert not any(pattern.fits(page_at(address)) for address in others)


texts = st.sampled_from(["a", "b", "ab"])
queries = st.dictionaries(st.sampled_from(["u", "v"]), st.sampled_from(["1", "2", "*"]), max_size=2)
plain_paths = st.lists(texts, max_size=3).map(lambda parts: "/" + "/".join(parts))
globs = st.lists(texts | st.sampled_from(["*", "**", "a*", "*b"]), max_size=3).map(
    lambda parts: "/" + "/".join(parts)
)
patterns = (
    st.builds(Pattern.of, st.sampled_from([EXACT, PREFIX]), plain_paths, queries)
    | st.builds(Pattern.of, st.just(GLOB), globs, queries)
    | st.builds(Pattern.of, st.just(ANY), st.just(""), queries)
)
# A small world, whole: what any two of these patterns have in common, some page of it shows.
WORLD = [
    page_at(address_of(segments, {name: value for name, value in zip("uv", values, strict=True) if value}))
    for length in range(4)
    for segments in product(["a", "b", "ab", "x"], repeat=length)
    for values in product(["", "1", "2"], repeat=2)
]


@given(patterns, patterns)
def test_an_example_fits_both_and_without_one_no_page_of_the_world_does(one: Pattern, other: Pattern) -> None:
    example = page_matched_by_both(one, other)
    if example is not None:
        assert one.fits(page_at(example))
        assert other.fits(page_at(example))
    else:
        assert not any(one.fits(page) and other.fits(page) for page in WORLD)


@given(st.lists(st.tuples(st.integers(1, 2), patterns), max_size=6))
def test_of_many_rules_exactly_those_that_meet_are_found(rules: list[tuple[int, Pattern]]) -> None:
    found = list(overlaps((number, priority, pattern) for number, (priority, pattern) in enumerate(rules)))
    meeting = {
        later
        for later, (priority, pattern) in enumerate(rules)
        if any(
            priority == rules[earlier][0] and page_matched_by_both(pattern, rules[earlier][1]) is not None
            for earlier in range(later)
        )
    }
    assert {overlap.other for overlap in found} == meeting
    for overlap in found:
        assert rules[overlap.one][1].fits(page_at(overlap.example))
        assert rules[overlap.other][1].fits(page_at(overlap.example))


def test_segments_of_a_pattern_are_those_of_a_page() -> None:
    assert Pattern(EXACT, "/a//b/").parts == segments_of("/a/b")
