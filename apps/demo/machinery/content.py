"""What a business sells, and the questions that lead to it."""

from collections.abc import Mapping
from decimal import Decimal

from apps.bookings.models import CheckoutQuestion
from apps.content.models import (
    AnswerType,
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.demo.machinery.business import Business
from apps.demo.machinery.rows import Rows, stable_id
from apps.organizations.models import Organization


def write_services(rows: Rows, business: Business, organization: Organization) -> dict[str, BookingService]:
    """The services by their keys."""
    return {
        service.key: rows.keep(
            BookingService.objects.for_organization(organization),
            key={"id": stable_id(business.slug, "service", service.key)},
            organization=organization,
            title=service.title,
            description=service.description,
            icon=service.icon,
            duration_minutes=service.minutes,
            price=Decimal(service.price) if service.price else None,
            currency=organization.currency,
            price_note=service.note,
            required_skills=list(service.skills),
            active=True,
        )
        for service in business.services
    }


def write_questions(
    rows: Rows,
    business: Business,
    organization: Organization,
    services: Mapping[str, BookingService],
) -> tuple[dict[str, BookingQuestion], dict[tuple[str, str], BookingQuestionAnswer]]:
    """Questions by key, and answers by the keys of their question and their own."""
    categories = _write_categories(rows, business, organization)
    questions, answers = {}, {}
    for key, question in business.questions.items():
        questions[key] = rows.keep(
            BookingQuestion.objects.for_organization(organization),
            key={"id": stable_id(business.slug, "question", key)},
            organization=organization,
            unique_name=key,
            title=question.title,
            description=question.description,
            help_text=question.help_text,
            icon=question.icon,
        )
        for position, (answer_key, answer) in enumerate(question.answers.items()):
            answers[key, answer_key] = rows.keep(
                BookingQuestionAnswer.objects.for_organization(organization),
                key={"id": stable_id(business.slug, "question", key, answer_key)},
                question=questions[key],
                type=AnswerType.SERVICE_REFERENCE if answer.service else AnswerType.TEXT,
                category=categories.get(answer.category),
                service=services.get(answer.service),
                title=answer.title,
                description=answer.description,
                icon=answer.icon,
                sort_order=position,
            )
    return questions, answers


def _write_categories(
    rows: Rows, business: Business, organization: Organization
) -> dict[str, BookingAnswerCategory]:
    return {
        key: rows.keep(
            BookingAnswerCategory.objects.for_organization(organization),
            key={"id": stable_id(business.slug, "category", key)},
            organization=organization,
            title=title,
            icon=icon,
        )
        for key, (title, icon) in business.categories.items()
    }


def write_asked(
    rows: Rows, business: Business, organization: Organization, services: Mapping[str, BookingService]
) -> None:
    """What checkout asks."""
    for position, asked in enumerate(business.asked):
        for key in asked.services or ("",):
            rows.keep(
                CheckoutQuestion.objects.for_organization(organization),
                key={"id": stable_id(business.slug, "asked", asked.key, key)},
                organization=organization,
                service=services.get(key),
                text=asked.text,
                help_text=asked.help_text,
                kind=asked.kind,
                required=asked.required,
                active=True,
                sort_order=position,
            )
