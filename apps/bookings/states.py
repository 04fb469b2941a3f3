"""The life of a booking, as data (seeds 003 and 004)."""

from django.db import models


class BookingStatus(models.TextChoices):
    """Eleven statuses; `pending` is a booking that waits for the business to approve it."""

    PENDING = "pending", "Waiting for approval"
    HELD = "held", "Held"
    CONFIRMED = "confirmed", "Confirmed"
    PENDING_CANCELLATION = "pending_cancellation", "Asked to cancel"
    CHECKED_IN = "checked_in", "Checked in"
    BEING_SERVED = "being_served", "Being served"
    COMPLETED = "completed", "Completed"
    NO_SHOW = "no_show", "No-show"
    CANCELLED = "cancelled", "Cancelled"
    WAITLISTED = "waitlisted", "On the waitlist"
    EXPIRED = "expired", "Expired"


TERMINAL = frozenset(
    {BookingStatus.COMPLETED, BookingStatus.NO_SHOW, BookingStatus.CANCELLED, BookingStatus.EXPIRED}
)
LIVE = frozenset(set(BookingStatus) - TERMINAL)

TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.HELD: frozenset(
        {BookingStatus.CONFIRMED, BookingStatus.PENDING, BookingStatus.CANCELLED, BookingStatus.EXPIRED}
    ),
    BookingStatus.PENDING: frozenset({BookingStatus.CONFIRMED, BookingStatus.CANCELLED}),
    BookingStatus.WAITLISTED: frozenset(
        {BookingStatus.HELD, BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.CANCELLED}
    ),
    BookingStatus.CONFIRMED: frozenset(
        {
            BookingStatus.PENDING_CANCELLATION,
            BookingStatus.CHECKED_IN,
            BookingStatus.BEING_SERVED,
            BookingStatus.NO_SHOW,
            BookingStatus.CANCELLED,
        }
    ),
    BookingStatus.PENDING_CANCELLATION: frozenset({BookingStatus.CONFIRMED, BookingStatus.CANCELLED}),
    BookingStatus.CHECKED_IN: frozenset(
        {BookingStatus.BEING_SERVED, BookingStatus.NO_SHOW, BookingStatus.CANCELLED}
    ),
    BookingStatus.BEING_SERVED: frozenset({BookingStatus.COMPLETED}),
    BookingStatus.COMPLETED: frozenset(),
    BookingStatus.NO_SHOW: frozenset(),
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.EXPIRED: frozenset(),
}


class CancelReason(models.TextChoices):
    """Why a visit was called off: everybody who cancels says one (seed 004)."""

    CHANGED_PLANS = "changed_plans", "Plans have changed"
    FOUND_OTHER_TIME = "found_other_time", "Another time suits better"
    NO_LONGER_NEEDED = "no_longer_needed", "No longer needed"
    PRICE = "price", "The price"
    ILLNESS = "illness", "Illness"
    STAFF_UNAVAILABLE = "staff_unavailable", "Nobody of the team can come"
    WEATHER = "weather", "Weather or roads"
    DUPLICATE = "duplicate", "Booked twice"
    OTHER = "other", "Something else"


# What customers can choose from; the rest is for the business to say.
CUSTOMER_REASONS = (
    CancelReason.CHANGED_PLANS,
    CancelReason.FOUND_OTHER_TIME,
    CancelReason.NO_LONGER_NEEDED,
    CancelReason.PRICE,
    CancelReason.ILLNESS,
    CancelReason.OTHER,
)


class HoldStatus(models.TextChoices):
    """Rows of holds are kept: what became of each is history."""

    ACTIVE = "active", "Active"
    RELEASED = "released", "Released"
    EXPIRED = "expired", "Expired"
    CONVERTED = "converted", "Booked"


class ServiceSessionStatus(models.TextChoices):
    """How far the visit itself has come."""

    SCHEDULED = "scheduled", "Scheduled"
    CHECKED_IN = "checked_in", "Checked in"
    BEING_SERVED = "being_served", "Being served"
    COMPLETED = "completed", "Completed"
    NO_SHOW = "no_show", "No-show"
    CANCELLED = "cancelled", "Cancelled"


class OrderStatus(models.TextChoices):
    """Whether an order has been paid."""

    OPEN = "open", "To be paid"
    PAID = "paid", "Paid"
    VOID = "void", "Void"


class WaitlistStatus(models.TextChoices):
    """What became of somebody's place in the line."""

    WAITING = "waiting", "Waiting"
    OFFERED = "offered", "Has an offer"
    SERVED = "served", "Served"
    LEFT = "left", "Left"
    CLOSED = "closed", "Closed"


class OfferStatus(models.TextChoices):
    """What became of an offer."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "Lapsed"


def can_move(current: str, target: str) -> bool:
    """Whether a booking may go from one status to the other."""
    return BookingStatus(target) in TRANSITIONS[BookingStatus(current)]
