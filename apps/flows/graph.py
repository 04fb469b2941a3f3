"""The service-selection graph, and what can be wrong with one. Pure: no ORM, no clock, no settings.

Walking one is in apps/flows/walking.py. The same two exist in TypeScript (graphValidation.ts and graph.ts of
the widget's client) for whoever edits a graph; fixtures/graphs holds what both must say, to the letter.

The rules (seed 000 §2.2): one question to start with; no circles; everything can be reached; whichever way
a customer goes, from the start to a node that nothing follows, they meet exactly one service. An answer
that is a service counts like a service.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

# A broken graph of thousands of nodes has thousands of broken paths; nobody reads more than a few.
MAX_PROBLEMS_PER_CODE = 20
MAX_NODES_NAMED = 6


class NodeKind(StrEnum):
    """What a node stands for."""

    QUESTION = "question_reference"
    ANSWER = "answer_reference"
    SERVICE = "service_reference"


class ProblemCode(StrEnum):
    """What can be wrong with a graph."""

    NO_ROOT = "no_root"
    MANY_ROOTS = "many_roots"
    CYCLE = "cycle"
    UNREACHABLE = "unreachable"
    PATH_WITHOUT_SERVICE = "path_without_service"
    PATH_WITH_TWO_SERVICES = "path_with_two_services"
    ILLEGAL_EDGE = "illegal_edge"
    DANGLING = "dangling"


LEGAL_TARGETS: Mapping[NodeKind, frozenset[NodeKind]] = {
    NodeKind.QUESTION: frozenset({NodeKind.ANSWER, NodeKind.SERVICE}),
    NodeKind.ANSWER: frozenset({NodeKind.QUESTION, NodeKind.SERVICE}),
    NodeKind.SERVICE: frozenset({NodeKind.QUESTION}),
}
_KIND_WORDS = {
    NodeKind.QUESTION: "a question",
    NodeKind.ANSWER: "an answer",
    NodeKind.SERVICE: "a service",
}
# What to put between two nodes that may not follow each other, by the kind of the first.
_MISSING_BETWEEN = {
    NodeKind.QUESTION: "an answer",
    NodeKind.ANSWER: "a question",
    NodeKind.SERVICE: "a question",
}


# Nodes and edges are tuples: thousands are made at once, and none burdens the garbage collector.
class Node(NamedTuple):
    """A question, an answer or a service. `service_id` is set on services and on answers that are one."""

    id: str
    kind: NodeKind
    label: str = ""
    service_id: str | None = None

    @property
    def services(self) -> int:
        """How many services meeting this node selects: 0 or 1."""
        return 0 if self.service_id is None else 1


class Edge(NamedTuple):
    """From one node to another. The order of a node's edges is the order in which its choices are shown."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges as they stand, right or wrong."""

    root_id: str | None
    nodes: Mapping[str, Node]
    edges: Sequence[Edge]

    @classmethod
    def of(cls, root_id: str | None, nodes: Sequence[Node], edges: Sequence[Edge]) -> "Graph":
        """A graph of these parts. Raises ValueError if an id is used twice."""
        by_id = {node.id: node for node in nodes}
        if len(by_id) != len(nodes):
            raise ValueError("Two nodes have the same id.")
        return cls(root_id=root_id, nodes=by_id, edges=tuple(edges))

    @classmethod
    def from_config(
        cls, config: Mapping[str, Any], *, service_titles: Mapping[str, str] | None = None
    ) -> "Graph":
        """A graph from a service_selection step's `type_config`, as the API sends it.

        `service_titles` (by service id) makes the messages name services, which the shape itself does not.
        Raises ValueError if an id is used twice or a node's type is unknown.
        """
        return cls.of(
            config["root_node_id"],
            [_node_of(node, service_titles or {}) for node in config["nodes"]],
            [Edge(edge["source_node_id"], edge["target_node_id"]) for edge in config["edges"]],
        )


def _node_of(node: Mapping[str, Any], service_titles: Mapping[str, str]) -> Node:
    content = node.get("question") or node.get("answer") or {}
    service_id = node.get("service_id")
    return Node(
        id=node["id"],
        kind=NodeKind(node["type"]),
        label=content.get("title") or service_titles.get(service_id or "", ""),
        service_id=service_id,
    )


@dataclass(frozen=True, slots=True)
class GraphProblem:
    """One thing that is wrong. `node_ids` is the offending path, in its order; `message` says what to do."""

    code: ProblemCode
    node_ids: tuple[str, ...]
    message: str


def _problem(code: ProblemCode, node_ids: Sequence[str], message: str) -> GraphProblem:
    return GraphProblem(code, tuple(node_ids), message[0].upper() + message[1:])


# --- Checking ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Links:
    """The edges between nodes that exist, by node, and how many enter each. Edges to nothing are left out."""

    targets: dict[str, list[str]]
    entering: dict[str, int]

    @classmethod
    def of(cls, graph: Graph) -> "_Links":
        targets: dict[str, list[str]] = {node_id: [] for node_id in graph.nodes}
        entering = dict.fromkeys(graph.nodes, 0)
        for source, target in graph.edges:
            if source in targets and target in targets:
                targets[source].append(target)
                entering[target] += 1
        return cls(targets, entering)


def validate(graph: Graph) -> list[GraphProblem]:
    """Everything that is wrong with a graph, in O(nodes + edges); empty if it can be published.

    Paths are never enumerated: the fewest and the most services on any path to a node follow from those of
    the nodes before it, in topological order. Nothing recurses, so depth is no limit.
    """
    links = _Links.of(graph)
    roots = _roots(graph, links)
    problems = [
        *_root_problems(graph, roots),
        *_dangling(graph, links),
        *_illegal_edges(graph),
    ]
    reached = _reachable(roots, links)
    if roots:
        problems += _unreachable(graph, reached)
    order, left_over = _topological_order(links)
    if left_over:  # where a path goes round, there is no counting what it meets
        problems.append(_cycle(graph, left_over))
    elif roots == [graph.root_id]:
        problems += _path_problems(graph, links, roots[0], [node for node in order if node in reached])
    return _limited(problems)


def _roots(graph: Graph, links: _Links) -> list[str]:
    """Every question that could be the start: the named one, and those that nothing leads to."""
    return [
        node.id
        for node in graph.nodes.values()
        if node.kind is NodeKind.QUESTION and (node.id == graph.root_id or not links.entering[node.id])
    ]


def _root_problems(graph: Graph, roots: Sequence[str]) -> Iterator[GraphProblem]:
    if len(roots) > 1:
        names = _list_of(graph, roots)
        all_of_them = "both" if len(roots) == 2 else "all"  # noqa: PLR2004
        message = (
            f"{names} {all_of_them} start the graph. "
            "Keep one of them, and let an answer lead to each of the others."
        )
        yield _problem(ProblemCode.MANY_ROOTS, roots, message)
    elif roots != [graph.root_id]:
        named = (graph.root_id,) if graph.root_id is not None and graph.root_id in graph.nodes else ()
        message = (
            f"The graph starts with {_name(graph, named[0])}, but it has to start with a question. "
            "Put the question that customers see first before it."
            if named
            else "The graph has no start. Add the question that customers see first."
        )
        yield _problem(ProblemCode.NO_ROOT, named, message)


def _dangling(graph: Graph, links: _Links) -> Iterator[GraphProblem]:
    for source, target in graph.edges:
        if source in graph.nodes and target in graph.nodes:
            continue
        known = [node_id for node_id in (source, target) if node_id in graph.nodes]
        place = f" at {_name(graph, known[0])}" if known else ""
        message = f"A connection{place} has nothing at its other end. Remove it, or connect it again."
        yield _problem(ProblemCode.DANGLING, (source, target), message)
    for node in graph.nodes.values():
        if node.kind is NodeKind.SERVICE and node.service_id is None:
            message = (
                f"{_name(graph, node.id)} names no service that can be booked. Choose one, or remove it."
            )
            yield _problem(ProblemCode.DANGLING, (node.id,), message)
        if node.kind is NodeKind.QUESTION and not links.targets[node.id]:
            message = f"Nothing can be chosen at {_name(graph, node.id)}. Add answers or services to it."
            yield _problem(ProblemCode.DANGLING, (node.id,), message)


def _illegal_edges(graph: Graph) -> Iterator[GraphProblem]:
    nodes = graph.nodes
    for source_id, target_id in graph.edges:
        source, target = nodes.get(source_id), nodes.get(target_id)
        if source is not None and target is not None and target.kind not in LEGAL_TARGETS[source.kind]:
            message = (
                f"{_name(graph, source.id)} leads to {_name(graph, target.id)}, but "
                f"{_KIND_WORDS[source.kind]} cannot lead to {_KIND_WORDS[target.kind]}. "
                f"Put {_MISSING_BETWEEN[source.kind]} between them."
            )
            yield _problem(ProblemCode.ILLEGAL_EDGE, (source.id, target.id), message)


def _reachable(roots: Sequence[str], links: _Links) -> set[str]:
    reached = set(roots)
    waiting = list(roots)
    while waiting:
        for target in links.targets[waiting.pop()]:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _unreachable(graph: Graph, reached: set[str]) -> Iterator[GraphProblem]:
    lost = tuple(node_id for node_id in graph.nodes if node_id not in reached)
    if lost:
        message = (
            f"No way leads from the start to {_list_of(graph, lost)}. Connect what is missing, or remove it."
        )
        yield _problem(ProblemCode.UNREACHABLE, lost, message)


def _topological_order(links: _Links) -> tuple[list[str], set[str]]:
    """Nodes in an order in which every edge points forward, and the rest: circles and what follows them."""
    waiting_for = links.entering.copy()
    order = [node_id for node_id, count in waiting_for.items() if count == 0]
    for node_id in order:  # grows while it is read
        for target in links.targets[node_id]:
            waiting_for[target] -= 1
            if waiting_for[target] == 0:
                order.append(target)
    return order, {node_id for node_id, count in waiting_for.items() if count > 0}


def _cycle(graph: Graph, left_over: set[str]) -> GraphProblem:
    """One circle. Each left-over node has a left-over source, so going backwards must come round."""
    sources: dict[str, list[str]] = {}
    for source, target in graph.edges:
        if source in left_over:
            sources.setdefault(target, []).append(source)
    node_id = next(candidate for candidate in graph.nodes if candidate in left_over)
    seen: dict[str, int] = {}
    backwards: list[str] = []
    while node_id not in seen:
        seen[node_id] = len(backwards)
        backwards.append(node_id)
        node_id = sources[node_id][0]
    circle = backwards[seen[node_id] :][::-1]
    positions = {candidate: position for position, candidate in enumerate(graph.nodes)}
    start = min(range(len(circle)), key=lambda index: positions[circle[index]])
    path = (*circle[start:], *circle[:start], circle[start])
    message = f"{_path_of(graph, path)} goes round in a circle. Remove one of these connections."
    return _problem(ProblemCode.CYCLE, path, message)


# --- Services on the paths --------------------------------------------------------------------------


@dataclass(slots=True)
class _Counts:
    """The fewest and the most services on any path from the root to each node, and who was before it."""

    fewest: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    before_fewest: dict[str, str] = field(default_factory=dict)
    before_most: dict[str, str] = field(default_factory=dict)


def _path_problems(graph: Graph, links: _Links, root: str, order: Sequence[str]) -> Iterator[GraphProblem]:
    counts = _count_services(graph, links, root, order)
    ends = [node_id for node_id in graph.nodes if node_id in counts.fewest and not links.targets[node_id]]
    # A question that offers nothing is reported as such; its path is unfinished, not without a service.
    without = [
        end for end in ends if counts.fewest[end] == 0 and graph.nodes[end].kind is not NodeKind.QUESTION
    ]
    for end in without[:MAX_PROBLEMS_PER_CODE]:
        path = _trace(counts.before_fewest, end)
        message = f"{_path_of(graph, path)} ends without a service. Add one to this path."
        yield _problem(ProblemCode.PATH_WITHOUT_SERVICE, path, message)
    with_two = [end for end in ends if counts.most[end] > 1]
    for end in with_two[:MAX_PROBLEMS_PER_CODE]:
        path = _trace(counts.before_most, end)
        message = (
            f"{_path_of(graph, path)} meets {counts.most[end]} services. Leave exactly one on this path."
        )
        yield _problem(ProblemCode.PATH_WITH_TWO_SERVICES, path, message)


def _count_services(graph: Graph, links: _Links, root: str, order: Sequence[str]) -> _Counts:
    counts = _Counts()
    fewest, most = counts.fewest, counts.most
    fewest[root] = most[root] = graph.nodes[root].services
    for node_id in order:
        at_least, at_most = fewest[node_id], most[node_id]
        for target in links.targets[node_id]:
            own = 0 if graph.nodes[target].service_id is None else 1
            if target not in fewest or at_least + own < fewest[target]:
                fewest[target] = at_least + own
                counts.before_fewest[target] = node_id
            if target not in most or at_most + own > most[target]:
                most[target] = at_most + own
                counts.before_most[target] = node_id
    return counts


def _trace(before: Mapping[str, str], end: str) -> tuple[str, ...]:
    path = [end]
    while path[-1] in before:
        path.append(before[path[-1]])
    return tuple(reversed(path))


# --- Words ------------------------------------------------------------------------------------------


def _name(graph: Graph, node_id: str) -> str:
    node = graph.nodes[node_id]
    return f"“{node.label}”" if node.label else f"{_KIND_WORDS[node.kind]} without a title"


def _list_of(graph: Graph, node_ids: Sequence[str]) -> str:
    names = [_name(graph, node_id) for node_id in node_ids[:MAX_NODES_NAMED]]
    more = len(node_ids) - len(names)
    *before, last = [*names, f"{more} more"] if more else names
    return f"{', '.join(before)} and {last}" if before else last


def _path_of(graph: Graph, path: Sequence[str]) -> str:
    names = [_name(graph, node_id) for node_id in path]
    if len(names) > MAX_NODES_NAMED:
        half = MAX_NODES_NAMED // 2
        names = [*names[:half], "…", *names[-half:]]
    return "The path " + " → ".join(names)


def _limited(problems: Sequence[GraphProblem]) -> list[GraphProblem]:
    seen: dict[ProblemCode, int] = {}
    kept = []
    for problem in problems:
        seen[problem.code] = seen.get(problem.code, 0) + 1
        if seen[problem.code] <= MAX_PROBLEMS_PER_CODE:
            kept.append(problem)
    return kept
