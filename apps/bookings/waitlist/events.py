"""What happens on the waitlist, as others hear of it (docs/events.md)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from apps.bookings.models import WaitlistEntry, WaitlistOffer
from apps.core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistEvent(DomainEvent):
    """Something about somebody's place on the waitlist."""

    name: ClassVar[str] = "waitlist"

    entry_id: UUID
    booking_id: UUID
    location_id: UUID

    @classmethod
    def about(cls, entry: WaitlistEntry) -> Self:
        """The event of this entry, whose booking is known."""
        return cls(
            organization_id=entry.organization_id,
            entry_id=entry.id,
            booking_id=entry.booking_id,
            location_id=entry.booking.location_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistJoined(WaitlistEvent):
    """Somebody waits for a time."""

    name: ClassVar[str] = "waitlist.joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistLeft(WaitlistEvent):
    """They wait no longer: they or the business said so."""

    name: ClassVar[str] = "waitlist.left"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistClosed(WaitlistEvent):
    """The days for which they waited have passed."""

    name: ClassVar[str] = "waitlist.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistOfferEvent(WaitlistEvent):
    """Something about a time that was offered to somebody who waits."""

    name: ClassVar[str] = "waitlist.offer"

    offer_id: UUID
    hold_id: UUID
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, offer: WaitlistOffer) -> Self:
        """The event of this offer, whose hold, entry and booking are known."""
        return cls(
            organization_id=offer.organization_id,
            entry_id=offer.entry_id,
            booking_id=offer.entry.booking_id,
            location_id=offer.hold.location_id,
            offer_id=offer.id,
            hold_id=offer.hold_id,
            starts_at=offer.hold.starts_at,
            ends_at=offer.hold.ends_at,
            expires_at=offer.hold.expires_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistOffered(WaitlistOfferEvent):
    """A time is theirs to take until `expires_at`."""

    name: ClassVar[str] = "waitlist.offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistAccepted(WaitlistOfferEvent):
    """They took it."""

    name: ClassVar[str] = "waitlist.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistDeclined(WaitlistOfferEvent):
    """They would rather wait for another time."""

    name: ClassVar[str] = "waitlist.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistLapsed(WaitlistOfferEvent):
    """They did not answer in time."""

    name: ClassVar[str] = "waitlist.lapsed"
