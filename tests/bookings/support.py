"""Shorthands of the booking tests."""

from itertools import count

from apps.availability.models import SlotInstance
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.hold_booking import hold_booking
from apps.bookings.models import Booking, Identity
from apps.bookings.types import BookingDetails, TimeWanted
from apps.core.actors import Actor
from apps.core.ids import new_id

_numbers = count(1)


def visitor_of(slot: SlotInstance) -> Actor:
    """Somebody new on the website of the slot's business."""
    return Actor.session(slot.organization_id, new_id())


def somebody(*, phone: str | None = None, name: str = "Ada Lovelace") -> BookingDetails:
    """A customer with a phone number of their own."""
    return BookingDetails(customer=Identity(name=name, phone=phone or f"+1719555{next(_numbers):04d}"))


def hold(
    slot: SlotInstance,
    *,
    actor: Actor | None = None,
    details: BookingDetails | None = None,
    party_size: int = 1,
) -> Booking:
    """A held booking of this slot."""
    return hold_booking(
        actor=actor or visitor_of(slot),
        policy=slot.organization.policy,
        wanted=TimeWanted(slot_id=slot.id, party_size=party_size),
        details=details or somebody(),
    )


def book(slot: SlotInstance, *, actor: Actor | None = None) -> Booking:
    """A confirmed booking of this slot."""
    actor = actor or visitor_of(slot)
    return confirm_booking(actor=actor, booking_id=hold(slot, actor=actor).id)


def counters(slot: SlotInstance) -> tuple[int, int, str]:
    """The slot's booked, hold and status, fresh from the database."""
    slot.refresh_from_db()
    return slot.booked, slot.hold, slot.status
