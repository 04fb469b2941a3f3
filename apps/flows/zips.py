"""Which zip codes a location serves: listed, by the way they begin, and from one to another. Pure, no ORM.

The widget's engine/zip.ts runs the same vectors (fixtures/zips). Spaces, hyphens and case don't count. A
beginning serves whole codes only: of `code_length` characters where all of a business's codes are digits,
else of five or more. Where two areas serve one code, the first counts; such drafts are refused.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

USUAL_LENGTH = 5
SHORTEST_WITH_LETTERS = 5
# From how many neighbours on a list is kept as a range: what is published stays small.
RUN = 3


class Status(StrEnum):
    """What a typed code is."""

    INCOMPLETE = "incomplete"
    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The codes of one location. Ranges are of digits, of one length, both ends included."""

    codes: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.prefixes or self.ranges)

    @property
    def count(self) -> int:
        """How many codes are listed or lie in ranges; beginnings are not counted."""
        return len(self.codes) + sum(int(last) - int(first) + 1 for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a business's codes look like: digits only, and the characters of the longest."""

    numeric: bool
    length: int

    def is_whole(self, code: str) -> bool:
        """Whether a bare code can be a whole one, so that a beginning decides about it."""
        if self.numeric:
            return len(code) == self.length
        return len(code) >= min(SHORTEST_WITH_LETTERS, self.length)


@dataclass(frozen=True, slots=True)
class Overlap:
    """A code that two areas, by their places in the list, both serve."""

    code: str
    first: int
    second: int


def bare(code: str) -> str:
    """A code as it is compared."""
    return re.sub(r"[^0-9A-Z]", "", code.upper())


def shape_of(areas: Iterable[Coverage], code_length: int | None = None) -> Shape:
    """The shape of all codes together; `code_length` is what the business says itself."""
    numeric, longest = True, 0
    for area in areas:
        ends = [end for pair in area.ranges for end in pair]
        for code in map(bare, [*area.codes, *ends]):
            numeric = numeric and code.isdigit()
            longest = max(longest, len(code))
        numeric = numeric and all(bare(prefix).isdigit() for prefix in area.prefixes)
    return Shape(numeric, code_length or longest or USUAL_LENGTH)


def check(areas: Sequence[Coverage], typed: str, code_length: int | None = None) -> tuple[Status, int | None]:
    """Whether somebody serves a code, and the place of that area in the list."""
    shape, code = shape_of(areas, code_length), bare(typed)
    for place, area in enumerate(areas):
        if serves(area, code, shape):
            return Status.INSIDE, place
    return (Status.INCOMPLETE if len(code) < shape.length else Status.OUTSIDE), None


def serves(area: Coverage, code: str, shape: Shape) -> bool:
    """Whether an area serves a bare code."""
    return (
        any(bare(listed) == code for listed in area.codes)
        or (shape.is_whole(code) and any(code.startswith(bare(prefix)) for prefix in area.prefixes))
        or (
            code.isdigit()
            and any(len(first) == len(code) and first <= code <= last for first, last in area.ranges)
        )
    )


# --- Two areas, one code ----------------------------------------------------------------------------

_Interval = tuple[str, str, int]


def overlaps(areas: Sequence[Coverage], code_length: int | None = None) -> Iterator[Overlap]:
    """A code for each place where two areas meet, in O(n log n)."""
    shape = shape_of(areas, code_length)
    for intervals in _by_length(areas, shape).values():
        yield from _meeting(sorted(intervals))


def _by_length(areas: Sequence[Coverage], shape: Shape) -> dict[int, list[_Interval]]:
    found: dict[int, list[_Interval]] = defaultdict(list)
    for place, area in enumerate(areas):
        for code in map(bare, area.codes):
            found[len(code)].append((code, code, place))
        for first, last in area.ranges:
            found[len(first)].append((first, last, place))
    lengths = {*found, shape.length}
    for place, area in enumerate(areas):
        for prefix in map(bare, area.prefixes):
            for length in lengths:
                if length >= len(prefix) and shape.is_whole("0" * length):
                    low, high = prefix.ljust(length, "0"), prefix.ljust(length, "9" if shape.numeric else "Z")
                    found[length].append((low, high, place))
    return found


def _meeting(intervals: Iterable[_Interval]) -> Iterator[Overlap]:
    """Sweep intervals in order; of those begun, the two of different areas that reach furthest count."""
    furthest: list[tuple[str, int]] = []
    for low, high, place in intervals:
        for reach, other in furthest:
            if other != place and low <= reach:
                yield Overlap(low, *sorted((other, place)))
                break
        best = max([(high, place), *(pair for pair in furthest if pair[1] == place)])
        furthest = sorted([best, *(pair for pair in furthest if pair[1] != place)], reverse=True)[:2]


# --- Keeping it small -------------------------------------------------------------------------------


def compact(area: Coverage, shape: Shape) -> Coverage:
    """The same codes, each said once: neighbours as ranges, nothing that a beginning serves already."""
    prefixes = _shortest(sorted({bare(prefix) for prefix in area.prefixes}))
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    others: dict[str, str] = {}
    for code in area.codes:
        key = bare(code)
        if shape.is_whole(key) and key.startswith(prefixes):
            continue
        if key.isdigit():
            spans[len(key)].append((int(key), int(key)))
        else:
            others.setdefault(key, " ".join(code.upper().split()))
    for first, last in area.ranges:
        spans[len(first)].append((int(first), int(last)))
    codes, ranges = list(others.values()), []
    for length, pairs in spans.items():
        for low, high in _merged(pairs):
            if high - low + 1 >= RUN:
                ranges.append((f"{low:0{length}}", f"{high:0{length}}"))
            else:
                codes += [f"{number:0{length}}" for number in range(low, high + 1)]
    return Coverage(tuple(sorted(codes)), prefixes, tuple(sorted(ranges)))


def _shortest(prefixes: Sequence[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for prefix in prefixes:
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)


def _merged(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    low: int | None = None
    high = -1
    for first, last in sorted(pairs):
        if low is not None and first <= high + 1:
            high = max(high, last)
            continue
        if low is not None:
            yield low, high
        low, high = first, last
    if low is not None:
        yield low, high
