"""Whoever waited takes the time that was offered."""

from uuid import UUID

from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.checkout.orders import HeldBooking, settle
from apps.bookings.confirming import confirm_held
from apps.bookings.ending import HeldVisit, end_lapsed_holds, lock_booking, lock_holds
from apps.bookings.models import Booking
from apps.bookings.opening import adopt_lines, total_of
from apps.bookings.queries import lines_of_holds, resource_ids_of
from apps.bookings.states import BookingStatus, OfferStatus, WaitlistStatus
from apps.bookings.waitlist.changes import (
    close_offer,
    ensure_open,
    lock_entry,
    move_entry,
    offer_by_id,
    waiting_lines,
)
from apps.bookings.waitlist.events import WaitlistAccepted
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy, PaymentStrategy


@command("bookings.accept_offer")
def accept_offer(*, actor: Actor, policy: OrganizationPolicy, offer_id: UUID) -> Booking:
    """Make the offered time the waitlisted booking's, in place: at no moment is it free (seed 004).

    The booking is confirmed, or waits for the business's yes, or for its payment. Raises NotFound,
    WaitlistOfferAnswered, WaitlistOfferLapsed, AlreadyBooked, InvalidTransition.
    """
    found = offer_by_id(actor, offer_id)
    lines = lines_of_holds(actor.organization_id, [found.hold_id])
    locked = occupancy.lock_resources(actor.organization_id, resource_ids_of(lines))
    end_lapsed_holds(locked.values(), now=app_now())  # one of the same customer's is in nobody's way
    booking = lock_booking(actor.organization_id, found.entry.booking_id)
    (held,) = lock_holds(actor.organization_id, [found.hold_id])
    entry = lock_entry(actor.organization_id, found.entry_id)
    offer = offer_by_id(actor, offer_id)
    now = app_now()
    ensure_open(offer, now=now)
    policies.ensure_can_move(booking.status, BookingStatus.CONFIRMED)

    close_offer(offer, OfferStatus.ACCEPTED, actor=actor, now=now)
    move_entry(entry, WaitlistStatus.SERVED, now=now)
    _give_time(booking, held)
    if policy.payment == PaymentStrategy.NONE:
        confirm_held(actor=actor, policy=policy, booking=booking, lines=held.lines, visits=[held], now=now)
    else:
        booking.move_to(BookingStatus.HELD)
        booking.save(update_fields=["status", "version", "updated_at"])
        visits = [HeldBooking(booking, held.lines, [held])]
        settle(actor=actor, policy=policy, customer=booking.customer, held=visits, now=now)
    publish(WaitlistAccepted.of(offer))
    return booking


def _give_time(booking: Booking, held: HeldVisit) -> None:
    """Put a locked waitlisted booking on a locked hold; its lines become the hold's."""
    # What was agreed for this customer is agreed for the time that they get.
    waited = {line.sort_order: line for line in waiting_lines(booking)}
    for line in held.lines:
        if line.sort_order in waited and waited[line.sort_order].custom_price is not None:
            line.custom_price = waited[line.sort_order].custom_price
            line.save(update_fields=["custom_price", "updated_at"])
    for line in waited.values():
        line.delete()
    adopt_lines(booking, held.lines)
    held.hold.booking = booking
    held.hold.save(update_fields=["booking", "updated_at"])
    booking.slot_id = held.hold.slot_id
    booking.starts_at, booking.ends_at = held.hold.starts_at, held.hold.ends_at
    booking.total_price, booking.currency = total_of(held.lines), held.hold.currency
    booking.save(update_fields=["slot", "starts_at", "ends_at", "total_price", "currency", "updated_at"])
