"""An order has been paid."""

from collections.abc import Sequence
from uuid import UUID

from apps.availability import occupancy
from apps.bookings.checkout.orders import (
    HeldBooking,
    booking_ids_of,
    lines_of_bookings,
    lock_bookings,
    lock_order,
    mark_paid,
)
from apps.bookings.confirming import confirm_held, ensure_confirmable
from apps.bookings.ending import HeldVisit, lock_holds
from apps.bookings.errors import HoldExpired, HoldNotActive, InvalidTransition, OrderVoid, PaymentTooLate
from apps.bookings.models import Booking, BookingLine, Hold, Order
from apps.bookings.queries import resource_ids_of
from apps.bookings.states import BookingStatus, OrderStatus
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.organizations.models import OrganizationPolicy


@command("bookings.record_payment")
def record_payment(*, actor: Actor, order_id: UUID) -> Order:
    """Note that an order has been paid, and confirm what waited for that (REQ-PAY-1, seed 004).

    Staff call it, or a gateway's callback; a second call finds it paid and changes nothing. The end of a
    hold wins: money that comes after it confirms nothing. Raises NotFound, PaymentTooLate, OrderVoid.
    """
    found = Order.objects.for_organization(actor.organization_id).filter(id=order_id).first()
    if found is None:
        raise NotFound("There is no such order.")
    booking_ids = booking_ids_of(found)
    lines = lines_of_bookings(actor.organization_id, booking_ids)
    occupancy.lock_resources(actor.organization_id, resource_ids_of(lines))
    bookings = lock_bookings(actor.organization_id, booking_ids)
    waiting = [booking for booking in bookings if booking.status in _WAITING]
    visits = lock_holds(actor.organization_id, _hold_ids_of(waiting))
    order = lock_order(actor.organization_id, order_id)
    now = app_now()

    if order.status == OrderStatus.PAID:
        return order
    held = [_held(booking, lines, visits) for booking in waiting]
    try:
        for one in held:
            ensure_confirmable(one.booking, one.visits, now=now)
    except (HoldExpired, HoldNotActive, InvalidTransition) as error:
        raise PaymentTooLate(hold_ids=[str(visit.hold.id) for visit in visits]) from error
    if order.status == OrderStatus.VOID:
        raise OrderVoid

    policy = OrganizationPolicy.objects.get(organization_id=actor.organization_id)
    for one in held:
        confirm_held(
            actor=actor, policy=policy, booking=one.booking, lines=one.lines, visits=one.visits, now=now
        )
    mark_paid(actor=actor, order=order, now=now)
    return order


# What waits for the payment, or did so until its time was over.
_WAITING = frozenset({BookingStatus.HELD, BookingStatus.EXPIRED})


def _hold_ids_of(bookings: Sequence[Booking]) -> list[UUID]:
    if not bookings:
        return []
    holds = Hold.objects.for_organization(bookings[0].organization_id).filter(booking__in=bookings)
    return list(holds.order_by("id").values_list("id", flat=True))


def _held(booking: Booking, lines: Sequence[BookingLine], visits: Sequence[HeldVisit]) -> HeldBooking:
    return HeldBooking(
        booking,
        [line for line in lines if line.booking_id == booking.id],
        [visit for visit in visits if visit.hold.booking_id == booking.id],
    )
