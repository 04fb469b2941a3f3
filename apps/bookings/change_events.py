"""What happens to bookings after they were made, as others hear of it (docs/events.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Self

from apps.bookings.events import BookingEvent
from apps.bookings.models import Booking, BookingLine


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCancelled(BookingEvent):
    """The visit does not happen; its time is free. `reason` is a code."""

    name: ClassVar[str] = "booking.cancelled"

    reason: str = ""

    @classmethod
    def with_reason(cls, booking: Booking, lines: Iterable[BookingLine], *, reason: str) -> Self:
        """The event of this booking."""
        return replace(cls.about(booking, lines), reason=str(reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRescheduled(BookingEvent):
    """The visit happens at another time, or by others; the old time is free."""

    name: ClassVar[str] = "booking.rescheduled"

    previous_starts_at: datetime | None = None
    previous_ends_at: datetime | None = None

    @classmethod
    def since(
        cls, booking: Booking, lines: Iterable[BookingLine], *, starts_at: datetime, ends_at: datetime
    ) -> Self:
        """The event of this booking, which was at another time before."""
        return replace(cls.about(booking, lines), previous_starts_at=starts_at, previous_ends_at=ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCheckedIn(BookingEvent):
    """The customer is here."""

    name: ClassVar[str] = "booking.checked_in"
