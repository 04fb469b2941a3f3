"""What the editor opens with: the graph, and the content that it can choose from."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from apps.content.models import (
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.flows.editing.rows import StoredGraph
from apps.flows.models import BookingFlowStep, FlowStatus

Json = dict[str, Any]


def graph_for_editing(step: BookingFlowStep) -> Json:
    """A step's graph with its version, and all of the business's content. Six queries, whatever their size.

    `step` comes with its flow.
    """
    organization_id = step.flow.organization_id
    stored = StoredGraph.of(step, organization_id=organization_id)
    return {
        "step": {"id": str(step.id), "title": step.title, "description": step.description},
        "flow": {"id": str(step.flow_id), "title": step.flow.title},
        "version": stored.version,
        "graph": stored.as_json(),
        "questions": _questions(organization_id),
        "services": [
            {
                "id": str(service.id),
                **service.content(),
                "duration_minutes": service.duration_minutes,
                "price": None if service.price is None else f"{service.price:.2f}",
                "currency": service.currency,
                "price_note": service.price_note,
                "active": service.active,
            }
            for service in BookingService.objects.for_organization(organization_id)
        ],
        "categories": [
            {"id": str(category.id), **category.content()}
            for category in BookingAnswerCategory.objects.for_organization(organization_id)
        ],
    }


def _questions(organization_id: Any) -> list[Json]:
    answers: dict[Any, list[Json]] = {}
    rows = BookingQuestionAnswer.objects.for_organization(organization_id).select_related("service")
    for answer in rows:
        answers.setdefault(answer.question_id, []).append(_answer(answer))
    return [
        {
            "id": str(question.id),
            "unique_name": question.unique_name,
            "help_text": question.help_text,
            **question.content(),
            "used_in": sorted(question.used_in or ()),
            "answers": answers.get(question.id, []),
        }
        for question in _with_their_flows(organization_id)
    ]


def _answer(answer: BookingQuestionAnswer) -> Json:
    return {
        "id": str(answer.id),
        **answer.content(),
        "category_id": str(answer.category_id) if answer.category_id else None,
        "service_id": str(answer.service_id) if answer.service_id else None,
    }


def _with_their_flows(organization_id: Any) -> Iterable[Any]:
    """Questions with the titles of the flows that ask them."""
    living = ~Q(nodes__step__flow__status=FlowStatus.DELETED)
    return BookingQuestion.objects.for_organization(organization_id).annotate(
        used_in=ArrayAgg("nodes__step__flow__title", distinct=True, filter=living & Q(nodes__isnull=False))
    )
