"""A visitor picks a time."""

from apps.availability.queries import get_service
from apps.bookings import holding
from apps.bookings.models import Hold
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.commands import command
from apps.organizations.models import OrganizationPolicy


@command("bookings.place_hold")
def place_hold(*, actor: Actor, policy: OrganizationPolicy, wanted: TimeWanted) -> Hold:
    """Reserve a time for `cart_hold_minutes` (REQ-HOLD-1, seed 004).

    Raises SlotFull, SlotNotBookable, NotFound, InvalidInput.
    """
    return holding.place_hold(
        actor=actor,
        policy=policy,
        wanted=wanted,
        service=get_service(actor.organization_id, wanted.service_id),
        minutes=policy.cart_hold_minutes,
    )
