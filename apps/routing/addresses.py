"""What of a page's address counts: its path, segment by segment, and its query parameters. Pure.

Scheme, host, port and fragment don't count. Paths are compared segment by segment, each percent-decoded
once; `.` and `..` are resolved; empty segments, and so the last slash, are dropped; case is kept. So
`/a//b/%7Ec/` is `/a/b/~c`, and `%2F` inside a segment is not a separator. Of a repeated parameter the first
value counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, quote_from_bytes, unquote_to_bytes, urlsplit

MAX_URL_LENGTH = 4096

Segments = tuple[str, ...]


class BadUrl(ValueError):
    """Not the address of a web page."""


@dataclass(frozen=True)
class Page:
    """What of a page's address counts."""

    segments: Segments
    query: str = ""

    @classmethod
    def from_url(cls, url: str) -> "Page":
        """The page at an absolute http(s) address. Raises BadUrl."""
        if len(url) > MAX_URL_LENGTH:
            raise BadUrl(f"The address may have at most {MAX_URL_LENGTH} characters.")
        if not url.isprintable():
            raise BadUrl("The address has characters that no address has.")
        try:
            parts = urlsplit(url)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError as error:
            raise BadUrl("This is not the address of a web page.") from error
        if not usable:
            raise BadUrl("Send the page's whole address, such as https://www.example.com/services.")
        return cls(segments=segments_of(parts.path), query=parts.query)

    @cached_property
    def params(self) -> Mapping[str, str]:
        """The query parameters with their first values; case is kept, `x` and `x=` are both empty."""
        params: dict[str, str] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True, errors="surrogateescape"):
            params.setdefault(name, value)
        return params


def segments_of(path: str) -> Segments:
    """A path's segments in their normal form."""
    segments: list[str] = []
    for raw in path.split("/"):
        segment = decoded(raw) if "%" in raw else raw
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    return tuple(segments)


def decoded(text: str) -> str:
    """Percent-decoded once."""
    # surrogateescape keeps bytes that are not UTF-8 apart from each other; "replace" would merge them.
    return unquote_to_bytes(text).decode("utf-8", "surrogateescape")


def address_of(segments: Iterable[str], params: Mapping[str, str]) -> str:
    """A page's address on its site, such as `/services/plumbing?utm_source=google`."""
    path = "/" + "/".join(map(_encoded, segments))
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in params.items())
    return f"{path}?{query}" if query else path


def _encoded(text: str) -> str:
    """Only what would mean something else, so that people can read the rest."""
    return "".join(
        character
        if character.isprintable() and character not in " /?#%&=+"
        else quote_from_bytes(character.encode("utf-8", "surrogateescape"), safe="")
        for character in text
    )
