"""What a rule looks at on a page, whether it fits, and whether two rules could fit one page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from apps.routing.addresses import Page, address_of, segments_of
from apps.routing.globs import Deep, Parts, common_path, fits, parse

PRESENT = "*"
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


class PathMatch(StrEnum):
    """How a rule's path is compared with a page's."""

    EXACT = "exact"
    PREFIX = "prefix"
    GLOB = "glob"
    ANY = "any"


@dataclass(frozen=True)
class Pattern:
    """What a rule looks at; every condition must hold. `query` has parameters and the values they need.

    A value `*` wants the parameter to be there, whatever it says.
    """

    kind: PathMatch
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, kind: PathMatch, path: str = "", query: Mapping[str, str] | None = None) -> "Pattern":
        """With the conditions in one order, so that equal patterns are equal."""
        return cls(kind, path, tuple(sorted((query or {}).items())))

    @cached_property
    def parts(self) -> Parts:
        """The path as parts: a prefix is what ends in `**`. Raises BadPattern."""
        if self.kind is PathMatch.ANY:
            return (Deep.ANY,)
        if self.kind is PathMatch.GLOB:
            return parse(self.path)
        literals = segments_of(self.path)
        return literals if self.kind is PathMatch.EXACT else (*literals, Deep.ANY)

    def fits(self, page: Page) -> bool:
        """Whether the rule applies to this page; a prefix ends at a segment."""
        return fits(self.parts, page.segments) and self.fits_query(page)

    def fits_query(self, page: Page) -> bool:
        """Whether every condition on the parameters holds."""
        return all(value_fits(wanted, page.params.get(name)) for name, wanted in self.query)

    def in_words(self) -> str:
        """The condition as staff say it."""
        if not self.query:
            return self.path_in_words()
        conditions = " and ".join(condition_in_words(name, wanted) for name, wanted in self.query)
        return f"{self.path_in_words()}, where {conditions}"

    def path_in_words(self) -> str:
        """What it says about the path."""
        return {
            PathMatch.ANY: "any page",
            PathMatch.EXACT: f"the page {self.path}",
            PathMatch.PREFIX: f"{self.path} and what is below it",
            PathMatch.GLOB: f"pages like {self.path}",
        }[self.kind]


def value_fits(wanted: str, value: str | None) -> bool:
    """Whether a parameter's first value, None where it is missing, is the wanted one."""
    return value is not None and wanted in (PRESENT, value)


def condition_in_words(name: str, wanted: str) -> str:
    """“utm_source is google”."""
    return f"{name} is there" if wanted == PRESENT else f"{name} is {wanted}"


def page_matched_by_both(one: Pattern, other: Pattern) -> str | None:
    """The address of a page that both patterns fit, without the site's name; None if there is none: exact."""
    params = _params_of_both(dict(one.query), dict(other.query))
    if params is None:
        return None
    segments = common_path(one.parts, other.parts)
    return None if segments is None else address_of(segments, params)


def _params_of_both(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str] | None:
    params = {}
    for name in {**one, **other}:
        values = {wanted[name] for wanted in (one, other) if name in wanted} - {PRESENT}
        if len(values) > 1:
            return None
        params[name] = values.pop() if values else "x"
    return params


def examples_of(pattern: Pattern) -> tuple[list[str], list[str]]:
    """Addresses of pages that a pattern fits, and near ones that it does not, to look at while writing it."""
    found = page_matched_by_both(pattern, pattern) or "/"
    path, _, query = found.partition("?")
    bare = path.rstrip("/")
    near = [path, f"{bare}/more", f"{bare}-more", path.rsplit("/", 1)[0] or "/", "/about"]
    tried = dict.fromkeys(f"{one}?{query}" if query else one for one in near)
    if query:
        # What is missing, or says something else, tells most about a condition.
        tried = dict.fromkeys([path, f"{path}?{query.split('=')[0]}=other", *tried])
    fitting: list[str] = []
    others: list[str] = []
    for address in tried:
        fitted = pattern.fits(Page.from_url(f"https://www.example.com{address}"))
        (fitting if fitted else others).append(address)
    return fitting[:3], others[:3]
