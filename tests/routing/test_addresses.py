import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.routing.addresses import MAX_URL_LENGTH, BadUrl, Page, address_of, segments_of


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

    @pytest.mark.parametrize(
        ("query", "params"),
        [
            ("", {}),
            ("utm_source=google", {"utm_source": "google"}),
            ("a=1&a=2", {"a": "1"}),
            ("a=&b", {"a": "", "b": ""}),
            ("q=a+b%20c&%C3%A9=%26", {"q": "a b c", "é": "&"}),
            ("&&=x&a=1=2", {"": "x", "a": "1=2"}),
            ("A=1&a=2", {"A": "1", "a": "2"}),
        ],
    )
    def test_of_a_repeated_parameter_the_first_value_counts(self, query: str, params: dict[str, str]) -> None:
        assert Page.from_url(f"https://www.example.com/?{query}#a=9").params == params

    @given(
        st.lists(st.text(min_size=1, max_size=5), max_size=4),
        st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
    )
    def test_an_address_says_what_it_was_written_from(self, parts: list[str], params: dict[str, str]) -> None:
        segments = tuple(
            part
            for part in parts
            if part not in {".", ".."} and part.encode("utf-8", "replace").decode() == part
        )
        params = {
            name: value
            for name, value in params.items()
            if (name + value).encode("utf-8", "replace").decode() == name + value
        }
        page = Page.from_url(f"https://www.example.com{address_of(segments, params)}")
        assert page.segments == segments
        assert page.params == params
