"""From a draft's rows to the one JSON document that a version is, and what keeps it from being one."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError as ShapeError

from apps.content.models import BookingAnswerCategory, BookingService
from apps.core.icons import icons_in
from apps.flows import policies, types
from apps.flows.errors import FlowProblem
from apps.flows.graph import Graph, NodeKind, validate
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    NodeType,
    ServiceSelectionEdge,
    ServiceSelectionNode,
    StepType,
)
from apps.flows.rows import DraftRows

Document = dict[str, Any]
GraphPart = TypeVar("GraphPart", ServiceSelectionNode, ServiceSelectionEdge)


@dataclass(frozen=True, slots=True)
class Draft:
    """A flow as it would be published now. With problems, the document is only good for looking at."""

    document: Document
    problems: tuple[FlowProblem, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of what people wrote, in canonical form: equal digests, equal texts and settings.

        Icons' shapes follow from their names and from Lucide's version; a redrawn icon is nobody's change.
        """
        written = {key: value for key, value in self.document.items() if key != "icons"}
        canonical = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def draft_of(flow: BookingFlow, rows: DraftRows | None = None) -> Draft:
    """Read a flow's rows (three queries, whatever their number) and resolve all texts."""
    rows = rows or DraftRows.of(flow)
    steps = [step for step in rows.steps if step.active]
    nodes, edges = _of(steps, rows.nodes), _of(steps, rows.edges)
    services = _services_of(nodes)
    problems = _problems_of_steps(rows.steps)
    step_documents = []
    for step in steps:
        config, found = _step_config(step, nodes, edges, services)
        problems += found
        step_documents.append(
            {
                "id": str(step.id),
                "step_type": step.step_type,
                "step_config": step.content(),
                "type_config": config,
            }
        )
    document: Document = {
        "id": str(flow.id),
        "content": flow.content(),
        "steps": step_documents,
        "services": {str(service.id): _service_document(service) for service in services.values()},
        "categories": {
            str(category.id): category.content() for node in nodes if (category := category_of(node))
        },
    }
    document["icons"] = icons_in(document)
    problems += _content_problems(flow, nodes, services.values())
    return Draft(document=document, problems=tuple(problems))


def _of(steps: Iterable[BookingFlowStep], parts: Iterable[GraphPart]) -> list[GraphPart]:
    ids = {step.id for step in steps}
    return [part for part in parts if part.step_id in ids]


def _problems_of_steps(steps: Sequence[BookingFlowStep]) -> list[FlowProblem]:
    first = {step.step_type: step.id for step in reversed(steps)}
    asked = [step.step_type for step in steps if step.active]
    off = {step.step_type for step in steps if not step.active}
    return [
        FlowProblem(problem.code, problem.message, first.get(problem.step_type), step_type=problem.step_type)
        for problem in policies.step_problems(asked, off)
    ]


def service_of(node: ServiceSelectionNode) -> BookingService | None:
    """The service that meeting this node selects."""
    return node.service or (node.answer.service if node.answer else None)


def category_of(node: ServiceSelectionNode) -> BookingAnswerCategory | None:
    """The heading that this answer stands under; the node's own goes before the answer's."""
    return node.answer_category or (node.answer.category if node.answer else None)


def _services_of(nodes: Iterable[ServiceSelectionNode]) -> dict[Any, BookingService]:
    return {service.id: service for node in nodes if (service := service_of(node))}


def _service_document(service: BookingService) -> Document:
    return {
        "id": str(service.id),
        "content": service.content(),
        "duration_minutes": service.duration_minutes,
        "price": None if service.price is None else f"{service.price:.2f}",
        "currency": service.currency,
        "price_note": service.price_note,
    }


# --- Steps ------------------------------------------------------------------------------------------


def _step_config(
    step: BookingFlowStep,
    nodes: Sequence[ServiceSelectionNode],
    edges: Sequence[ServiceSelectionEdge],
    services: Mapping[Any, BookingService],
) -> tuple[Document, list[FlowProblem]]:
    """A step's resolved `type_config`, and what is wrong with it."""
    try:
        typed = types.parse_step_config(step.step_type, step.type_config)
    except ShapeError as error:
        words = [f"Step “{step.title}”: {message}" for message in types.problems_in_words(error)]
        return step.type_config, [FlowProblem("step_config_invalid", message, step.id) for message in words]
    if step.step_type != StepType.SERVICE_SELECTION:
        return types.dump_step_config(typed), []
    config = _graph_config(
        [node for node in nodes if node.step_id == step.id],
        [edge for edge in edges if edge.step_id == step.id],
    )
    titles = {str(service.id): service.title for service in services.values()}
    return {**types.dump_step_config(typed), **config}, [
        FlowProblem(problem.code.value, problem.message, step.id, problem.node_ids)
        for problem in validate(Graph.from_config(config, service_titles=titles))
    ]


def _graph_config(nodes: Sequence[ServiceSelectionNode], edges: Sequence[ServiceSelectionEdge]) -> Document:
    entered = {edge.target_id for edge in edges}
    roots = [node for node in nodes if node.node_type == NodeType.QUESTION and node.id not in entered]
    return {
        "root_node_id": str(roots[0].id) if roots else None,
        "nodes": [_node_document(node) for node in nodes],
        "edges": [
            {
                "id": str(edge.id),
                "source_node_id": str(edge.source_id),
                "target_node_id": str(edge.target_id),
            }
            for edge in edges
        ],
    }


def _node_document(node: ServiceSelectionNode) -> Document:
    service = service_of(node)
    service_id = str(service.id) if service else None
    if node.question is not None:
        question = {
            "id": str(node.question.id),
            "unique_name": node.question.unique_name,
            "help_text": node.question.help_text,
            **node.question.content(),
        }
        return {"id": str(node.id), "type": NodeKind.QUESTION.value, "question": question}
    if node.node_type == NodeType.SERVICE:
        return {"id": str(node.id), "type": NodeKind.SERVICE.value, "service_id": service_id}
    category = category_of(node)
    content = node.answer.content() if node.answer else node.inline_content()
    return {
        "id": str(node.id),
        "type": NodeKind.ANSWER.value,
        "answer": {**content, "category_id": str(category.id) if category else None},
        "service_id": service_id,
    }


# --- Content ----------------------------------------------------------------------------------------


def _content_problems(
    flow: BookingFlow, nodes: Iterable[ServiceSelectionNode], services: Iterable[BookingService]
) -> Iterator[FlowProblem]:
    for node in nodes:
        if any(owner != flow.organization_id for owner in node.content_organization_ids()):
            message = f"“{node}” belongs to another business. Replace it by one of your own."
            yield FlowProblem("foreign_content", message, node.step_id, (str(node.id),))
    for service in services:
        if not service.active:
            message = f"“{service.title}” is switched off. Switch it on, or take it out of the graph."
            yield FlowProblem("service_inactive", message)
