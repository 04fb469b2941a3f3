"""Finding customers, and everything that is known of one. All that names them is sealed; digests find it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.audit.models import AuditEntry
from apps.bookings.models import (
    Booking,
    Customer,
    Order,
    digest_of_email,
    digest_of_phone,
    digests_of_name,
)
from apps.core.errors import NotFound


def customers_of(organization_id: UUID) -> QuerySet[Customer, Customer]:
    """The organization's customers with `bookings_total` and `last_booked_at`; those merged away left out."""
    return with_bookings(Customer.objects.for_organization(organization_id).filter(merged_into__isnull=True))


def with_bookings(customers: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """With `bookings_total` and `last_booked_at`, counted for the rows of a page alone."""
    theirs = Booking.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    counted: QuerySet[Any, Any] = customers.annotate(
        bookings_total=Coalesce(Subquery(theirs.annotate(total=Count("pk")).values("total")), 0),
        last_booked_at=Subquery(theirs.annotate(latest=Max("created_at")).values("latest")),
    )
    return counted


def get_customer(organization_id: UUID, customer_id: UUID) -> Customer:
    """A customer of the organization, merged and erased ones, too. Raises NotFound."""
    customers = with_bookings(Customer.objects.for_organization(organization_id))
    customer: Customer | None = customers.filter(id=customer_id).first()
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


def named(organization_id: UUID, *, phone: str = "", email: str = "", name: str = "", prefix: str = "") -> Q:
    """The condition that finds by a whole phone number (E.164), a whole address, and whole words of a name.

    What is empty is not asked for; what is given must all fit.
    """
    found = Q()
    if phone:
        found &= Q(**{f"{prefix}phone_digest": digest_of_phone(organization_id, phone)})
    if email:
        found &= Q(**{f"{prefix}email_digest": digest_of_email(organization_id, email)})
    if name:
        words = digests_of_name(organization_id, name)
        found &= Q(**{f"{prefix}name_digests__contains": words}) if words else Q(pk__in=[])
    return found


def look_alikes(customer: Customer) -> QuerySet[Customer, Customer]:
    """Others with the same e-mail address: perhaps the same person, for staff to merge."""
    others = Customer.objects.for_organization(customer.organization_id).exclude(id=customer.id)
    if customer.email_digest is None:
        return others.none()
    return others.filter(email_digest=customer.email_digest).order_by("id")


def live_references(customers: Iterable[Customer], *, now: datetime) -> list[str]:
    """The bookings of these customers that can still happen: not over yet, or without a time."""
    rows = list(customers)
    bookings = Booking.objects.for_organization(rows[0].organization_id).filter(customer__in=rows)
    to_come = bookings.live().filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    return list(to_come.order_by("id").values_list("reference", flat=True))


def everything_of(customer: Customer) -> dict[str, Any]:
    """All that is known of a customer, as JSON types: what they may ask a business for. Six queries."""
    organization_id = customer.organization_id
    merged = list(Customer.objects.for_organization(organization_id).filter(merged_into=customer))
    return {
        "customer": _person(customer),
        "merged_records": [_person(row) for row in merged],
        "bookings": [_booking(booking, customer) for booking in _bookings_of(customer)],
        "orders": [_order(order) for order in _orders_of(customer)],
        "history": [
            {"at": _iso(entry.at), "action": entry.action, "by": entry.actor_kind}
            for entry in AuditEntry.objects.for_organization(organization_id)
            .filter(customer_id__in=[customer.id, *(row.id for row in merged)])
            .order_by("at", "id")
        ],
    }


def _bookings_of(customer: Customer) -> QuerySet[Booking, Booking]:
    return (
        Booking.objects.for_organization(customer.organization_id)
        .filter(customer=customer)
        .select_related("location")
        .prefetch_related("lines__resource", "answers")
        .order_by("id")
    )


def _orders_of(customer: Customer) -> QuerySet[Order, Order]:
    orders = Order.objects.for_organization(customer.organization_id).filter(customer=customer)
    return orders.prefetch_related("items").order_by("id")


def _person(customer: Customer) -> dict[str, Any]:
    identity = customer.identity
    return {
        "id": str(customer.id),
        "name": identity.name if identity else None,
        "phone": identity.phone if identity else None,
        "email": identity.email if identity else None,
        "address": identity.address if identity else None,
        "notify_by_email": customer.notify_by_email,
        "notify_by_sms": customer.notify_by_sms,
        "has_account": customer.user_id is not None,
        "since": _iso(customer.created_at),
        "erased_at": _iso(customer.erased_at),
    }


def _booking(booking: Booking, customer: Customer) -> dict[str, Any]:
    booking.customer = customer  # whose key opens what is sealed: read once for all of them
    answers = list(booking.answers.all())
    for answer in answers:
        answer.booking = booking
    return {
        "id": str(booking.id),
        "reference": booking.reference,
        "status": booking.status,
        "booked_at": _iso(booking.created_at),
        "starts_at": _iso(booking.starts_at),
        "ends_at": _iso(booking.ends_at),
        "location": booking.location.name,
        "party_size": booking.party_size,
        "total_price": None if booking.total_price is None else str(booking.total_price),
        "currency": booking.currency,
        "services": [
            {"title": line.title, "with": line.resource.name if line.resource else None}
            for line in booking.lines.all()
        ],
        "said": booking.intake,
        "answers": [{"question": answer.question_text, "answer": answer.answer} for answer in answers],
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": str(order.id),
        "reference": order.reference,
        "status": order.status,
        "total": str(order.total),
        "currency": order.currency,
        "placed_at": _iso(order.created_at),
        "paid_at": _iso(order.paid_at),
        "items": [{"title": item.title, "amount": str(item.amount)} for item in order.items.all()],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
