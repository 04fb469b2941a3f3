"""How the pages of bookings, customers and orders write the same things."""

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.bookings import admin_reads
from apps.bookings.models import Booking, Customer
from apps.bookings.states import BookingStatus
from apps.organizations.admin_display import NOTHING, badge
from apps.organizations.staff import access_of


class OfACustomer:
    """Rows that belong to a customer: found by them and by a reference, and shown with the way to them.

    `booked_through` leads from a row to what has the customer and the reference, where that is not the row.
    """

    booked_through: ClassVar[str] = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By reference, whole phone number or e-mail address, or words of a name."""
        term = search_term.strip()
        if not term:
            return queryset, False
        way = f"{self.booked_through}__" if self.booked_through else ""
        organizations = access_of(request).organizations.values()
        by_customer = admin_reads.find_customer(term, organizations, prefix=f"{way}customer__")
        return queryset.filter(Q(**{f"{way}reference__icontains": term}) | by_customer), False

    def _booked(self, row: Any) -> Any:
        return getattr(row, self.booked_through) if self.booked_through else row

    @admin.display(description="Reference", ordering="reference")
    def reference_code(self, row: Any) -> SafeString:
        """In one piece."""
        return format_html('<span class="bo-code">{}</span>', self._booked(row).reference)

    @admin.display(description="Customer")
    def customer_name(self, row: Any) -> str:
        """Unsealed."""
        return str(self._booked(row).customer)

    @admin.display(description="Customer")
    def customer_link(self, row: Any) -> SafeString:
        """The way to everything that they booked."""
        customer = self._booked(row).customer
        url = reverse("admin:bookings_customer_change", args=[customer.pk])
        return format_html('<a class="bo-link" href="{}">{}</a>', url, customer)


def status_badge(status: str) -> SafeString:
    """A booking's status in words and colour."""
    known = BookingStatus(status)
    return badge(known.label, admin_reads.STATUS_TONES[known])


def money(booking: Booking) -> str:
    """The total with its currency."""
    return NOTHING if booking.total_price is None else amount(booking.total_price, booking.currency)


def amount(value: Decimal, currency: str) -> str:
    """A price with its currency."""
    return f"{value} {currency}"


def phone_link(customer: Customer) -> SafeString | str:
    """The number, to tap."""
    identity = customer.identity
    return format_html('<a class="bo-link" href="tel:{0}">{0}</a>', identity.phone) if identity else NOTHING


def email_link(customer: Customer) -> SafeString | str:
    """The address, to write to."""
    identity = customer.identity
    if identity is None or not identity.email:
        return NOTHING
    return format_html('<a class="bo-link" href="mailto:{0}">{0}</a>', identity.email)


def address_of(customer: Customer) -> str:
    """Street, city and postal code in one line."""
    parts = customer.identity.address if customer.identity else {}
    return (
        ", ".join(parts[key] for key in ("line1", "line2", "city", "postal_code") if parts.get(key))
        or NOTHING
    )
