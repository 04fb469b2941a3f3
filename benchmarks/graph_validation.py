"""Judging a question graph of 10,000 nodes, against reading its rows from PostgreSQL.

The baseline is the least that anybody needs who wants to judge a draft: two plain SELECTs of the columns that
matter, fetched as tuples. Ours makes a Graph of those tuples and validates it, every rule and every path. The
graph has a chain of diamonds (more paths than could be tried), a long corridor and a wide question, and is
sound, so that no check ends early. BENCHMARK_NODES=100000 measures another size; the ratio should stay.
"""

import gc
import itertools
import os
import time
from collections.abc import Iterator
from typing import Any

from benchmarks import harness

NODES = int(os.environ.get("BENCHMARK_NODES", "10000"))
ROUNDS = 40
NODE_ROWS = """
    SELECT node.id::text, node.node_type, node.service_id::text,
           COALESCE(question.title, service.title, node.answer_title)
    FROM flows_serviceselectionnode AS node
    LEFT JOIN content_bookingquestion AS question ON question.id = node.question_id
    LEFT JOIN content_bookingservice AS service ON service.id = node.service_id
    WHERE node.step_id = %s ORDER BY node.id
"""
EDGE_ROWS = """
    SELECT source_id::text, target_id::text FROM flows_serviceselectionedge
    WHERE step_id = %s ORDER BY source_id, position
"""
Rows = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


class Draft:
    """One step with a large graph, written below a business of its own."""

    def __init__(self) -> None:
        from apps.content.models import BookingQuestion, BookingService
        from apps.flows.models import BookingFlow, BookingFlowStep, StepType
        from apps.organizations.models import Organization

        business = Organization.objects.create(name="Benchmark", slug="graph-validation")
        flow = BookingFlow.objects.create(organization=business, title="Large")
        self.step = BookingFlowStep.objects.create(
            flow=flow, step_type=StepType.SERVICE_SELECTION, title="Graph", position=1
        )
        self.service = BookingService.objects.create(organization=business, title="Repair")
        self.question = BookingQuestion.objects.create(
            organization=business, unique_name="need", title="What do you need?"
        )
        self._write()

    def _write(self) -> None:
        """A third each: diamonds, a corridor of single answers, one wide question."""
        from apps.flows.models import ServiceSelectionEdge, ServiceSelectionNode

        nodes, ways = [self._node("question")], []
        diamonds, corridor = NODES // 9, NODES // 6
        for size in [2] * diamonds + [1] * corridor:
            before = nodes[-1]
            answers = [self._node("answer") for _ in range(size)]
            nodes += [*answers, self._node("question")]
            ways += [(before, answer) for answer in answers] + [(answer, nodes[-1]) for answer in answers]
        wide = nodes[-1]
        services = [self._node("service") for _ in range(NODES - len(nodes))]
        ways += [(wide, service) for service in services]
        ServiceSelectionNode.objects.bulk_create([*nodes, *services], batch_size=2_000)
        places: dict[Any, Iterator[int]] = {}
        ServiceSelectionEdge.objects.bulk_create(
            (
                ServiceSelectionEdge(
                    step=self.step,
                    source=source,
                    target=target,
                    position=next(places.setdefault(source.id, itertools.count())),
                )
                for source, target in ways
            ),
            batch_size=2_000,
        )

    def _node(self, kind: str) -> Any:
        from apps.flows.models import ServiceSelectionNode

        node = ServiceSelectionNode(step=self.step, node_type=f"{kind}_reference")
        if kind == "question":
            node.question = self.question
        elif kind == "service":
            node.service = self.service
        else:
            node.answer_title = "This one"
        return node

    def read(self) -> Rows:
        """The baseline: the rows as tuples."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(NODE_ROWS, [self.step.id])
            nodes = cursor.fetchall()
            cursor.execute(EDGE_ROWS, [self.step.id])
            return nodes, cursor.fetchall()


def judge(rows: Rows) -> None:
    """Ours: a graph of the rows, and everything that is wrong with it, which is nothing."""
    from apps.flows.graph import Edge, Graph, Node, NodeKind, validate

    nodes, edges = rows
    kinds = {kind.value: kind for kind in NodeKind}
    graph = Graph.of(
        nodes[0][0],
        [Node(node_id, kinds[kind], title, service_id) for node_id, kind, service_id, title in nodes],
        [Edge(source, target) for source, target in edges],
    )
    problems = validate(graph)
    if problems:
        raise AssertionError(problems[0].message)


def timed(run: Any, *arguments: Any) -> harness.Sample:
    """One turn of one."""
    started = time.perf_counter()
    run(*arguments)
    seconds = time.perf_counter() - started
    return harness.Sample(1, seconds, [seconds * 1000])


def graph_validation() -> harness.Result:
    """Graphs a second, judged and read; what was written for it is rolled back."""
    from django.db import transaction

    with transaction.atomic():
        draft = Draft()
        rows = draft.read()
        judge(rows)
        # As the server's processes do: what is loaded for good is not looked through again and again.
        gc.freeze()
        baseline, ours = harness.interleaved(
            baseline=lambda: timed(draft.read), ours=lambda: timed(judge, rows), rounds=ROUNDS
        )
        whole = timed(_as_published, draft)
        transaction.set_rollback(True)
    return harness.result(
        "graph_validation",
        baseline=baseline,
        ours=ours,
        unit="graphs/s",
        notes=[
            f"{len(rows[0]):,} nodes, {len(rows[1]):,} edges, sound",
            f"the whole draft as publishing sees it, with every text: {whole.seconds:.2f} s",
        ],
    )


def _as_published(draft: Draft) -> None:
    from apps.flows.documents import draft_of
    from apps.flows.models import BookingFlow

    draft_of(BookingFlow.objects.get(id=draft.step.flow_id))
