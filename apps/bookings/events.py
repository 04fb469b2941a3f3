"""What happens to holds and bookings, as others hear of it (docs/events.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from apps.bookings.models import Booking, BookingLine, Hold, Order
from apps.core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEvent(DomainEvent):
    """Something about a hold: a visit of one or more services, in the order of its lines."""

    name: ClassVar[str] = "hold"
    version: ClassVar[int] = 2

    hold_id: UUID
    location_id: UUID
    session_id: UUID | None
    slot_id: UUID | None
    service_ids: tuple[UUID, ...]
    resource_ids: tuple[UUID, ...]
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime

    @classmethod
    def about(cls, hold: Hold, lines: Iterable[BookingLine]) -> Self:
        """The event of this hold with its lines."""
        lines = tuple(lines)
        return cls(
            organization_id=hold.organization_id,
            hold_id=hold.id,
            location_id=hold.location_id,
            session_id=hold.session_id,
            slot_id=hold.slot_id,
            service_ids=_services(lines),
            resource_ids=_resources(lines),
            starts_at=hold.starts_at,
            ends_at=hold.ends_at,
            expires_at=hold.expires_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(HoldEvent):
    """A time is somebody's for a few minutes."""

    name: ClassVar[str] = "hold.placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRefreshed(HoldEvent):
    """The visitor needs the time a little longer."""

    name: ClassVar[str] = "hold.refreshed"


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
    """Something about a booking. One that has no time yet has neither start nor end."""

    name: ClassVar[str] = "booking"
    version: ClassVar[int] = 2

    booking_id: UUID
    location_id: UUID
    session_id: UUID | None
    service_ids: tuple[UUID, ...]
    resource_ids: tuple[UUID, ...]
    starts_at: datetime | None
    ends_at: datetime | None

    @classmethod
    def about(cls, booking: Booking, lines: Iterable[BookingLine]) -> Self:
        """The event of this booking with its lines."""
        lines = tuple(lines)
        return cls(
            organization_id=booking.organization_id,
            booking_id=booking.id,
            location_id=booking.location_id,
            session_id=booking.session_id,
            service_ids=_services(lines),
            resource_ids=_resources(lines),
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
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
class BookingQueued(BookingEvent):
    """Somebody wants something, and nobody knows yet when it will be."""

    name: ClassVar[str] = "booking.queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingScheduled(BookingEvent):
    """A queued booking has its time."""

    name: ClassVar[str] = "booking.scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLapsed(BookingEvent):
    """The held booking was not confirmed in time."""

    name: ClassVar[str] = "booking.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent(DomainEvent):
    """Something about an order."""

    name: ClassVar[str] = "order"

    order_id: UUID
    customer_id: UUID
    booking_ids: tuple[UUID, ...]
    payment: str
    total: str
    currency: str

    @classmethod
    def about(cls, order: Order, booking_ids: Iterable[UUID]) -> Self:
        """The event of this order, which is for these bookings."""
        return cls(
            organization_id=order.organization_id,
            order_id=order.id,
            customer_id=order.customer_id,
            booking_ids=tuple(booking_ids),
            payment=str(order.payment),
            total=str(order.total),
            currency=order.currency,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(OrderEvent):
    """Somebody owes something for what they have booked."""

    name: ClassVar[str] = "order.placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(OrderEvent):
    """It has been paid."""

    name: ClassVar[str] = "order.paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderVoided(OrderEvent):
    """Nothing is owed any more: what it was for does not happen."""

    name: ClassVar[str] = "order.voided"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMerged(DomainEvent):
    """Two records turned out to be one person's; whatever was the one's is the other's now."""

    name: ClassVar[str] = "customer.merged"

    customer_id: UUID
    into_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerErased(DomainEvent):
    """Nothing that was sealed for this customer can be read any more; copies elsewhere must go, too."""

    name: ClassVar[str] = "customer.erased"

    customer_id: UUID
    merged_ids: tuple[UUID, ...]


def _services(lines: Iterable[BookingLine]) -> tuple[UUID, ...]:
    return tuple(line.service_id for line in lines if line.service_id is not None)


def _resources(lines: Iterable[BookingLine]) -> tuple[UUID, ...]:
    return tuple(line.resource_id for line in lines if line.resource_id is not None)
