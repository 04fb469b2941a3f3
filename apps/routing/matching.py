"""Whether a rule fits a page: pure, and linear in the length of the page's address.

Scheme, host, port, query and fragment don't count. Paths are compared segment by segment, each
percent-decoded once; `.` and `..` are resolved; empty segments, and so the last slash, are dropped; case
is kept. So `/a//b/%7Ec/` is `/a/b/~c`, and `%2F` inside a segment is not a separator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote_to_bytes, urlsplit
from uuid import UUID

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as it is weighed. Its flow is published."""

    id: UUID
    priority: int
    pattern: Pattern
    is_default: bool
    config_id: UUID | None
    flow_version_id: UUID


@dataclass(frozen=True, slots=True)
class Decision:
    """The rule that won, or None, and why in words."""

    rule: Rule | None
    reason: str


def decide(
    rules: Sequence[Rule], page: Page, *, config_id: UUID | None, default_config_id: UUID | None
) -> Decision:
    """The first rule that fits the page, by priority; else the default.

    A page that names its widget (`config_id`) sees that widget's rules and the general ones; any other page
    sees all rules. A widget's own default goes before the general one.
    """
    meant = [rule for rule in rules if config_id is None or rule.config_id in {config_id, None}]
    ordinary = sorted(
        (rule for rule in meant if not rule.is_default), key=lambda rule: (rule.priority, rule.id)
    )
    for rule in ordinary:
        if rule.pattern.fits(page):
            return Decision(rule, f"Rule {rule.priority} fits: {rule.pattern.in_words()}.")
    defaults = {rule.config_id: rule for rule in meant if rule.is_default}
    own = config_id or default_config_id
    if own is not None and own in defaults:
        return Decision(defaults[own], "No other rule fits this page, so this widget's default is used.")
    if None in defaults:
        return Decision(defaults[None], "No other rule fits this page, so the default is used.")
    return Decision(None, "No rule fits this page, and there is no default.")
