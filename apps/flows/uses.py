"""Which drafts and versions of flows use a service, question, answer or heading."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Func, JSONField, Value

from apps.content.models import (
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.content.uses import Use, uses_are_found_by
from apps.flows.models import FlowStatus, FlowVersion, ServiceSelectionNode

Found = Iterator[tuple[UUID, Use]]
STEP_PAGE = "flows_bookingflowstep_change"
VERSION_PAGE = "flows_flowversion_change"
QUESTIONS_OF_A_DOCUMENT = "$.steps[*].type_config.nodes[*].question.id"


def _in_drafts(*fields: str) -> Any:
    """Nodes of drafts that point to a row by one of these fields; one query for each."""

    def find(organization_id: UUID, ids: Sequence[UUID]) -> Found:
        seen: set[tuple[UUID, UUID]] = set()
        for field in fields:
            nodes = (
                ServiceSelectionNode.objects.for_organization(organization_id)
                .exclude(step__flow__status=FlowStatus.DELETED)
                .filter(**{f"{field}__in": ids})
                .order_by("step__flow__title")
                .values_list(field, "step_id", "step__flow__title", "step__title")
            )
            for row_id, step_id, flow, step in nodes:
                if (row_id, step_id) not in seen:
                    seen.add((row_id, step_id))
                    note = f"draft, step “{step}”"
                    yield row_id, Use("Flow", flow, note=note, page=STEP_PAGE, page_id=step_id)

    return find


def _in_versions(part: Any) -> Any:
    """Published versions whose document names a row; `part` is the ids in it, as a JSON array or object."""

    def find(organization_id: UUID, ids: Sequence[UUID]) -> Found:
        wanted = {str(row_id): row_id for row_id in ids}
        versions = (
            FlowVersion.objects.for_organization(organization_id)
            .exclude(flow__status=FlowStatus.DELETED)
            .annotate(named=part)
            .filter(named__has_any_keys=list(wanted))
            .order_by("flow__title", "-number")
            .values_list("id", "number", "named", "flow__title", "flow__published_version_id")
        )
        for version_id, number, named, flow, live_id in versions:
            live = version_id == live_id
            note = f"published: customers see version {number}" if live else f"older version {number}"
            use = Use("Flow", flow, note=note, page=VERSION_PAGE, page_id=version_id, keeps=live)
            for name in sorted(wanted.keys() & set(named)):
                yield wanted[name], use

    return find


def _by_key(key: str) -> Any:
    return Func(F("document"), Value(key), function="jsonb_extract_path", output_field=JSONField())


_questions = Func(
    F("document"),
    models.expressions.RawSQL("%s::jsonpath", [QUESTIONS_OF_A_DOCUMENT]),
    function="jsonb_path_query_array",
    output_field=JSONField(),
)


def register_uses() -> None:
    """Tell the content below which flows use it."""
    uses_are_found_by(BookingService, _in_versions(_by_key("services")))
    uses_are_found_by(BookingService, _in_drafts("service_id", "answer__service_id"))
    uses_are_found_by(BookingQuestion, _in_versions(_questions))
    uses_are_found_by(BookingQuestion, _in_drafts("question_id", "answer__question_id"))
    uses_are_found_by(BookingQuestionAnswer, _in_drafts("answer_id"))
    uses_are_found_by(BookingAnswerCategory, _in_versions(_by_key("categories")))
    uses_are_found_by(BookingAnswerCategory, _in_drafts("answer_category_id"))
