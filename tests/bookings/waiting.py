"""Shorthands of the waitlist's tests."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from apps.availability.models import Location, Resource
from apps.bookings.commands.join_waitlist import join_waitlist
from apps.bookings.commands.offer_waitlist import offer_waitlist
from apps.bookings.models import Booking, WaitlistEntry, WaitlistOffer
from apps.bookings.types import BookingDetails
from apps.bookings.waitlist.line import Wish
from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.core.ids import new_id
from apps.core.outbox import relay_batch
from tests.bookings.support import somebody

MONDAY = date(2030, 1, 14)


def waits(
    location: Location,
    services: Sequence[BookingService],
    *,
    details: BookingDetails | None = None,
    first: date = MONDAY,
    last: date = MONDAY,
    **wish: Any,
) -> WaitlistEntry:
    """Somebody new on the waitlist, for Monday if nothing else is said."""
    booking, _ = join_waitlist(
        actor=Actor.session(location.organization_id, new_id()),
        policy=location.organization.policy,
        wish=Wish(
            location_id=location.id,
            service_ids=tuple(service.id for service in services),
            first_date=first,
            last_date=last,
            **wish,
        ),
        details=details or somebody(),
    )
    return booking.waitlist_entry


def offers_made(location: Location) -> list[WaitlistOffer]:
    """Offer whatever is free, and return what was offered, in order."""
    ids = offer_waitlist(organization_id=location.organization_id, location_id=location.id)
    found = WaitlistOffer.objects.select_related("hold", "entry__booking").in_bulk(ids)
    return [found[offer_id] for offer_id in ids]


def customer(location: Location | Resource) -> Actor:
    """Whoever holds a link."""
    return Actor.system(location.organization_id, "A customer's link")


def deliver() -> None:
    """Let reactions follow, and theirs, until nothing is left."""
    while relay_batch():
        pass


def states(entries: Iterable[WaitlistEntry]) -> list[str]:
    """What became of each, fresh from the database."""
    fresh = WaitlistEntry.objects.in_bulk([entry.id for entry in entries])
    return [fresh[entry.id].status for entry in entries]


def starts(offers: Iterable[WaitlistOffer]) -> list[datetime]:
    return [offer.hold.starts_at for offer in offers]


def status_of(booking: Booking) -> str:
    booking.refresh_from_db()
    return booking.status
