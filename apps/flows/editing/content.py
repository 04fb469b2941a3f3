"""The content that a graph refers to: whose it is, and what is new with it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from apps.audit import log as audit
from apps.content.models import (
    AnswerType,
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.core.actors import Actor
from apps.flows.editing.rows import StoredGraph
from apps.flows.editing.shapes import GraphEdit
from apps.flows.errors import FlowProblem
from apps.flows.models import ServiceSelectionEdge, ServiceSelectionNode

NAME_LENGTH = 70  # leaves room for a number


def strangers_in(graph: GraphEdit, stored: StoredGraph, organization_id: UUID) -> Iterator[FlowProblem]:
    """References to content that this business does not have, and ids that somebody else's rows have.

    Six queries at most, whatever the size of the graph.
    """
    new = {question.id for question in graph.new_questions} | {answer.id for answer in graph.new_answers}
    nodes, answers = graph.nodes, graph.new_answers
    wanted: dict[str, tuple[type[Any], set[UUID | None]]] = {
        "question": (
            BookingQuestion,
            {node.question_id for node in nodes} | {answer.question_id for answer in answers},
        ),
        "answer": (BookingQuestionAnswer, {node.answer_id for node in nodes}),
        "service": (
            BookingService,
            {node.service_id for node in nodes} | {answer.service_id for answer in answers},
        ),
        "heading": (
            BookingAnswerCategory,
            {node.category_id for node in nodes} | {answer.category_id for answer in answers},
        ),
    }
    for name, (model, ids) in wanted.items():
        asked = ids - {None} - new
        rows = model.objects.for_organization(organization_id).filter(id__in=asked)
        for stranger in asked - set(rows.values_list("id", flat=True) if asked else ()):
            message = f"The {name} that something here refers to does not exist any more. Choose another."
            yield FlowProblem("unknown_content", message, node_ids=_users_of(graph, stranger))
    yield from _taken(graph, stored)


def _users_of(graph: GraphEdit, content_id: UUID | None) -> tuple[str, ...]:
    return tuple(
        str(node.id)
        for node in graph.nodes
        if content_id in (node.question_id, node.answer_id, node.service_id, node.category_id)
    )


def _taken(graph: GraphEdit, stored: StoredGraph) -> Iterator[FlowProblem]:
    """The browser makes the ids, so it may name one that stands for something else, here or elsewhere."""
    fresh: list[tuple[type[Any], set[UUID]]] = [
        (ServiceSelectionNode, {node.id for node in graph.nodes} - stored.nodes.keys()),
        (ServiceSelectionEdge, {edge.id for edge in graph.edges} - stored.edges.keys()),
        (BookingQuestion, {question.id for question in graph.new_questions}),
        (BookingQuestionAnswer, {answer.id for answer in graph.new_answers}),
    ]
    for model, ids in fresh:
        rows = model.objects.all_organizations(reason="an id is an id whoever owns it").filter(id__in=ids)
        for taken in rows.values_list("id", flat=True) if ids else ():
            message = "A new part has an id that is in use already. Remove it, and add it again."
            yield FlowProblem("id_taken", message, node_ids=(str(taken),))


def write_new(graph: GraphEdit, actor: Actor) -> None:
    """Make the questions and answers that are new, and note each in the log."""
    if graph.new_questions:
        _write_questions(graph, actor)
    if graph.new_answers:
        BookingQuestionAnswer.objects.bulk_create(
            BookingQuestionAnswer(
                **answer.model_dump(),
                type=AnswerType.TEXT if answer.service_id is None else AnswerType.SERVICE_REFERENCE,
                sort_order=number,
            )
            for number, answer in enumerate(graph.new_answers, start=_last_place(graph) + 1)
        )
        for answer in graph.new_answers:
            _note(actor, "content.bookingquestionanswer", answer.id, answer.title)


def _last_place(graph: GraphEdit) -> int:
    """New answers stand below those that there are."""
    questions = {answer.question_id for answer in graph.new_answers}
    rows = BookingQuestionAnswer.objects.filter(question__in=questions).order_by("-sort_order")
    return rows.values_list("sort_order", flat=True).first() or 0


def _write_questions(graph: GraphEdit, actor: Actor) -> None:
    rows = BookingQuestion.objects.for_organization(actor.organization_id)
    taken = set(rows.values_list("unique_name", flat=True))
    made = []
    for question in graph.new_questions:
        name = free_name(question.title, taken)
        taken.add(name)
        made.append(
            BookingQuestion(**question.model_dump(), unique_name=name, organization_id=actor.organization_id)
        )
    BookingQuestion.objects.bulk_create(made)
    for question in graph.new_questions:
        _note(actor, "content.bookingquestion", question.id, question.title)


def free_name(title: str, taken: set[str]) -> str:
    """A name for reports from a question's title, numbered if it is taken: `what-do-you-need-2`."""
    base = slugify(title)[:NAME_LENGTH].strip("-") or "question"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def _note(actor: Actor, kind: str, row_id: UUID, name: str) -> None:
    audit.record(actor, f"{kind}.added", subject=audit.Subject(type=kind, id=row_id), new={"name": name})
