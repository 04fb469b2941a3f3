"""The graph engine: the shared vectors, and what must hold for every graph."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.flows.graph import (
    LEGAL_TARGETS,
    MAX_PROBLEMS_PER_CODE,
    Edge,
    Graph,
    Node,
    NodeKind,
    ProblemCode,
    validate,
)
from apps.flows.walking import WalkError, walk
from tests.flows.graph_vectors import VECTORS, load


@pytest.mark.parametrize("name", VECTORS)
class TestVectors:
    def test_finds_exactly_the_expected_errors(self, name: str) -> None:
        vector = load(name)
        graph = Graph.from_config(vector["graph"], service_titles=vector.get("titles"))
        found = [
            {"code": problem.code.value, "message": problem.message, "node_ids": list(problem.node_ids)}
            for problem in validate(graph)
        ]
        assert found == vector["errors"]

    def test_says_what_is_wrong_and_what_to_do(self, name: str) -> None:
        for error in load(name)["errors"]:
            assert error["message"][0].isupper() or error["message"][0] == "“"
            assert error["message"].endswith(".")
            assert error["message"].count(". ") == 1  # the trouble, then the remedy

    def test_walks_as_expected(self, name: str) -> None:
        vector = load(name)
        graph = Graph.from_config(vector["graph"])
        for expected in vector["walks"]:
            assert walked(graph, expected["node_ids"]) == (expected.get("result") or expected["error"])


def walked(graph: Graph, node_ids: list[str]) -> dict[str, Any]:
    try:
        result = walk(graph, node_ids)
    except WalkError as error:
        return {"code": error.code, "position": error.position}
    return {"service_id": result.service_id, "complete": result.complete}


def test_there_are_enough_vectors() -> None:
    assert len(VECTORS) >= 40


def test_every_code_has_a_vector() -> None:
    assert {error["code"] for name in VECTORS for error in load(name)["errors"]} == set(ProblemCode)


def test_two_nodes_of_one_id_are_no_graph() -> None:
    with pytest.raises(ValueError, match="same id"):
        Graph.of("a", [Node("a", NodeKind.QUESTION), Node("a", NodeKind.ANSWER)], [])


class TestSize:
    def test_depth_is_no_limit(self) -> None:
        nodes = [Node(str(n), NodeKind.QUESTION if n % 2 == 0 else NodeKind.ANSWER) for n in range(10_000)]
        nodes.append(Node("end", NodeKind.SERVICE, service_id="s"))
        edges = [Edge(str(n), str(n + 1)) for n in range(9_999)] + [Edge("9999", "end")]
        graph = Graph.of("0", nodes, edges)
        assert validate(graph) == []
        assert walk(graph, [node.id for node in nodes]).complete

    def test_paths_are_not_enumerated(self) -> None:
        # Forty questions with three answers each, all meeting again: 3^40 paths.
        nodes, edges = [], []
        for level in range(40):
            nodes.append(Node(f"q{level}", NodeKind.QUESTION))
            following = f"q{level + 1}" if level < 39 else "end"
            for choice in range(3):
                nodes.append(Node(f"a{level}.{choice}", NodeKind.ANSWER))
                edges += [Edge(f"q{level}", f"a{level}.{choice}"), Edge(f"a{level}.{choice}", following)]
        nodes.append(Node("end", NodeKind.SERVICE, service_id="s"))
        assert validate(Graph.of("q0", nodes, edges)) == []

    def test_a_broken_giant_gets_a_readable_list(self) -> None:
        nodes = [Node("q", NodeKind.QUESTION), *(Node(str(n), NodeKind.ANSWER) for n in range(5_000))]
        problems = validate(Graph.of("q", nodes, [Edge("q", str(n)) for n in range(5_000)]))
        assert len(problems) == MAX_PROBLEMS_PER_CODE

    def test_a_long_circle_is_found(self) -> None:
        nodes = [Node(str(n), NodeKind.QUESTION if n % 2 == 0 else NodeKind.ANSWER) for n in range(10_000)]
        edges = [Edge(str(n), str((n + 1) % 10_000)) for n in range(10_000)]
        assert [problem.code for problem in validate(Graph.of("0", nodes, edges))] == [ProblemCode.CYCLE]


# --- Against brute force ----------------------------------------------------------------------------


@st.composite
def small_dags(draw: st.DrawFn) -> Graph:
    """Up to nine nodes behind a first question; each has a source before it, and every edge is legal."""
    kinds = [NodeKind.QUESTION]
    edges: list[Edge] = []
    nodes = [Node("0", NodeKind.QUESTION)]
    for number in range(1, draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(list(NodeKind)))
        sources = [str(n) for n, source in enumerate(kinds) if kind in LEGAL_TARGETS[source]]
        if not sources:
            continue
        chosen = draw(st.sets(st.sampled_from(sources), min_size=1, max_size=3))
        has_service = kind is NodeKind.SERVICE or (kind is NodeKind.ANSWER and draw(st.booleans()))
        nodes.append(Node(str(len(nodes)), kind, service_id=f"s{number}" if has_service else None))
        edges += [Edge(source, nodes[-1].id) for source in sorted(chosen)]
        kinds.append(kind)
    return Graph.of("0", nodes, edges)


def all_paths(graph: Graph, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    targets = [edge.target for edge in graph.edges if edge.source == path[-1]]
    if not targets:
        yield path
    for target in targets:
        yield from all_paths(graph, (*path, target))


def services_on(graph: Graph, path: tuple[str, ...]) -> int:
    return sum(graph.nodes[node_id].services for node_id in path)


@given(small_dags())
def test_agrees_with_trying_every_path(graph: Graph) -> None:
    problems = validate(graph)
    paths = list(all_paths(graph, ("0",)))
    finished = [path for path in paths if graph.nodes[path[-1]].kind is not NodeKind.QUESTION]
    without = {path[-1] for path in finished if services_on(graph, path) == 0}
    with_two = {path[-1] for path in paths if services_on(graph, path) > 1}
    assert ends(problems, ProblemCode.PATH_WITHOUT_SERVICE) == without
    assert ends(problems, ProblemCode.PATH_WITH_TWO_SERVICES) == with_two


@given(small_dags())
def test_names_paths_that_exist_and_are_wrong(graph: Graph) -> None:
    paths = set(all_paths(graph, ("0",)))
    for problem in validate(graph):
        if problem.code is ProblemCode.PATH_WITHOUT_SERVICE:
            assert problem.node_ids in paths
            assert services_on(graph, problem.node_ids) == 0
        if problem.code is ProblemCode.PATH_WITH_TWO_SERVICES:
            assert problem.node_ids in paths
            assert services_on(graph, problem.node_ids) > 1


@given(small_dags())
def test_every_path_of_a_valid_graph_can_be_walked_to_its_service(graph: Graph) -> None:
    valid = not validate(graph)
    for path in all_paths(graph, ("0",)):
        if valid:
            result = walk(graph, path)
            assert result.complete
            assert result.service_id is not None


@given(small_dags(), st.data())
def test_a_back_edge_makes_a_circle(graph: Graph, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(all_paths(graph, ("0",)))))
    late = data.draw(st.integers(0, len(path) - 1))
    early = data.draw(st.integers(0, late))
    circular = Graph.of("0", list(graph.nodes.values()), [*graph.edges, Edge(path[late], path[early])])
    circles = [problem for problem in validate(circular) if problem.code is ProblemCode.CYCLE]
    assert len(circles) == 1
    circle = circles[0].node_ids
    assert circle[0] == circle[-1]
    edges = {(edge.source, edge.target) for edge in circular.edges}
    assert all(pair in edges for pair in itertools.pairwise(circle))


def ends(problems: list[Any], code: ProblemCode) -> set[str]:
    return {problem.node_ids[-1] for problem in problems if problem.code is code}
