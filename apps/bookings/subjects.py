"""How the audit log names holds and bookings."""

from collections.abc import Iterable

from apps.audit.log import Subject
from apps.bookings.models import Booking, BookingLine, Customer, Hold, Order


def subject_of_hold(hold: Hold, lines: Iterable[BookingLine]) -> Subject:
    """A hold, with everyone whose time it takes and the booking that it may belong to."""
    return Subject(
        type="bookings.hold",
        id=hold.id,
        booking_id=hold.booking_id,
        location_id=hold.location_id,
        resource_ids=tuple(line.resource_id for line in lines if line.resource_id is not None),
    )


def subject_of_booking(booking: Booking, lines: Iterable[BookingLine]) -> Subject:
    """A booking, with everyone whose time it takes."""
    return Subject(
        type="bookings.booking",
        id=booking.id,
        booking_id=booking.id,
        location_id=booking.location_id,
        customer_id=booking.customer_id,
        resource_ids=tuple(line.resource_id for line in lines if line.resource_id is not None),
    )


def subject_of_order(order: Order) -> Subject:
    """An order, with whose it is."""
    return Subject(type="bookings.order", id=order.id, customer_id=order.customer_id)


def subject_of_customer(customer: Customer) -> Subject:
    """A customer."""
    return Subject(type="bookings.customer", id=customer.id, customer_id=customer.id)
