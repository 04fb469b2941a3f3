"""Reads for the API, the commands and the admin."""

from datetime import datetime
from uuid import UUID

from apps.availability import queries as availability
from apps.availability.types import Offer, VisitNeed
from apps.bookings.models import Booking, Hold
from apps.bookings.types import TimeWanted
from apps.content.models import BookingService
from apps.core.actors import Actor, ActorKind
from apps.core.errors import NotFound
from apps.organizations.models import OrganizationPolicy


def get_hold(actor: Actor, hold_id: UUID) -> Hold:
    """A hold of the actor's organization, and of their own session if they are a visitor. Raises NotFound."""
    holds = Hold.objects.for_organization(actor.organization_id).select_related("location", "resource")
    if actor.kind is ActorKind.SESSION:
        holds = holds.filter(session_id=actor.session_id)
    hold = holds.filter(id=hold_id).first()
    if hold is None:
        raise NotFound("There is no such hold.")
    return hold


def get_booking(actor: Actor, booking_id: UUID) -> Booking:
    """A booking of the actor's organization, and of their own session if they are a visitor.

    Raises NotFound.
    """
    bookings = Booking.objects.for_organization(actor.organization_id).select_related("location", "customer")
    if actor.kind is ActorKind.SESSION:
        bookings = bookings.filter(session_id=actor.session_id)
    booking = bookings.filter(id=booking_id).first()
    if booking is None:
        raise NotFound("There is no such booking.")
    return booking


def holds_of(booking: Booking) -> list[Hold]:
    """The holds that a booking stands on, in the order of its lines."""
    return list(
        Hold.objects.for_organization(booking.organization_id)
        .filter(booking=booking)
        .select_related("location", "resource", "service")
        .order_by("id")
    )


def alternatives_to(
    organization_id: UUID, policy: OrganizationPolicy, wanted: TimeWanted, *, now: datetime
) -> list[Offer]:
    """Up to three free times near the wanted one, for the same service at the same location."""
    service = (
        BookingService.objects.for_organization(organization_id).filter(id=wanted.service_id).first()
        if wanted.service_id
        else None
    )
    if wanted.slot_id is not None:
        slot = availability.get_slot(organization_id, wanted.slot_id)
        location, start_at = slot.location, slot.start_at
    elif wanted.location_id is not None and wanted.start_at is not None:
        location, start_at = availability.get_location(organization_id, wanted.location_id), wanted.start_at
    else:
        return []
    return availability.alternatives(
        location=location,
        policy=policy,
        need=VisitNeed.of(service, party=wanted.party_size),
        start_at=start_at,
        now=now,
        resource_id=wanted.resource_id,
    )
