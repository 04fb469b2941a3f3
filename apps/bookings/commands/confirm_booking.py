"""The held time becomes the customer's."""

from uuid import UUID

from apps.availability import occupancy
from apps.bookings.checkout.orders import HeldBooking, ensure_none_was_called_off, open_orders_of, settle
from apps.bookings.confirming import confirm_held, ensure_confirmable
from apps.bookings.ending import foresee_held, lock_held
from apps.bookings.errors import PaymentAwaited
from apps.bookings.models import Booking
from apps.bookings.queries import (
    foresee_booking,
    get_booking,
    hold_ids_of_lines,
    lines_of_booking,
    resource_ids_of,
)
from apps.core.actors import Actor
from apps.core.clock import app_now, foresee_now
from apps.core.commands import command
from apps.organizations.models import PaymentStrategy


@command("bookings.confirm_booking")
def confirm_booking(*, actor: Actor, booking_id: UUID) -> Booking:
    """Turn a held booking into a confirmed one, or into one that waits for approval (REQ-HOLD-3, seed 003).

    Where the organization wants to be paid first and it costs something, its order is opened, and it stays
    held for the payment. Raises NotFound, HoldExpired, InvalidTransition, PaymentAwaited, and
    OrderVoid where something that was to be paid together with it has run out.
    """
    foresee_booking(actor, booking_id)
    found = get_booking(actor, booking_id)
    lines = lines_of_booking(found)
    hold_ids = hold_ids_of_lines(lines)
    occupancy.foresee_locks(actor.organization_id, resource_ids_of(lines))
    foresee_held(found, hold_ids)
    foresee_now()
    occupancy.lock_resources(actor.organization_id, resource_ids_of(lines))
    booking, visits = lock_held(found, hold_ids, lines=lines)
    now = app_now()

    ensure_confirmable(booking, visits, now=now)
    policy = found.organization.policy
    if policy.payment == PaymentStrategy.NONE:
        confirm_held(actor=actor, policy=policy, booking=booking, lines=lines, visits=visits, now=now)
        return booking
    if open_orders_of(actor.organization_id, booking_id):
        raise PaymentAwaited
    ensure_none_was_called_off(actor.organization_id, booking_id)
    held = HeldBooking(booking, lines, visits)
    settle(actor=actor, policy=policy, customer=booking.customer, held=[held], now=now)
    return booking
