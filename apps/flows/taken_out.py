"""A step on its way out of a draft: everything that it was, as JSON, and the way back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from apps.content.models import (
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.flows.errors import StepCannotReturn
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    ServiceSelectionEdge,
    ServiceSelectionNode,
)

M = TypeVar("M", bound=Model)
Row = dict[str, Any]
TIMES = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """A removed step with its graph; JSON types only."""

    flow_id: UUID
    step: Row
    nodes: list[Row]
    edges: list[Row]

    @property
    def step_id(self) -> str:
        """Its id, which it keeps."""
        return str(self.step["id"])

    @property
    def step_type(self) -> str:
        """Its kind."""
        return str(self.step["step_type"])

    @property
    def title(self) -> str:
        """What customers read on top of it."""
        return str(self.step["title"])

    def as_json(self) -> Row:
        """For keeping it outside of the database."""
        return {"step": self.step, "nodes": self.nodes, "edges": self.edges}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "TakenOut":
        """What `as_json` gave. Raises KeyError."""
        step = data["step"]
        return cls(flow_id=UUID(step["flow_id"]), step=step, nodes=data["nodes"], edges=data["edges"])


def take_out(step: BookingFlowStep, *, place: int) -> TakenOut:
    """Delete a step and its graph, and keep what they were; `place` is where it stood, counted from 0."""
    nodes, edges = list(step.nodes.all()), list(step.edges.all())
    taken = TakenOut(
        flow_id=step.flow_id,
        step={**_row(step), "position": place + 1},
        nodes=[_row(node) for node in nodes],
        edges=[_row(edge) for edge in edges],
    )
    step.edges.all().delete()
    step.nodes.all().delete()
    BookingFlowStep.objects.for_organization(step.flow.organization_id).filter(id=step.id).delete()
    return taken


def put_back(flow: BookingFlow, taken: TakenOut) -> BookingFlowStep:
    """Insert a removed step and its graph again; its position is the one that it had.

    Raises StepCannotReturn where a question, an answer or a service of it was deleted meanwhile.
    """
    step = _instance(BookingFlowStep, taken.step)
    step.flow = flow
    nodes = [_instance(ServiceSelectionNode, row) for row in taken.nodes]
    for model, name in (
        (BookingQuestion, "question_id"),
        (BookingQuestionAnswer, "answer_id"),
        (BookingService, "service_id"),
    ):
        wanted = {value for node in nodes if (value := getattr(node, name))}
        if len(model.objects.in_bulk(wanted)) < len(wanted):
            raise StepCannotReturn
    headings = BookingAnswerCategory.objects.in_bulk(
        {node.answer_category_id for node in nodes if node.answer_category_id}
    )
    for node in nodes:
        if node.answer_category_id not in headings:
            node.answer_category_id = None
    step.save(force_insert=True)
    ServiceSelectionNode.objects.bulk_create(nodes)
    ServiceSelectionEdge.objects.bulk_create(_instance(ServiceSelectionEdge, row) for row in taken.edges)
    return step


def _row(instance: Model) -> Row:
    fields: Iterable[Any] = instance._meta.concrete_fields  # noqa: SLF001  (Django's own API)
    names = [field.attname for field in fields if field.attname not in TIMES]
    values = ((name, getattr(instance, name)) for name in names)
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values}


def _instance(model: type[M], row: Row) -> M:
    fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001  (Django's own API)
    return model(**{name: fields[name].to_python(value) for name, value in row.items() if name in fields})
