"""Changing entries and offers: shared by commands and reactions. They hold the locks above the entry's.

An entry's row is locked after calendars and holds (docs/locking.md), and read again then.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.audit import log as audit
from apps.bookings.ending import HeldVisit, end_hold
from apps.bookings.events import HoldReleased
from apps.bookings.models import Booking, BookingLine, WaitlistEntry, WaitlistOffer
from apps.bookings.states import HoldStatus, OfferStatus, WaitlistStatus
from apps.bookings.subjects import subject_of_booking, subject_of_hold
from apps.bookings.waitlist.errors import WaitlistOfferAnswered, WaitlistOfferLapsed
from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.core.outbox import publish


def lock_entry(organization_id: UUID, entry_id: UUID) -> WaitlistEntry:
    """Lock an entry's row, with its booking beside it."""
    return (
        WaitlistEntry.objects.for_organization(organization_id)
        .select_related("booking")
        .select_for_update(no_key=True, of=("self",))
        .get(id=entry_id)
    )


def offer_by_id(actor: Actor, offer_id: UUID) -> WaitlistOffer:
    """An offer as it is now, with hold, entry and booking. Raises NotFound."""
    offer = (
        WaitlistOffer.objects.for_organization(actor.organization_id)
        .select_related("hold", "entry__booking")
        .filter(id=offer_id)
        .first()
    )
    if offer is None:
        raise NotFound("There is no such offer.")
    return offer


def open_offer_of(entry: WaitlistEntry) -> WaitlistOffer | None:
    """The offer that a locked entry has to answer."""
    offers = WaitlistOffer.objects.for_organization(entry.organization_id)
    offer = offers.filter(entry=entry, status=OfferStatus.OPEN).select_related("hold").first()
    if offer is not None:
        offer.entry = entry
    return offer


def ensure_open(offer: WaitlistOffer, *, now: datetime) -> None:
    """An offer can be answered once, in its time. Raises WaitlistOfferAnswered, WaitlistOfferLapsed."""
    if offer.status == OfferStatus.LAPSED or (
        offer.status == OfferStatus.OPEN and offer.hold.expires_at <= now
    ):
        raise WaitlistOfferLapsed
    if offer.status != OfferStatus.OPEN:
        raise WaitlistOfferAnswered


def close_offer(offer: WaitlistOffer, status: OfferStatus, *, actor: Actor, now: datetime) -> None:
    """Note how a locked entry's offer was answered."""
    offer.status, offer.answered_at = status, now
    offer.save(update_fields=["status", "answered_at", "updated_at"])
    audit.record(
        actor,
        f"bookings.waitlist.{status}",
        subject=subject_of_booking(offer.entry.booking, ()),
        old={"offer": OfferStatus.OPEN},
        new={"offer": status, "starts_at": offer.hold.starts_at.isoformat()},
        at=now,
    )


def move_entry(entry: WaitlistEntry, status: WaitlistStatus, *, now: datetime) -> None:
    """Set a locked entry's status."""
    entry.status = status
    live = status in {WaitlistStatus.WAITING, WaitlistStatus.OFFERED}
    entry.ended_at = None if live else now
    entry.save(update_fields=["status", "ended_at", "updated_at"])


def release(held: HeldVisit, *, actor: Actor, now: datetime) -> None:
    """Give the time of a locked offer's locked hold back."""
    end_hold(held, status=HoldStatus.RELEASED, now=now)
    audit.record(actor, "bookings.hold.released", subject=subject_of_hold(held.hold, held.lines), at=now)
    publish(HoldReleased.about(held.hold, held.lines))


def waiting_lines(booking: Booking) -> Sequence[BookingLine]:
    """The lines of a booking that has no time yet, in their order."""
    lines = BookingLine.objects.for_organization(booking.organization_id)
    return list(lines.filter(booking=booking, hold__isnull=True).order_by("sort_order"))
