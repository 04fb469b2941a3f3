"""What is measured of holds and bookings, from what was committed: a hold that was rolled back never was."""

from apps.bookings.models import Booking, Hold
from apps.core.events import Message
from apps.core.metrics import Counter, Histogram

HOLDS = Counter("holds", "Holds by what became of them: placed, released, expired, …", ["event"])
BOOKINGS = Counter("bookings", "Bookings by what became of them: created, confirmed, expired, …", ["event"])
HOLD_TO_CONFIRM = Histogram(
    "hold_to_confirm_ms",
    "From the hold of a time to its confirmation, in milliseconds.",
    bounds=(1_000, 5_000, 15_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 1_800_000, 3_600_000),
)


def count_event(message: Message) -> None:
    """After any event of a hold or a booking. One that is delivered twice, which is rare, counts twice."""
    about, _, event = message.name.partition(".")
    (HOLDS if about == "hold" else BOOKINGS).count(event)
    if message.name == "booking.confirmed":
        _measure_confirmed(message)


def _measure_confirmed(message: Message) -> None:
    """A booking that staff made was never held, and of one that is gone there is nothing to measure."""
    booking = (
        Booking.objects.all_organizations(reason="the message names the booking")
        .filter(id=message.payload["booking_id"])
        .first()
    )
    hold = (
        Hold.objects.all_organizations(reason="the message names the booking")
        .filter(booking_id=message.payload["booking_id"])
        .order_by("created_at")
        .first()
    )
    if booking is not None and booking.confirmed_at is not None and hold is not None:
        HOLD_TO_CONFIRM.observe((booking.confirmed_at - hold.created_at).total_seconds() * 1000)
