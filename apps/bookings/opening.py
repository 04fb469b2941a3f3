"""Opening a booking on a hold: shared by the commands that do. They hold the locks."""

from datetime import datetime
from uuid import UUID

from apps.audit import log as audit
from apps.bookings.errors import SelectionMismatch
from apps.bookings.events import BookingCreated
from apps.bookings.models import Booking, BookingLine, Customer, Hold
from apps.bookings.states import BookingStatus
from apps.bookings.subjects import subject_of_booking
from apps.bookings.types import BookingDetails
from apps.core.actors import Actor
from apps.core.outbox import publish
from apps.flows.queries import walk_selection


def open_booking(
    *, actor: Actor, hold: Hold, customer: Customer, details: BookingDetails, now: datetime
) -> Booking:
    """Put a held booking with one line on a locked, live hold. Raises AlreadyBooked, SelectionMismatch."""
    booking = Booking(
        organization_id=actor.organization_id,
        customer=customer,
        location=hold.location,
        status=BookingStatus.HELD,
        slot=hold.slot,
        phone_digest=customer.phone_digest,
        party_size=hold.party_size,
        total_price=hold.price,
        currency=hold.currency,
        session_id=actor.session_id,
        selection=checked_selection(actor.organization_id, hold, details),
    )
    booking.set_intake(details.intake())
    booking.save(force_insert=True)
    BookingLine.objects.create(
        organization_id=actor.organization_id,
        booking=booking,
        service=hold.service,
        resource=hold.resource,
        title=hold.title,
        base_duration_minutes=hold.duration_minutes,
        price=hold.price,
    )
    hold.booking = booking
    hold.save(update_fields=["booking", "updated_at"])
    audit.record(
        actor,
        "bookings.booking.held",
        subject=subject_of_booking(booking, [hold]),
        new={"status": booking.status, "reference": booking.reference},
        at=now,
    )
    publish(BookingCreated.about(booking, hold))
    return booking


def checked_selection(organization_id: UUID, hold: Hold, details: BookingDetails) -> dict[str, object]:
    """The visitor's path, walked again by the server: it must lead to the service that is held.

    Raises SelectionMismatch, and what walking an impossible path raises.
    """
    selection = details.selection
    if selection is None:
        return {}
    service_id = walk_selection(
        flow_version_id=selection.flow_version_id,
        organization_id=organization_id,
        node_ids=selection.node_ids,
    )
    if service_id != hold.service_id:
        raise SelectionMismatch
    return {
        "flow_version_id": str(selection.flow_version_id),
        "node_ids": [str(node_id) for node_id in selection.node_ids],
    }
