"""Two rules of one priority that could fit one page: which of them would win is anybody's guess, so there are
none. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from apps.routing.patterns import PRESENT, Pattern, page_matched_by_both
from apps.routing.tree import PathTree

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Overlap(Generic[K]):
    """Two rules, and a page's address, without the site's name, that both fit."""

    one: K
    other: K
    example: str


def overlaps(rules: Iterable[tuple[K, int, Pattern]]) -> Iterator[Overlap[K]]:
    """Every rule that could meet an earlier one of its priority, with the first such: exact.

    Rules are (name, priority, pattern). Which widget a rule is for keeps no two apart: a page that names no
    widget sees the rules of all.
    """
    trees: dict[int, PathTree] = defaultdict(PathTree)
    known: list[tuple[K, Pattern]] = []
    for name, priority, pattern in rules:
        query = dict(pattern.query)
        for number in trees[priority].meeting(pattern.parts):
            other_name, other = known[number]
            if can_both_hold(query, other.query):
                example = page_matched_by_both(pattern, other)
                if example is not None:
                    yield Overlap(other_name, name, example)
                    break
        trees[priority].add(len(known), pattern.parts, pattern.query)
        known.append((name, pattern))


def can_both_hold(one: Mapping[str, str], other: Iterable[tuple[str, str]]) -> bool:
    """Whether no parameter would need two values at once."""
    return all(wanted == PRESENT or one.get(name, PRESENT) in (PRESENT, wanted) for name, wanted in other)
