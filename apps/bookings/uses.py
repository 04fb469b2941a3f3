"""Which checkout questions and bookings use a service."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Count

from apps.bookings.models import BookingLine, CheckoutQuestion
from apps.content.models import BookingService
from apps.content.uses import Use, uses_are_found_by


def _checkout_questions(organization_id: UUID, ids: Sequence[UUID]) -> Iterator[tuple[UUID, Use]]:
    questions = CheckoutQuestion.objects.for_organization(organization_id).filter(service_id__in=ids)
    for row in questions.order_by("sort_order", "id").values_list("service_id", "id", "text"):
        service_id, question_id, text = row
        use = Use("At checkout", text, page="bookings_checkoutquestion_change", page_id=question_id)
        yield service_id, use


def _bookings(organization_id: UUID, ids: Sequence[UUID]) -> Iterator[tuple[UUID, Use]]:
    lines = BookingLine.objects.for_organization(organization_id).filter(service_id__in=ids)
    counts = (
        lines.order_by().values("service_id").annotate(total=Count("id")).values_list("service_id", "total")
    )
    for service_id, total in counts:
        yield service_id, Use("Bookings", f"{total}", note="what was booked keeps its name")


def register_uses() -> None:
    """Tell the content below who has asked for it and booked it."""
    uses_are_found_by(BookingService, _checkout_questions)
    uses_are_found_by(BookingService, _bookings)
