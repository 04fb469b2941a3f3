"""A step's graph as rows: reading it, its fingerprint, and making the rows as an edit wants them."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.flows.editing.shapes import GraphEdge, GraphEdit, GraphNode
from apps.flows.models import BookingFlowStep, NodeType, ServiceSelectionEdge, ServiceSelectionNode

Json = dict[str, Any]
# JavaScript's numbers are exact up to 53 bits.
VERSION_BYTES = 6
NODE_COLUMNS = (
    "node_type",
    "question_id",
    "answer_id",
    "service_id",
    "answer_title",
    "answer_description",
    "answer_icon",
    "answer_category_id",
    "x",
    "y",
)
PLACE_COLUMNS = frozenset({"x", "y"})


@dataclass(frozen=True, slots=True)
class StoredGraph:
    """A step's nodes and edges, in the order in which they are shown."""

    nodes: dict[UUID, ServiceSelectionNode]
    edges: dict[UUID, ServiceSelectionEdge]

    @classmethod
    def of(cls, step: BookingFlowStep, *, organization_id: UUID) -> "StoredGraph":
        """The rows of a step; two queries."""
        nodes = ServiceSelectionNode.objects.for_organization(organization_id).filter(step=step)
        edges = ServiceSelectionEdge.objects.for_organization(organization_id).filter(step=step)
        return cls(
            nodes={node.id: node for node in nodes.order_by("id")},
            edges={edge.id: edge for edge in edges.order_by("source_id", "position")},
        )

    def as_json(self) -> Json:
        """The graph in the shape in which the editor sends it back. A node without a place has nulls."""
        return {
            "nodes": [_node_json(node) for node in self.nodes.values()],
            "edges": [
                {"id": str(edge.id), "source": str(edge.source_id), "target": str(edge.target_id)}
                for edge in self.edges.values()
            ],
        }

    @property
    def version(self) -> int:
        """A fingerprint: another number after every change of the rows, whoever made it and by what way."""
        canonical = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return int.from_bytes(hashlib.sha256(canonical.encode()).digest()[:VERSION_BYTES])


def _node_json(node: ServiceSelectionNode) -> Json:
    inline = node.node_type == NodeType.ANSWER and node.answer_id is None
    return {
        "id": str(node.id),
        "type": node.node_type,
        "question_id": _text(node.question_id),
        "answer_id": _text(node.answer_id),
        "service_id": _text(node.service_id),
        "words": node.inline_content() if inline else None,
        "category_id": _text(node.answer_category_id),
        "x": node.x,
        "y": node.y,
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


@dataclass(slots=True)
class Difference:
    """What has to happen so that the rows are as wanted."""

    new_nodes: list[ServiceSelectionNode] = field(default_factory=list)
    changed_nodes: list[ServiceSelectionNode] = field(default_factory=list)
    moved_nodes: list[ServiceSelectionNode] = field(default_factory=list)
    gone_nodes: list[UUID] = field(default_factory=list)
    new_edges: list[ServiceSelectionEdge] = field(default_factory=list)
    reordered_edges: list[ServiceSelectionEdge] = field(default_factory=list)
    gone_edges: list[UUID] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether the rows are as wanted."""
        return not (self.moved_nodes or self.changes_the_draft)

    @property
    def changes_the_draft(self) -> bool:
        """Whether customers would see something else: not by where the nodes stand on the canvas."""
        return bool(
            self.new_nodes
            or self.changed_nodes
            or self.gone_nodes
            or self.new_edges
            or self.reordered_edges
            or self.gone_edges
        )

    def counts(self) -> dict[str, int]:
        """How many of what, for the log; without what there is none of."""
        counted = {
            "nodes_added": len(self.new_nodes),
            "nodes_changed": len(self.changed_nodes),
            "nodes_moved": len(self.moved_nodes),
            "nodes_removed": len(self.gone_nodes),
            "connections_added": len(self.new_edges),
            "connections_reordered": len(self.reordered_edges),
            "connections_removed": len(self.gone_edges),
        }
        return {name: count for name, count in counted.items() if count}


def difference(stored: StoredGraph, wanted: GraphEdit, step: BookingFlowStep) -> Difference:
    """Compare by id. A way that leads elsewhere than before is taken out and made again under its id."""
    found = Difference()
    for node in wanted.nodes:
        _compare_node(found, stored.nodes.get(node.id), node, step)
    found.gone_nodes = list(stored.nodes.keys() - {node.id for node in wanted.nodes})
    places: defaultdict[UUID, int] = defaultdict(int)
    for edge in wanted.edges:
        _compare_edge(found, stored.edges.get(edge.id), edge, step, position=places[edge.source])
        places[edge.source] += 1
    found.gone_edges += stored.edges.keys() - {edge.id for edge in wanted.edges}
    return found


def _compare_node(
    found: Difference, row: ServiceSelectionNode | None, node: GraphNode, step: BookingFlowStep
) -> None:
    values = _columns_of(node)
    if row is None:
        found.new_nodes.append(ServiceSelectionNode(id=node.id, step=step, **values))
        return
    changed = {name for name in NODE_COLUMNS if getattr(row, name) != values[name]}
    if changed:
        updated = ServiceSelectionNode(id=node.id, step=step, **values)
        (found.moved_nodes if changed <= PLACE_COLUMNS else found.changed_nodes).append(updated)


def _columns_of(node: GraphNode) -> Json:
    words = node.words
    return {
        "node_type": node.type.value,
        "question_id": node.question_id,
        "answer_id": node.answer_id,
        "service_id": node.service_id,
        "answer_title": words.title if words else "",
        "answer_description": words.description if words else "",
        "answer_icon": words.icon if words else "",
        "answer_category_id": node.category_id,
        "x": node.x,
        "y": node.y,
    }


def _compare_edge(
    found: Difference,
    row: ServiceSelectionEdge | None,
    edge: GraphEdge,
    step: BookingFlowStep,
    *,
    position: int,
) -> None:
    wanted = ServiceSelectionEdge(
        id=edge.id, step=step, source_id=edge.source, target_id=edge.target, position=position
    )
    if row is None:
        found.new_edges.append(wanted)
    elif (row.source_id, row.target_id) != (edge.source, edge.target):
        found.gone_edges.append(row.id)
        found.new_edges.append(wanted)
    elif row.position != position:
        found.reordered_edges.append(wanted)


def write(found: Difference, *, organization_id: UUID) -> None:
    """Make the rows so, in at most seven statements whatever their number; what is unchanged is not touched.

    Gone rows go first, so that their connections' places are free.
    """
    edges = ServiceSelectionEdge.objects.for_organization(organization_id)
    nodes = ServiceSelectionNode.objects.for_organization(organization_id)
    if found.gone_edges:
        edges.filter(id__in=found.gone_edges).delete()
    if found.gone_nodes:
        nodes.filter(id__in=found.gone_nodes).delete()
    if found.new_nodes:
        ServiceSelectionNode.objects.bulk_create(found.new_nodes)
    if found.changed_nodes or found.moved_nodes:
        # Their ids are known to be this step's own: an upsert of anybody else's would overwrite it.
        ServiceSelectionNode.objects.bulk_create(
            [*found.changed_nodes, *found.moved_nodes],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[name.removesuffix("_id") for name in NODE_COLUMNS] + ["updated_at"],
        )
    if found.reordered_edges:
        ServiceSelectionEdge.objects.bulk_create(
            found.reordered_edges,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["position", "updated_at"],
        )
    if found.new_edges:
        ServiceSelectionEdge.objects.bulk_create(found.new_edges)
