"""Whoever waits would rather wait for another time."""

from uuid import UUID

from apps.availability import occupancy
from apps.bookings.ending import lock_holds
from apps.bookings.models import WaitlistOffer
from apps.bookings.queries import lines_of_holds, resource_ids_of
from apps.bookings.states import OfferStatus, WaitlistStatus
from apps.bookings.waitlist.changes import (
    close_offer,
    ensure_open,
    lock_entry,
    move_entry,
    offer_by_id,
    release,
)
from apps.bookings.waitlist.events import WaitlistDeclined
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish


@command("bookings.decline_offer")
def decline_offer(*, actor: Actor, offer_id: UUID) -> WaitlistOffer:
    """Give the offered time back, for the next in the line; they keep their place for other times.

    REQ-WAIT-3. Raises NotFound, WaitlistOfferAnswered, WaitlistOfferLapsed.
    """
    found = offer_by_id(actor, offer_id)
    lines = lines_of_holds(actor.organization_id, [found.hold_id])
    occupancy.lock_resources(actor.organization_id, resource_ids_of(lines))
    (held,) = lock_holds(actor.organization_id, [found.hold_id])
    entry = lock_entry(actor.organization_id, found.entry_id)
    offer = offer_by_id(actor, offer_id)
    now = app_now()
    ensure_open(offer, now=now)

    close_offer(offer, OfferStatus.DECLINED, actor=actor, now=now)
    move_entry(entry, WaitlistStatus.WAITING, now=now)
    release(held, actor=actor, now=now)
    publish(WaitlistDeclined.of(offer))
    return offer
