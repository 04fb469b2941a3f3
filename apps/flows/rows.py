"""The rows of a flow's draft, as one thing that can be read, copied and written."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from apps.core.ids import new_id
from apps.core.models import BaseModel
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    ServiceSelectionEdge,
    ServiceSelectionNode,
)

CONTENT_OF_NODE = (
    "question",
    "service",
    "answer_category",
    "answer__question",
    "answer__service",
    "answer__category",
)
BATCH = 2_000
RowT = TypeVar("RowT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class DraftRows:
    """Steps in their order; nodes and edges of all steps, edges in the order of their choices."""

    steps: Sequence[BookingFlowStep]
    nodes: Sequence[ServiceSelectionNode]
    edges: Sequence[ServiceSelectionEdge]

    @classmethod
    def of(cls, flow: BookingFlow) -> "DraftRows":
        """The draft as it stands, nodes with their content: three queries, whatever their number."""
        organization_id = flow.organization_id
        return cls(
            steps=list(
                BookingFlowStep.objects.for_organization(organization_id)
                .filter(flow=flow)
                .order_by("position", "id")
            ),
            nodes=list(
                ServiceSelectionNode.objects.for_organization(organization_id)
                .filter(step__flow=flow)
                .select_related(*CONTENT_OF_NODE)
            ),
            edges=list(
                ServiceSelectionEdge.objects.for_organization(organization_id)
                .filter(step__flow=flow)
                .order_by("source_id", "position")
            ),
        )

    def copied_to(self, flow: BookingFlow) -> "DraftRows":
        """The same rows with new ids, below another flow; not written yet. Content is shared, not copied."""
        ids = {row.pk: new_id() for rows in (self.steps, self.nodes, self.edges) for row in rows}
        steps = [_copied(step, ids) for step in self.steps]
        nodes = [_copied(node, ids) for node in self.nodes]
        edges = [_copied(edge, ids) for edge in self.edges]
        for step in steps:
            step.flow = flow
        for node in nodes:
            node.step_id = ids[node.step_id]
        for edge in edges:
            edge.step_id = ids[edge.step_id]
            edge.source_id, edge.target_id = ids[edge.source_id], ids[edge.target_id]
        return DraftRows(steps, nodes, edges)

    def insert(self) -> None:
        """Write rows that are new."""
        BookingFlowStep.objects.bulk_create(self.steps, batch_size=BATCH)
        ServiceSelectionNode.objects.bulk_create(self.nodes, batch_size=BATCH)
        ServiceSelectionEdge.objects.bulk_create(self.edges, batch_size=BATCH)

    def replace_draft_of(self, flow: BookingFlow) -> None:
        """Write these rows in place of the flow's draft; whoever calls holds the flow's lock."""
        BookingFlowStep.objects.for_organization(flow.organization_id).filter(flow=flow).delete()
        self.insert()


def _copied(row: RowT, ids: dict[UUID, UUID]) -> RowT:
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)  # noqa: SLF001  (Django's documented way to copy a row)
    twin._state.adding, twin.pk = True, ids[row.pk]  # noqa: SLF001
    return twin
