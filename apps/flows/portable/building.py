"""From an import's plan to rows: the content that is new, then the flow with its draft."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max

from apps.content.models import (
    AnswerType,
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.core.models import BaseModel
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    NodeType,
    ServiceSelectionEdge,
    ServiceSelectionNode,
)
from apps.flows.portable import shapes
from apps.flows.portable.places import located
from apps.flows.portable.planning import Found, ImportPlan
from apps.flows.rows import BATCH, DraftRows
from apps.flows.types import dump_step_config, parse_step_config

RowT = TypeVar("RowT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Content:
    """What the file's keys stand for: rows that were there, and rows that have been written now."""

    categories: Mapping[str, BookingAnswerCategory]
    services: Mapping[str, BookingService]
    questions: Mapping[str, BookingQuestion]
    answers: Mapping[str, BookingQuestionAnswer]


def build(plan: ImportPlan, flow: BookingFlow) -> DraftRows:
    """Write the content that is new, and the draft below `flow`, which is written already."""
    content = _written_content(plan, flow.organization_id)
    rows = _draft_rows(plan, flow, content)
    rows.insert()
    return rows


def _written_content(plan: ImportPlan, organization_id: UUID) -> Content:
    content, owner = plan.document.content, {"organization_id": organization_id}
    categories = _completed(BookingAnswerCategory, content.categories, plan.categories, owner)
    services = _completed(BookingService, content.services, plan.services, owner)
    questions = _completed(BookingQuestion, content.questions, plan.questions, owner)
    return Content(
        categories=categories,
        services=services,
        questions=questions,
        answers=_completed_answers(plan, categories, services, questions),
    )


def _completed(
    model: type[RowT], content: Mapping[str, shapes.Words], found: Found[RowT], owner: dict[str, UUID]
) -> dict[str, RowT]:
    new = {key: model(**words.model_dump(), **owner) for key, words in content.items() if not found.get(key)}
    model._default_manager.bulk_create(new.values(), batch_size=BATCH)  # noqa: SLF001  (public, despite its name)
    return {**found.rows, **new}


def _completed_answers(
    plan: ImportPlan,
    categories: Mapping[str, BookingAnswerCategory],
    services: Mapping[str, BookingService],
    questions: Mapping[str, BookingQuestion],
) -> dict[str, BookingQuestionAnswer]:
    """New answers come after those that their question has."""
    next_place = _next_places(plan.questions)
    new = {}
    for key, answer in plan.document.content.answers.items():
        if plan.answers.get(key) is not None:
            continue
        question = questions[answer.question]
        new[key] = BookingQuestionAnswer(
            question=question,
            type=AnswerType.SERVICE_REFERENCE if answer.service else AnswerType.TEXT,
            title=answer.title,
            description=answer.description,
            icon=answer.icon,
            category=categories[answer.category] if answer.category else None,
            service=services[answer.service] if answer.service else None,
            sort_order=next_place[question.id],
        )
        next_place[question.id] += 1
    BookingQuestionAnswer.objects.bulk_create(new.values(), batch_size=BATCH)
    return {**plan.answers.rows, **new}


def _next_places(questions: Found[BookingQuestion]) -> Counter[UUID]:
    asked = [row.id for row in questions.rows.values()]
    last = (
        BookingQuestionAnswer.objects.filter(question_id__in=asked)
        .order_by()
        .values_list("question_id")
        .annotate(last=Max("sort_order"))
    )
    return Counter({question_id: place + 1 for question_id, place in last})


# --- The draft --------------------------------------------------------------------------------------


def _draft_rows(plan: ImportPlan, flow: BookingFlow, content: Content) -> DraftRows:
    steps: list[BookingFlowStep] = []
    nodes: list[ServiceSelectionNode] = []
    edges: list[ServiceSelectionEdge] = []
    for position, portable in enumerate(plan.document.steps, start=1):
        step = BookingFlowStep(
            flow=flow,
            step_type=portable.step_type,
            active=portable.active,
            title=portable.title,
            description=portable.description,
            icon=portable.icon,
            position=position,
            type_config=_settings(plan, portable),
        )
        steps.append(step)
        if portable.graph is not None:
            of_step = {key: _node(step, node, content) for key, node in portable.graph.nodes.items()}
            nodes += of_step.values()
            edges += _edges(step, portable.graph, of_step)
    return DraftRows(steps, nodes, edges)


def _settings(plan: ImportPlan, step: shapes.PortableStep) -> dict[str, Any]:
    if step.settings is None:
        return {}
    settings = located(step.settings, lambda name: plan.locations[name])
    return dump_step_config(parse_step_config(step.step_type, settings))


def _node(step: BookingFlowStep, node: shapes.PortableNode, content: Content) -> ServiceSelectionNode:
    made = ServiceSelectionNode(step=step)
    made.x, made.y = node.at or (None, None)
    if isinstance(node, shapes.QuestionNode):
        made.node_type, made.question = NodeType.QUESTION, content.questions[node.question]
        return made
    if isinstance(node, shapes.ServiceNode):
        made.node_type, made.service = NodeType.SERVICE, content.services[node.service]
        return made
    made.node_type = NodeType.ANSWER
    made.answer_category = content.categories[node.category] if node.category else None
    if isinstance(node, shapes.AnswerNode):
        made.answer = content.answers[node.answer]
    else:
        made.answer_title, made.answer_description = node.title, node.description
        made.answer_icon = node.icon
    return made


def _edges(
    step: BookingFlowStep, graph: shapes.PortableGraph, nodes: Mapping[str, ServiceSelectionNode]
) -> list[ServiceSelectionEdge]:
    places: Counter[str] = Counter()
    edges = []
    for edge in graph.edges:
        source, target = nodes[edge.source], nodes[edge.target]
        position = places[edge.source]
        edges.append(ServiceSelectionEdge(step=step, source=source, target=target, position=position))
        places[edge.source] += 1
    return edges
