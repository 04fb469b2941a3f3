"""The service selection as an outline: the way customers walk it, for the eye beside the form."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from apps.flows.models import (
    BookingFlowStep,
    NodeType,
    ServiceSelectionEdge,
    ServiceSelectionNode,
)

MAX_LINES = 300


@dataclass(slots=True)
class Line:
    """One line of the outline. `leads_to` is the service that an answer books, if it does."""

    kind: str
    words: str
    depth: int
    leads_to: str = ""
    repeated: bool = False


@dataclass(slots=True)
class Outline:
    """The lines from each root, and what nothing leads to."""

    lines: list[Line] = field(default_factory=list)
    loose: list[Line] = field(default_factory=list)


def outline_of(step: BookingFlowStep) -> Outline:
    """The step's graph, depth first in the order of display; two queries. Cycles are cut."""
    nodes = {
        node.pk: node
        for node in ServiceSelectionNode.objects.filter(step=step)
        .select_related("question", "service", "answer__service", "answer__question")
        .order_by("id")
    }
    ways: dict[UUID, list[UUID]] = {}
    for edge in ServiceSelectionEdge.objects.filter(step=step).order_by("position"):
        ways.setdefault(edge.source_id, []).append(edge.target_id)
    entered = {target for targets in ways.values() for target in targets}
    outline, seen = Outline(), set[UUID]()
    for root in nodes.values():
        if root.pk not in entered:
            into = outline.lines if root.node_type == NodeType.QUESTION else outline.loose
            into.extend(_walk(root.pk, nodes, ways, seen, depth=0))
    del outline.lines[MAX_LINES:]
    return outline


def _walk(
    node_id: UUID,
    nodes: dict[UUID, ServiceSelectionNode],
    ways: dict[UUID, list[UUID]],
    seen: set[UUID],
    *,
    depth: int,
) -> Iterator[Line]:
    node, repeated = nodes[node_id], node_id in seen
    seen.add(node_id)
    service = node.answer.service if node.answer else None
    yield Line(
        kind=node.node_type.removesuffix("_reference"),
        words=str(node),
        depth=min(depth, 12),
        leads_to=service.title if service else "",
        repeated=repeated and bool(ways.get(node_id)),
    )
    if repeated or len(seen) > MAX_LINES:
        return
    for target in ways.get(node_id, []):
        yield from _walk(target, nodes, ways, seen, depth=depth + 1)
