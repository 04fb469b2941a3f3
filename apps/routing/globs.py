"""Patterns of paths as sequences of parts, one a segment: whether a path fits, and whether two can meet.

A part is a text, a text with `*` in it (any characters of one segment), or `**` (any number of segments).
Nothing here backtracks: a path is read once, with the set of places in the pattern where it may be.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from apps.routing.addresses import Segments, decoded


class Deep(Enum):
    """`**`."""

    ANY = "**"


@dataclass(frozen=True, slots=True)
class Partial:
    """A segment with `*` in it: what stands between the stars, at least two pieces."""

    pieces: tuple[str, ...]

    def fits(self, segment: str) -> bool:
        """Each piece is looked for once, leftmost; a segment of a page is never empty."""
        first, last = self.pieces[0], self.pieces[-1]
        end = len(segment) - len(last)
        if end < len(first) or not segment.startswith(first) or not segment.endswith(last):
            return False
        at = len(first)
        for piece in self.pieces[1:-1]:
            at = segment.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True


Part = str | Partial | Deep
Parts = tuple[Part, ...]
ANYTHING = Partial(("", ""))


class BadPattern(ValueError):
    """Not a pattern of paths; the message says what to write."""


def parse(path: str) -> Parts:
    """The parts of a pattern such as `/services/*/repair-*/**`. Raises BadPattern."""
    return tuple(_part(raw) for raw in path.split("/") if raw)


def _part(raw: str) -> Part:
    if raw == Deep.ANY.value:
        return Deep.ANY
    if "**" in raw:
        raise BadPattern("Write ** between slashes, as in /services/**; inside a part one * is enough.")
    pieces = tuple(map(decoded, raw.split("*")))
    if any(piece != piece.encode("utf-8", "replace").decode() for piece in pieces):
        raise BadPattern("This has % signs that stand for no text.")
    if len(pieces) > 1:
        return Partial(pieces)
    if pieces[0] in {".", ".."}:
        raise BadPattern("A pattern can't go up with “..”: write the path as it is on the page.")
    return pieces[0]


def part_fits(part: str | Partial, segment: str) -> bool:
    """Whether one segment fits one part."""
    return part == segment if isinstance(part, str) else part.fits(segment)


def fits(parts: Parts, segments: Segments) -> bool:
    """Whether a path fits: linear in the path, whatever the pattern."""
    places = _with_skips(parts, {0})
    for segment in segments:
        after = set()
        for place in places:
            part = parts[place] if place < len(parts) else ""
            if part is Deep.ANY:
                after.add(place)
            elif part and part_fits(part, segment):
                after.add(place + 1)
        places = _with_skips(parts, after)
    return len(parts) in places


def _with_skips(parts: Parts, places: set[int]) -> set[int]:
    """`**` may stand for nothing."""
    reached = set(places)
    for place in places:
        at = place
        while at < len(parts) and parts[at] is Deep.ANY:
            at += 1
            reached.add(at)
    return reached


# --- What two patterns have in common ---------------------------------------------------------------

State = tuple[int, int]


def common_path(one: Parts, other: Parts) -> Segments | None:
    """The segments of a shortest path that fits both, or None if there is none: exact.

    A search through pairs of places in the two patterns, so at most one step for each pair.
    """
    goal = (len(one), len(other))
    waiting: deque[tuple[State, State | None, str | None]] = deque([((0, 0), None, None)])
    came_from: dict[State, tuple[State | None, str | None]] = {}
    while waiting:
        state, before, segment = waiting.popleft()
        if state in came_from:
            continue
        came_from[state] = before, segment
        if state == goal:
            return _walked(came_from, goal)
        for after, taken in _steps(one, other, state):
            # What takes no segment goes first, so that the path stays short.
            (waiting.appendleft if taken is None else waiting.append)((after, state, taken))
    return None


def _walked(came_from: dict[State, tuple[State | None, str | None]], goal: State) -> Segments:
    segments = []
    state: State | None = goal
    while state is not None:
        state, segment = came_from[state]
        if segment is not None:
            segments.append(segment)
    return tuple(reversed(segments))


def _steps(one: Parts, other: Parts, state: State) -> Iterator[tuple[State, str | None]]:
    i, j = state
    mine = one[i] if i < len(one) else None
    theirs = other[j] if j < len(other) else None
    if mine is Deep.ANY:
        yield (i + 1, j), None
    if theirs is Deep.ANY:
        yield (i, j + 1), None
    segment = common_segment(
        ANYTHING if mine is Deep.ANY else mine, ANYTHING if theirs is Deep.ANY else theirs
    )
    if segment is not None and not (mine is Deep.ANY and theirs is Deep.ANY):
        yield (i + (mine is not Deep.ANY), j + (theirs is not Deep.ANY)), segment


def common_segment(one: str | Partial | None, other: str | Partial | None) -> str | None:
    """A shortest segment that fits both parts, or None if there is none."""
    if one is None or other is None:
        return None
    if isinstance(one, str):
        return one if part_fits(other, one) else None
    if isinstance(other, str):
        return other if one.fits(other) else None
    return _common_text(one, other)


STAR = None
Character = str | None
# A segment of a page is none of these: how far a text is still one of them.
_NO_SEGMENTS = ("", ".", "..")
_FINE = len(_NO_SEGMENTS)
Spot = tuple[int, int, int]


@lru_cache(maxsize=4096)
def _common_text(one: Partial, other: Partial) -> str | None:
    left, right = _characters(one), _characters(other)
    goal = (len(left), len(right), _FINE)
    waiting: deque[tuple[Spot, Spot | None, str]] = deque([((0, 0, 0), None, "")])
    came_from: dict[Spot, tuple[Spot | None, str]] = {}
    while waiting:
        spot, before, character = waiting.popleft()
        if spot in came_from:
            continue
        came_from[spot] = before, character
        if spot == goal:
            return _spelled(came_from, goal)
        for after, taken in _moves(left, right, spot):
            (waiting.append if taken else waiting.appendleft)((after, spot, taken))
    return None


def _characters(part: Partial) -> Sequence[Character]:
    characters: list[Character] = []
    for number, piece in enumerate(part.pieces):
        characters += [STAR, *piece] if number else [*piece]
    return characters


def _moves(left: Sequence[Character], right: Sequence[Character], spot: Spot) -> Iterator[tuple[Spot, str]]:
    i, j, known = spot
    done_left, done_right = i == len(left), j == len(right)
    mine = "" if done_left else left[i]
    theirs = "" if done_right else right[j]
    if mine is STAR:
        yield (i + 1, j, known), ""
    if theirs is STAR:
        yield (i, j + 1, known), ""
    if done_left or done_right:
        return
    if mine is not STAR and theirs is not STAR and mine != theirs:
        return
    # Where both are stars any character does, and a letter is never part of "." or "..".
    character = mine or theirs or "x"
    after = known + 1 if character == "." and known + 1 < _FINE else _FINE
    yield (i + (mine is not STAR), j + (theirs is not STAR), after), character


def _spelled(came_from: dict[Spot, tuple[Spot | None, str]], goal: Spot) -> str:
    characters = []
    spot: Spot | None = goal
    while spot is not None:
        spot, character = came_from[spot]
        characters.append(character)
    return "".join(reversed(characters))
