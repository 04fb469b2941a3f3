"""What a signed-in customer may see: their own record and bookings (seed 003)."""

from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, Func, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from apps.availability.models import CalendarEvent
from apps.bookings.models import Booking, BookingLine, Customer, Hold


def customer_of_user(organization_id: UUID, user_id: UUID) -> Customer | None:
    """The record that belongs to an account; None before its first booking."""
    return Customer.objects.for_organization(organization_id).filter(user_id=user_id).first()


def own_bookings(organization_id: UUID, user_id: UUID) -> QuerySet[Any, Any]:
    """What was booked while signed in, and whatever is their record's; with everything that is shown.

    Four queries, however many there are. `now` is the database's clock.
    """
    holds = Hold.objects.active().filter(booking=OuterRef("pk")).order_by().values("booking")
    rows: QuerySet[Any, Any] = Booking.objects.for_organization(organization_id).filter(
        Q(user_id=user_id) | Q(customer__user_id=user_id)
    )
    lines: Any = BookingLine.objects.select_related("service", "resource").order_by("sort_order")
    events: Any = CalendarEvent.objects.order_by("starts_at")
    mine: QuerySet[Any, Any] = (
        rows.select_related("location")
        .annotate(
            now=Func(function="app_now", output_field=DateTimeField()),
            held_until=Subquery(holds.annotate(until=Min(F("expires_at"))).values("until")),
        )
        .prefetch_related(Prefetch("lines", queryset=lines), Prefetch("lines__events", queryset=events))
    )
    return mine
