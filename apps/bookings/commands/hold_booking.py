"""A customer gives their name to a time: on a hold that they have, or on one placed in the same go."""

from uuid import UUID

from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.customers.upsert import customer_of, foresee_customer
from apps.bookings.ending import end_lapsed_holds, lock_holds
from apps.bookings.errors import HoldNotActive
from apps.bookings.models import Booking
from apps.bookings.opening import open_booking
from apps.bookings.placing import holding
from apps.bookings.queries import get_hold, lines_of_holds, resource_ids_of
from apps.bookings.types import BookingDetails, Wanted
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.organizations.models import OrganizationPolicy


@command("bookings.hold_booking")
def hold_booking(
    *, actor: Actor, policy: OrganizationPolicy, wanted: Wanted, details: BookingDetails
) -> Booking:
    """Hold a time for `booking_hold_minutes`, with its customer (REQ-HOLD-2, seed 003).

    Raises TooManyHolds, SlotFull, SlotNotBookable, AlreadyBooked, SelectionMismatch, MixedCurrencies,
    NotFound, InvalidInput.
    """
    holding.lock_visitor(actor)
    foresee_customer(actor.organization_id, details)
    holding.foresee_holds(actor, [wanted])
    customer = customer_of(actor.organization_id, details)
    (held,) = holding.place_holds(
        actor=actor, policy=policy, wanted=[wanted], minutes=policy.booking_hold_minutes
    )
    return open_booking(actor=actor, held=held, customer=customer, details=details, now=held.hold.created_at)


@command("bookings.book_hold")
def book_hold(*, actor: Actor, hold_id: UUID, details: BookingDetails) -> Booking:
    """Give a customer's name to a hold that the visitor already has; it keeps its own time to live.

    Raises NotFound, HoldExpired, HoldNotActive, AlreadyBooked, SelectionMismatch.
    """
    found = get_hold(actor, hold_id)
    customer = customer_of(actor.organization_id, details)
    lines = lines_of_holds(actor.organization_id, [found.id])
    locked = occupancy.lock_resources(actor.organization_id, resource_ids_of(lines))
    now = app_now()
    end_lapsed_holds(locked.values(), now=now)  # one of the same customer's is in nobody's way
    (held,) = lock_holds(actor.organization_id, [hold_id])
    policies.ensure_hold_usable(status=held.hold.status, expires_at=held.hold.expires_at, now=now)
    if held.hold.booking_id is not None:
        raise HoldNotActive
    return open_booking(actor=actor, held=held, customer=customer, details=details, now=now)
