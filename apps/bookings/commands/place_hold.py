"""A visitor picks a time, or several."""

from collections.abc import Sequence

from apps.bookings.models import Hold
from apps.bookings.placing import holding
from apps.bookings.types import Wanted
from apps.core.actors import Actor
from apps.core.commands import command
from apps.organizations.models import OrganizationPolicy


@command("bookings.place_hold")
def place_hold(*, actor: Actor, policy: OrganizationPolicy, wanted: Wanted) -> Hold:
    """Reserve a visit for `cart_hold_minutes` (REQ-HOLD-1, seed 004).

    Raises TooManyHolds, SlotFull, SlotNotBookable, MixedCurrencies, NotFound, InvalidInput.
    """
    holding.lock_visitor(actor)
    (held,) = holding.place_holds(
        actor=actor, policy=policy, wanted=[wanted], minutes=policy.cart_hold_minutes
    )
    return held.hold


@command("bookings.place_holds")
def place_holds(*, actor: Actor, policy: OrganizationPolicy, wanted: Sequence[Wanted]) -> list[Hold]:
    """Reserve several visits for `cart_hold_minutes`, all of them or none (REQ-HOLD-8, seed 004).

    Two of them may overlap on different people; never on one. Returns them in their order. Raises what
    `place_hold` does; SlotFull and SlotNotBookable say in `visit` which one, counted from 0.
    """
    holding.lock_visitor(actor)
    held = holding.place_holds(actor=actor, policy=policy, wanted=wanted, minutes=policy.cart_hold_minutes)
    return [one.hold for one in held]
