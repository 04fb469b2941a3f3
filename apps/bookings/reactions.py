"""What follows inside this app, in the transaction of the event."""

from apps.bookings.checkout.orders import booking_ids_of, open_orders_of, void_order
from apps.bookings.events import BookingEvent
from apps.bookings.models import Booking
from apps.core.actors import Actor
from apps.core.clock import app_now


def void_unpaid_orders(event: BookingEvent) -> None:
    """A booking that ran out before it was paid takes its order with it: all of that was held together."""
    for order in open_orders_of(event.organization_id, event.booking_id):
        void_order(actor=Actor.system(event.organization_id), order=order, now=app_now())


def void_orders_of_nothing(event: BookingEvent) -> None:
    """A cancelled booking's open order ends with the last of its bookings that can still happen."""
    for order in open_orders_of(event.organization_id, event.booking_id):
        bookings = Booking.objects.for_organization(event.organization_id).filter(
            id__in=booking_ids_of(order)
        )
        if not bookings.live().exists():
            void_order(actor=Actor.system(event.organization_id), order=order, now=app_now())
