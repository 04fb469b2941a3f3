"""What the waitlist does after others' news, and its own (scheduler_project/reactions.py)."""

from uuid import UUID

from apps.bookings.commands.leave_waitlist import release_unclaimed
from apps.bookings.commands.offer_waitlist import offer_waitlist
from apps.bookings.events import BookingEvent, HoldEvent
from apps.bookings.models import Hold, WaitlistEntry, WaitlistOffer
from apps.bookings.states import HoldStatus, OfferStatus, WaitlistStatus
from apps.bookings.waitlist.changes import close_offer, lock_entry, move_entry, open_offer_of
from apps.bookings.waitlist.events import WaitlistLapsed, WaitlistLeft
from apps.bookings.waitlist.line import LIVE_ENTRIES, somebody_waits
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.events import Message
from apps.core.outbox import publish


def lapse_offer(event: HoldEvent) -> None:
    """A hold that ran out may have been an offer: whoever let it lapse waits again. In the transaction."""
    found = (
        WaitlistOffer.objects.for_organization(event.organization_id)
        .filter(hold_id=event.hold_id, status=OfferStatus.OPEN)
        .first()
    )
    if found is None:
        return
    entry = lock_entry(event.organization_id, found.entry_id)
    offer = open_offer_of(entry)
    if offer is None or offer.hold_id != event.hold_id:  # answered in this very moment
        return
    now = app_now()
    close_offer(offer, OfferStatus.LAPSED, actor=Actor.system(event.organization_id, "Waitlist"), now=now)
    move_entry(entry, WaitlistStatus.WAITING, now=now)
    publish(WaitlistLapsed.of(offer))


def leave_with_booking(event: BookingEvent) -> None:
    """A waitlisted booking that is cancelled waits no longer. In the transaction.

    The calendars of what it was offered are not locked here; `free_unclaimed_time` frees them afterwards.
    """
    found = (
        WaitlistEntry.objects.for_organization(event.organization_id)
        .filter(booking_id=event.booking_id, status__in=LIVE_ENTRIES)
        .first()
    )
    if found is None:
        return
    entry = lock_entry(event.organization_id, found.id)
    if entry.status not in LIVE_ENTRIES:
        return
    actor, now = Actor.system(event.organization_id, "Waitlist"), app_now()
    offer = open_offer_of(entry)
    if offer is not None:
        close_offer(offer, OfferStatus.DECLINED, actor=actor, now=now)
    move_entry(entry, WaitlistStatus.LEFT, now=now)
    publish(WaitlistLeft.about(entry))


def free_unclaimed_time(message: Message) -> None:
    """Give back what was offered to somebody who has left with their booking. Bears being run twice."""
    if message.organization_id is None:
        return
    booking_id = message.payload["booking_id"]
    holds = Hold.objects.for_organization(message.organization_id).filter(
        waitlist_offer__entry__booking_id=booking_id,
        waitlist_offer__status=OfferStatus.DECLINED,
        status=HoldStatus.ACTIVE,
    )
    for hold_id in list(holds.values_list("id", flat=True)):
        release_unclaimed(organization_id=message.organization_id, hold_id=hold_id)


def offer_freed_time(message: Message) -> None:
    """Time may have become free at a location: offer it to those who wait. Bears being run twice."""
    location_id = message.payload.get("location_id")
    if message.organization_id is None or location_id is None:
        return
    if somebody_waits(message.organization_id, UUID(location_id)):
        offer_waitlist(organization_id=message.organization_id, location_id=UUID(location_id))
