from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.routing.matching import (
    MAX_URL_LENGTH,
    BadUrl,
    Page,
    PathMatch,
    Pattern,
    Rule,
    decide,
    page_matched_by_both,
    segments_of,
)

EXACT, PREFIX, ANY = PathMatch.EXACT, PathMatch.PREFIX, PathMatch.ANY
WEBSITE, POPUP = UUID(int=1001), UUID(int=1002)


class TestPaths:
    @pytest.mark.parametrize(
        ("path", "segments"),
        [
            ("", ()),
            ("/", ()),
            ("/a/b", ("a", "b")),
            ("/a/b/", ("a", "b")),
            ("//a///b", ("a", "b")),
            ("/a/./b", ("a", "b")),
            ("/a/x/../b", ("a", "b")),
            ("/../../a", ("a",)),
            ("/a/%2E%2e/b", ("b",)),
            ("/A/b", ("A", "b")),
            ("/caf%C3%A9", ("café",)),
            ("/café", ("café",)),
            ("/a%20b", ("a b",)),
            ("/a+b", ("a+b",)),
            ("/a%2Fb", ("a/b",)),
            ("/%252e", ("%2e",)),
            ("/100%", ("100%",)),
        ],
    )
    def test_have_one_normal_form(self, path: str, segments: tuple[str, ...]) -> None:
        assert segments_of(path) == segments

    def test_that_are_not_utf8_stay_apart(self) -> None:
        assert segments_of("/%ff") != segments_of("/%fe")

    @given(st.lists(st.sampled_from(["a", "b", ".", "..", "", "%2e", "%2f", "c%20d"]), max_size=12))
    def test_never_hold_dots_or_nothing(self, parts: list[str]) -> None:
        assert not {"", ".", ".."} & set(segments_of("/".join(parts)))


class TestPage:
    @pytest.mark.parametrize(
        "url",
        [
            "https://www.example.com/services",
            "http://example.com:8080/services/?utm_source=x#top",
            "HTTPS://EXAMPLE.COM/services/",
        ],
    )
    def test_only_the_path_counts(self, url: str) -> None:
        assert Page.from_url(url).segments == ("services",)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "services",
            "/services",
            "//example.com/services",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "https://[::1/x",
            "https://exa\nmple.com/",
            "https://example.com/\x00",
            "https://example.com/\ud800",
            f"https://example.com/{'a' * MAX_URL_LENGTH}",
        ],
    )
    def test_refuses_what_is_no_web_page(self, url: str) -> None:
        with pytest.raises(BadUrl):
            Page.from_url(url)

    @given(
        st.text(max_size=80)
        | st.text(max_size=80).map("https://".__add__)
        | st.text().map("https://a/".__add__)
    )
    def test_reads_or_refuses_whatever_is_sent(self, url: str) -> None:
        try:
            segments = Page.from_url(url).segments
        except BadUrl:
            return
        assert not {"", ".", ".."} & set(segments)


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
        ],
    )
    def test_fit(self, kind: PathMatch, path: str, page: str, fits: object) -> None:
        assert Pattern(kind, path).fits(Page(segments_of(page))) is fits

    @pytest.mark.parametrize(
        ("one", "other", "example"),
        [
            (Pattern(EXACT, "/a"), Pattern(EXACT, "/a/"), "/a"),
            (Pattern(EXACT, "/a"), Pattern(EXACT, "/b"), None),
            (Pattern(PREFIX, "/a"), Pattern(EXACT, "/a/b"), "/a/b"),
            (Pattern(PREFIX, "/a/b"), Pattern(EXACT, "/a"), None),
            (Pattern(PREFIX, "/a"), Pattern(PREFIX, "/a/b"), "/a/b"),
            (Pattern(PREFIX, "/a"), Pattern(PREFIX, "/ab"), None),
            (Pattern(ANY), Pattern(EXACT, "/a"), "/a"),
            (Pattern(ANY), Pattern(ANY), "/"),
        ],
    )
    def test_that_could_both_fit_are_found_with_an_example(
        self, one: Pattern, other: Pattern, example: str | None
    ) -> None:
        for first, second in ((one, other), (other, one)):
            found = page_matched_by_both(first, second)
            assert (found is None) == (example is None)
            if found is not None and example is not None:
                assert segments_of(found) == segments_of(example)


patterns = st.builds(
    Pattern,
    st.sampled_from([EXACT, PREFIX]),
    st.lists(st.sampled_from("ab"), max_size=3).map(lambda parts: "/" + "/".join(parts)),
) | st.just(Pattern(ANY))
pages = st.lists(st.sampled_from("ab"), max_size=4).map(lambda parts: Page(tuple(parts)))


@given(patterns, patterns, st.lists(pages, max_size=20))
def test_an_example_fits_both_and_without_one_no_page_does(
    one: Pattern, other: Pattern, tried: list[Page]
) -> None:
    example = page_matched_by_both(one, other)
    if example is not None:
        page = Page(segments_of(example))
        assert one.fits(page)
        assert other.fits(page)
    else:
        assert not any(one.fits(page) and other.fits(page) for page in tried)


def rule(
    number: int,
    pattern: Pattern = Pattern(ANY),  # noqa: B008  (frozen)
    *,
    priority: int | None = None,
    is_default: bool = False,
    config_id: UUID | None = None,
) -> Rule:
    return Rule(
        id=UUID(int=number),
        priority=number if priority is None else priority,
        pattern=pattern,
        is_default=is_default,
        config_id=config_id,
        flow_version_id=UUID(int=9),
    )


def winner(rules: list[Rule], path: str = "/x", config_id: UUID | None = None) -> Rule | None:
    page = Page(segments_of(path))
    return decide(rules, page, config_id=config_id, default_config_id=WEBSITE).rule


class TestDecide:
    def test_priority_one_is_tried_first(self) -> None:
        late, early = rule(1, priority=2), rule(2, priority=1)
        assert winner([late, early]) == early

    def test_passes_over_what_does_not_fit(self) -> None:
        narrow, wide = rule(1, Pattern(EXACT, "/about")), rule(2, Pattern(PREFIX, "/services"))
        assert winner([narrow, wide], "/services/hvac") == wide

    def test_the_default_comes_last_whatever_its_priority(self) -> None:
        default, ordinary = rule(1, is_default=True), rule(2, Pattern(PREFIX, "/services"))
        assert winner([default, ordinary], "/services") == ordinary
        assert winner([default, ordinary], "/about") == default

    def test_a_page_that_names_its_widget_sees_no_other_widgets_rules(self) -> None:
        website, everywhere = rule(1, config_id=WEBSITE), rule(2)
        assert winner([website, everywhere], config_id=POPUP) == everywhere
        assert winner([website, everywhere]) == website

    def test_a_widgets_own_default_goes_before_the_general_one(self) -> None:
        general, own = rule(1, is_default=True), rule(2, is_default=True, config_id=POPUP)
        assert winner([general, own], config_id=POPUP) == own
        assert winner([general, own], config_id=WEBSITE) == general
        assert winner([general, own]) == general

    def test_says_why_in_words(self) -> None:
        rules = [rule(7, Pattern(PREFIX, "/services")), rule(8, is_default=True)]
        reasons = [
            decide(rules, Page(segments_of(path)), config_id=None, default_config_id=None).reason
            for path in ("/services/hvac", "/about")
        ]
        assert reasons == [
            "Rule 7 fits: /services and what is below it.",
            "No other rule fits this page, so the default is used.",
        ]

    def test_without_rules_nothing_wins(self) -> None:
        assert winner([]) is None
