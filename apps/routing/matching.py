"""Whether a rule fits a page: pure, and linear in the length of the page's address.

Scheme, host, port, query and fragment don't count. Paths are compared segment by segment, each
percent-decoded once; `.` and `..` are resolved; empty segments, and so the last slash, are dropped; case
is kept. So `/a//b/%7Ec/` is `/a/b/~c`, and `%2F` inside a segment is not a separator.
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote_to_bytes, urlsplit

MAX_URL_LENGTH = 4096

Segments = tuple[str, ...]


class PathMatch(StrEnum):
    """How a rule's path is compared with a page's."""

    EXACT = "exact"
    PREFIX = "prefix"
    ANY = "any"


class BadUrl(ValueError):
    """Not the address of a web page."""


@dataclass(frozen=True, slots=True)
class Page:
    """What of a page's address counts."""

    segments: Segments

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
        return cls(segments=segments_of(parts.path))


def segments_of(path: str) -> Segments:
    """A path's segments in their normal form."""
    segments: list[str] = []
    for raw in path.split("/"):
        segment = _decode(raw)
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    return tuple(segments)


def _decode(segment: str) -> str:
    # surrogateescape keeps bytes that are not UTF-8 apart from each other; "replace" would merge them.
    return unquote_to_bytes(segment).decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a rule looks at. Every condition must hold."""

    kind: PathMatch
    path: str = ""

    def fits(self, page: Page) -> bool:
        """Whether the rule applies to this page; a prefix ends at a segment."""
        if self.kind is PathMatch.ANY:
            return True
        wanted = segments_of(self.path)
        if self.kind is PathMatch.EXACT:
            return page.segments == wanted
        return page.segments[: len(wanted)] == wanted

    def in_words(self) -> str:
        """The condition as staff say it."""
        if self.kind is PathMatch.ANY:
            return "any page"
        return (
            f"the page {self.path}" if self.kind is PathMatch.EXACT else f"{self.path} and what is below it"
        )


def page_matched_by_both(one: Pattern, other: Pattern) -> str | None:
    """A path that both patterns fit, or None if there is none."""
    longer, shorter = sorted((one, other), key=lambda pattern: len(segments_of(pattern.path)), reverse=True)
    if PathMatch.ANY in {one.kind, other.kind}:
        specific = other if one.kind is PathMatch.ANY else one
        return specific.path or "/"
    common = Page(segments=segments_of(longer.path))
    return longer.path if shorter.fits(common) and longer.fits(common) else None
