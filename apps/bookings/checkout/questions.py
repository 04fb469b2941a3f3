"""What checkout asks, and whether it was answered (seed 004)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.bookings.models import Booking, BookingAnswer, BookingLine, CheckoutQuestion, QuestionKind
from apps.core.errors import InvalidInput, NotFound

MAX_LENGTHS: Mapping[str, int] = {QuestionKind.TEXT: 300, QuestionKind.LONG_TEXT: 2000}


def questions_for(organization_id: UUID, service_ids: Collection[UUID]) -> list[CheckoutQuestion]:
    """What is asked when these services are booked: the organization's own questions, and each service's.

    In the order of asking. One query.
    """
    asked = CheckoutQuestion.objects.for_organization(organization_id).filter(
        Q(service__isnull=True) | Q(service_id__in=service_ids), active=True
    )
    return list(asked.order_by("sort_order", "id"))


def all_questions(organization_id: UUID) -> QuerySet[CheckoutQuestion, CheckoutQuestion]:
    """Every question that the organization asks or once asked."""
    return CheckoutQuestion.objects.for_organization(organization_id)


def get_question(organization_id: UUID, question_id: UUID) -> CheckoutQuestion:
    """One of them. Raises NotFound."""
    question = all_questions(organization_id).filter(id=question_id).first()
    if question is None:
        raise NotFound("There is no such question.")
    return question


def checked_answers(
    organization_id: UUID, questions: Sequence[CheckoutQuestion], answers: Mapping[UUID, Any]
) -> dict[UUID, Any]:
    """The answers to what is asked, as they are kept; what was not answered is left out.

    An answer to a question that is no longer asked is dropped: it was asked when the page was loaded. Raises
    InvalidInput, which names every required question without an answer and every answer that does not fit.
    """
    errors: dict[str, list[str]] = {}
    kept: dict[UUID, Any] = {}
    for question in questions:
        value = cleaned(answers.get(question.id))
        problem = problem_with(question, value)
        if problem:
            errors[_name(question.id)] = [problem]
        elif value is not None:
            kept[question.id] = value
    strangers = answers.keys() - {question.id for question in questions}
    for question_id in strangers - _known(organization_id, strangers):
        errors[_name(question_id)] = ["There is no such question."]
    if errors:
        raise InvalidInput(errors, detail="Some questions still need an answer.")
    return kept


def cleaned(value: Any) -> Any:
    """An answer without the blanks around it; None where nothing is left."""
    if isinstance(value, str):
        return value.strip() or None
    return value


def problem_with(question: CheckoutQuestion, value: Any) -> str | None:
    """What is wrong with a cleaned answer, in words. Pure."""
    if value is None:
        return f"“{question.text}” needs an answer." if question.required else None
    if question.kind == QuestionKind.YES_NO:
        return None if isinstance(value, bool) else "Answer true or false."
    if not isinstance(value, str):
        return "Answer with text."
    if question.kind == QuestionKind.CHOICE:
        return None if value in question.options else f"Choose one of: {', '.join(question.options)}."
    longest = MAX_LENGTHS[question.kind]
    return f"Use at most {longest} characters." if len(value) > longest else None


def keep_answers(
    booking: Booking,
    lines: Iterable[BookingLine],
    questions: Iterable[CheckoutQuestion],
    answers: Mapping[UUID, Any],
) -> None:
    """Seal with a booking what was answered about it: the organization's questions, and its services' own."""
    services = {line.service_id for line in lines}
    rows = []
    for question in questions:
        if question.id in answers and (question.service_id is None or question.service_id in services):
            row = BookingAnswer(
                organization_id=booking.organization_id,
                booking=booking,
                question=question,
                question_text=question.text,
            )
            row.set_answer(answers[question.id])
            rows.append(row)
    BookingAnswer.objects.bulk_create(rows)


def _known(organization_id: UUID, question_ids: Collection[UUID]) -> set[UUID]:
    """Those that the organization once asked. One query, where there is something to look for."""
    if not question_ids:
        return set()
    rows = CheckoutQuestion.objects.for_organization(organization_id).filter(id__in=question_ids)
    return set(rows.values_list("id", flat=True))


def _name(question_id: UUID) -> str:
    return f"answers.{question_id}"
