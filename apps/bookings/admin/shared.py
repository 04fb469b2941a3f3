"""How the pages of bookings, customers and orders write the same things."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.bookings import admin_reads
from apps.bookings.models import Booking, Customer
from apps.bookings.states import BookingStatus
from apps.organizations.admin_display import NOTHING, badge


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
