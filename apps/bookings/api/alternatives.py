"""What is said beside a refusal for want of room: what is free nearby."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apps.availability.errors import SlotFull
from apps.availability.types import Offer
from apps.bookings.queries import alternatives_to
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.organizations.models import OrganizationPolicy


@contextmanager
def offering_alternatives(actor: Actor, policy: OrganizationPolicy, wanted: TimeWanted) -> Iterator[None]:
    """A refusal for want of room says what is free nearby; looked up after the transaction has ended."""
    try:
        yield
    except SlotFull as error:
        offers = alternatives_to(actor.organization_id, policy, wanted, now=app_now())
        raise SlotFull(alternatives=[offer_body(offer) for offer in offers]) from error


def offer_body(offer: Offer) -> dict[str, Any]:
    """A free time that stands in for one that is gone."""
    return {
        "start_at": offer.start_at.isoformat().replace("+00:00", "Z"),
        "end_at": offer.end_at.isoformat().replace("+00:00", "Z"),
        "slot_id": str(offer.slot_id),
        "resource": {"id": str(offer.resource_id), "name": offer.resource_name},
    }
