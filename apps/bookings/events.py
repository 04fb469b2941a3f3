"""What happens to holds and bookings, as others hear of it (docs/events.md)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from apps.bookings.models import Booking, Hold
from apps.core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEvent(DomainEvent):
    """Something about a hold."""

    name: ClassVar[str] = "hold"

    hold_id: UUID
    slot_id: UUID
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime

    @classmethod
    def about(cls, hold: Hold) -> Self:
        """The event of this hold."""
        return cls(
            organization_id=hold.organization_id,
            hold_id=hold.id,
            slot_id=hold.slot_id,
            resource_id=hold.resource_id,
            starts_at=hold.starts_at,
            ends_at=hold.ends_at,
            expires_at=hold.expires_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(HoldEvent):
    """A time is somebody's for a few minutes."""

    name: ClassVar[str] = "hold.placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased(HoldEvent):
    """The visitor gave the time back."""

    name: ClassVar[str] = "hold.released"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLapsed(HoldEvent):
    """The hold's time ran out."""

    name: ClassVar[str] = "hold.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingEvent(DomainEvent):
    """Something about a booking."""

    name: ClassVar[str] = "booking"

    booking_id: UUID
    location_id: UUID
    session_id: UUID | None
    service_id: UUID | None
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def about(cls, booking: Booking, hold: Hold) -> Self:
        """The event of this booking, with what it holds or held."""
        return cls(
            organization_id=booking.organization_id,
            booking_id=booking.id,
            location_id=booking.location_id,
            session_id=booking.session_id,
            service_id=hold.service_id,
            starts_at=hold.starts_at,
            ends_at=hold.ends_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCreated(BookingEvent):
    """A customer has given their name to a held time."""

    name: ClassVar[str] = "booking.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingConfirmed(BookingEvent):
    """The time is the customer's."""

    name: ClassVar[str] = "booking.confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingAwaitsApproval(BookingEvent):
    """The time is the customer's once the business says yes."""

    name: ClassVar[str] = "booking.pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLapsed(BookingEvent):
    """The held booking was not confirmed in time."""

    name: ClassVar[str] = "booking.expired"
