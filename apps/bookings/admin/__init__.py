"""Bookings, customers, orders and checkout's questions in the back office."""

from apps.bookings.admin.bookings import BookingAdmin
from apps.bookings.admin.customers import CustomerAdmin
from apps.bookings.admin.orders import OrderAdmin
from apps.bookings.admin.questions import CheckoutQuestionAdmin
from apps.bookings.admin.shared import status_badge
from apps.bookings.admin.waitlist import WaitlistEntryAdmin

__all__ = [
    "BookingAdmin",
    "CheckoutQuestionAdmin",
    "CustomerAdmin",
    "OrderAdmin",
    "WaitlistEntryAdmin",
    "status_badge",
]
