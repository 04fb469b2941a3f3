"""Where services, questions, answers and headings are used: what the "Used in" panels show, and what keeps
them from being deleted.

The layers above know their own uses and register them here; a question about any number of rows costs a
handful of queries.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.urls import reverse

from apps.content.models import (
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)


@dataclass(frozen=True, slots=True)
class Use:
    """One place that uses a row. `kind` and `title` name it; `keeps` says that the row can't be deleted.

    `page` is the admin page's name and `page_id` its row, for those who may open it.
    """

    kind: str
    title: str
    note: str = ""
    page: str = ""
    page_id: UUID | None = None
    keeps: bool = True

    @property
    def is_flow(self) -> bool:
        """Whether it is a flow's draft or version."""
        return self.kind == "Flow"

    @property
    def url(self) -> str:
        """The address of the place in the back office; empty where it has no page."""
        return reverse(f"admin:{self.page}", args=[self.page_id] if self.page_id else []) if self.page else ""

    def __str__(self) -> str:
        return f"{self.kind} “{self.title}”" + (f" ({self.note})" if self.note else "")


# Of these rows of a model, by id: where each is used. All rows belong to one organization.
Finder = Callable[[UUID, Sequence[UUID]], Iterable[tuple[UUID, Use]]]
_finders: dict[type[models.Model], list[Finder]] = defaultdict(list)


def uses_are_found_by(model: type[models.Model], finder: Finder) -> None:
    """Register who knows uses of a model's rows. Called once, when the apps are ready."""
    _finders[model].append(finder)


def uses_of(rows: Iterable[models.Model]) -> Mapping[UUID, list[Use]]:
    """Where each of these rows is used, in the finders' order; rows of one model, of any organizations."""
    by_owner: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        by_owner[_owner_of(row)].append(row)
    found: dict[UUID, list[Use]] = {row.pk: [] for owned in by_owner.values() for row in owned}
    for organization_id, owned in by_owner.items():
        for finder in _finders[type(owned[0])]:
            for row_id, use in finder(organization_id, [row.pk for row in owned]):
                found[row_id].append(use)
    return found


def _owner_of(row: Any) -> UUID:
    owner: UUID = (
        row.question.organization_id if isinstance(row, BookingQuestionAnswer) else row.organization_id
    )
    return owner


# --- What this layer knows itself ----------------------------------------------------------------------


def _answers_with_service(organization_id: UUID, ids: Sequence[UUID]) -> Iterable[tuple[UUID, Use]]:
    answers = BookingQuestionAnswer.objects.for_organization(organization_id).filter(service_id__in=ids)
    for service_id, question_id, title in answers.values_list("service_id", "question_id", "question__title"):
        yield service_id, Use("Answer of", title, page="content_bookingquestion_change", page_id=question_id)


def _answers_under_heading(organization_id: UUID, ids: Sequence[UUID]) -> Iterable[tuple[UUID, Use]]:
    answers = (
        BookingQuestionAnswer.objects.for_organization(organization_id)
        .filter(category_id__in=ids)
        .select_related("service", "question")
        .order_by("question__title", "sort_order")
    )
    for answer in answers:
        yield (
            answer.category_id,  # type: ignore[misc]  # filtered above
            Use(
                "Answer",
                str(answer),
                note=f"of “{answer.question.title}”",
                page="content_bookingquestion_change",
                page_id=answer.question_id,
            ),
        )


uses_are_found_by(BookingService, _answers_with_service)
uses_are_found_by(BookingAnswerCategory, _answers_under_heading)
CONTENT_MODELS = (BookingService, BookingQuestion, BookingQuestionAnswer, BookingAnswerCategory)
