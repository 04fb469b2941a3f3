"""The paths of many rules as one tree of parts: which of them a page's path fits, which a pattern can meet.

Equal beginnings are walked once, and a text leads on by a dictionary. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from apps.routing.addresses import Segments
from apps.routing.globs import Deep, Part, Partial, Parts, common_segment
from apps.routing.patterns import PRESENT

Condition = tuple[str, str]


@dataclass(slots=True, eq=False)
class Node:
    """Where paths that begin in one way go on, and the numbers of the rules whose path ends here.

    A rule that looks at parameters is found by one of them. `stays` is a `**`: it takes any segment.
    """

    literal: "dict[str, Node]" = field(default_factory=dict)
    partial: "Partials" = field(default_factory=lambda: Partials())  # noqa: PLW0108  (it is defined below)
    deep: "Node | None" = None
    stays: bool = False
    plain: list[int] = field(default_factory=list)
    by_param: dict[Condition, list[int]] = field(default_factory=dict)

    def numbers(self) -> Iterator[int]:
        """All of the rules that end here."""
        yield from self.plain
        for numbers in self.by_param.values():
            yield from numbers

    def children(self) -> "Iterator[tuple[str | Partial, Node]]":
        """Where one segment leads on."""
        yield from self.literal.items()
        yield from self.partial.items()


class Partials:
    """Where segments with stars lead on, found by how these begin, or else by how they end.

    A segment of a page is looked up as often as there are lengths of beginnings and of ends: a thousand
    patterns such as `area-7-*` cost what a handful does.
    """

    __slots__ = ("_by_beginning", "_by_end", "_nodes")

    def __init__(self) -> None:
        self._nodes: dict[Partial, Node] = {}
        self._by_beginning: dict[int, dict[str, list[Partial]]] = {}
        self._by_end: dict[int, dict[str, list[Partial]]] = {}

    def lead(self, part: Partial) -> Node:
        """The node to which this part leads, made where there is none."""
        node = self._nodes.get(part)
        if node is None:
            node = self._nodes[part] = Node()
            first, last = part.pieces[0], part.pieces[-1]
            index, text = (self._by_beginning, first) if first else (self._by_end, last)
            index.setdefault(len(text), {}).setdefault(text, []).append(part)
        return node

    def items(self) -> Iterable[tuple[Partial, Node]]:
        """Every part with its node."""
        return self._nodes.items()

    def candidates(self, segment: str) -> Iterator[Partial]:
        """The parts that begin, or else end, as a page's segment does."""
        for length, parts in self._by_beginning.items():
            yield from parts.get(segment[:length], ())
        for length, parts in self._by_end.items():
            yield from parts.get(segment[max(0, len(segment) - length) :], ())

    def fitting(self, segment: str) -> Iterator[Node]:
        """The nodes to which a page's segment leads."""
        return (self._nodes[part] for part in self.candidates(segment) if part.fits(segment))


class PathTree:
    """Rules by their paths; they are called by numbers."""

    def __init__(self) -> None:
        self._root = Node()

    def add(self, number: int, parts: Parts, conditions: Sequence[Condition] = ()) -> None:
        """Put a rule where its path ends."""
        node = self._root
        for part in parts:
            node = _child(node, part)
        if not conditions:
            node.plain.append(number)
            return
        # Values tell rules apart better than names do.
        by = next((one for one in conditions if one[1] != PRESENT), conditions[0])
        node.by_param.setdefault(by, []).append(number)

    def ends_of(self, segments: Segments) -> Iterable[Node]:
        """The nodes in which a path ends: the path is walked once, through all of them at the same time."""
        here = _with_deep([self._root])
        for segment in segments:
            after: list[Node] = []
            for node in here:
                if node.stays:
                    after.append(node)
                if (child := node.literal.get(segment)) is not None:
                    after.append(child)
                after += node.partial.fitting(segment)
            here = _with_deep(after)
            if not here:
                break
        return here

    def meeting(self, parts: Parts) -> Iterator[int]:
        """The numbers of all rules for whose path there is a path that fits these parts as well: exact."""
        seen: set[tuple[int, int]] = set()
        waiting = [(self._root, 0)]
        while waiting:
            node, place = waiting.pop()
            if (id(node), place) in seen:
                continue
            seen.add((id(node), place))
            if place == len(parts):
                yield from node.numbers()
            waiting += _steps(node, place, parts)


def _child(node: Node, part: Part) -> Node:
    if isinstance(part, str):
        return node.literal.setdefault(part, Node())
    if isinstance(part, Partial):
        return node.partial.lead(part)
    if node.deep is None:
        node.deep = Node(stays=True)
    return node.deep


def _with_deep(nodes: Sequence[Node]) -> Sequence[Node]:
    """With those that are reached without a segment, each once."""
    reached = dict.fromkeys(nodes)
    for node in nodes:
        deep = node.deep
        while deep is not None:
            reached[deep] = None
            deep = deep.deep
    return list(reached)


def _steps(node: Node, place: int, parts: Parts) -> Iterator[tuple[Node, int]]:
    """Where one more segment, or none, leads in the tree and in the parts together."""
    if node.deep is not None:
        yield node.deep, place
    if place == len(parts):
        return
    part = parts[place]
    if isinstance(part, Deep):
        yield node, place + 1
        for _, child in node.children():
            yield child, place
        return
    if node.stays:
        yield node, place + 1
    if isinstance(part, str) and part in node.literal:
        yield node.literal[part], place + 1
    others = node.partial.items() if isinstance(part, str) else node.children()
    for other, child in others:
        if common_segment(other, part) is not None:
            yield child, place + 1
