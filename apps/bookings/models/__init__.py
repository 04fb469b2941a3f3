"""Customers, bookings, holds, checkout, and the waitlist (seeds 002, 003, 004)."""

from apps.bookings.models.bookings import Booking, BookingLine, ServiceSession
from apps.bookings.models.checkout import BookingAnswer, CheckoutQuestion, Order, OrderItem, QuestionKind
from apps.bookings.models.customers import (
    Customer,
    Identity,
    Preferences,
    digest_of_email,
    digest_of_phone,
    digests_of_name,
)
from apps.bookings.models.holds import Hold
from apps.bookings.models.links import ManageToken
from apps.bookings.models.waitlist import WaitlistEntry, WaitlistOffer

__all__ = [
    "Booking",
    "BookingAnswer",
    "BookingLine",
    "CheckoutQuestion",
    "Customer",
    "Hold",
    "Identity",
    "ManageToken",
    "Order",
    "OrderItem",
    "Preferences",
    "QuestionKind",
    "ServiceSession",
    "WaitlistEntry",
    "WaitlistOffer",
    "digest_of_email",
    "digest_of_phone",
    "digests_of_name",
]
