"""What is kept of where a visit came from."""

from apps.sessions.context import SessionContext


def context(**values: object) -> SessionContext:
    return SessionContext.model_validate(values)


class TestPageUrl:
    def test_keeps_the_campaign_and_drops_every_other_parameter(self) -> None:
        url = "https://shop.example.com/book?email=ada@example.com&utm_source=news&name=Ada&utm_term=ac%20repair"
        assert context(url=url).url == "https://shop.example.com/book?utm_source=news&utm_term=ac+repair"

    def test_drops_user_info_and_fragment(self) -> None:
        assert (
            context(url="https://ada:secret@example.com:8443/a#phone=3035550142").url
            == "https://example.com:8443/a"
        )

    def test_blanks_an_email_address_in_the_path_and_in_a_campaign(self) -> None:
        kept = context(url="https://example.com/u/ada@example.com/book?utm_content=ada@example.com").url
        assert "ada" not in kept

    def test_a_page_outside_the_web_is_not_kept(self) -> None:
        for url in ["about:srcdoc", "file:///home/ada/index.html", "https://[broken", "https://a:99999/", ""]:
            assert context(url=url).url == ""

    def test_a_long_address_is_cut_not_refused(self) -> None:
        kept = context(url="https://example.com/" + "a" * 9000 + "?utm_source=" + "b" * 4000).url
        assert len(kept) == 1000

    def test_control_characters_never_reach_the_database(self) -> None:
        assert "\x00" not in context(url="https://example.com/\x00a?utm_source=%00x").url


class TestReferrer:
    def test_drops_the_whole_query(self) -> None:
        referrer = "https://search.example.com/find?q=ada+lovelace&utm_source=x"
        assert context(referrer=referrer).referrer == "https://search.example.com/find"


class TestUtm:
    def test_blanks_an_email_address(self) -> None:
        utm = context(utm={"source": "mail", "content": "to ada@example.com"}).utm
        assert (utm.source, utm.content) == ("mail", "to")
