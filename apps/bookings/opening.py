"""Opening a booking on a hold: shared by the commands that do. They hold the locks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.audit import log as audit
from apps.bookings.ending import HeldVisit
from apps.bookings.errors import SelectionMismatch
from apps.bookings.events import BookingCreated
from apps.bookings.models import Booking, BookingLine, Customer
from apps.bookings.queries import lines_in_time
from apps.bookings.states import BookingStatus
from apps.bookings.subjects import subject_of_booking
from apps.bookings.types import BookingDetails
from apps.core.actors import Actor
from apps.core.outbox import publish
from apps.core.writing import insert, waits
from apps.flows.queries import walk_selection


def open_booking(
    *, actor: Actor, held: HeldVisit, customer: Customer, details: BookingDetails, now: datetime
) -> Booking:
    """Put a held booking on a locked, live hold, whose lines become its own.

    Raises AlreadyBooked, SelectionMismatch.
    """
    hold = held.hold
    booking = Booking(
        organization_id=actor.organization_id,
        customer=customer,
        location=hold.location,
        status=BookingStatus.HELD,
        slot_id=hold.slot_id,
        phone_digest=customer.phone_digest,
        party_size=hold.party_size,
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        total_price=total_of(held.lines),
        currency=hold.currency,
        session_id=hold.session_id,
        user_id=details.user_id,
        selection=checked_selection(actor.organization_id, held.lines, details),
    )
    booking.set_intake(details.intake())
    insert(booking)
    adopt_lines(booking, held.lines)
    hold.booking = booking
    if not waits(hold):
        hold.save(update_fields=["booking", "updated_at"])
    booking.known_lines, booking.known_at = lines_in_time(held.lines, held.events), now
    booking.known_until = hold.expires_at
    audit.record(
        actor,
        "bookings.booking.held",
        subject=subject_of_booking(booking, held.lines),
        new={"status": booking.status, "reference": booking.reference},
        at=now,
    )
    publish(BookingCreated.about(booking, held.lines))
    return booking


def adopt_lines(booking: Booking, lines: Sequence[BookingLine]) -> None:
    """Make the lines of a hold its booking's."""
    for line in lines:
        line.booking = booking
    written = [line for line in lines if not waits(line)]
    if written:
        BookingLine.objects.for_organization(booking.organization_id).bulk_update(written, ["booking"])


def total_of(lines: Iterable[BookingLine]) -> Decimal | None:
    """What the lines cost together; None where one of them is quoted on site."""
    amounts = [line.amount for line in lines]
    return sum(filter(None, amounts), Decimal(0)) if None not in amounts else None


def checked_selection(
    organization_id: UUID, lines: Iterable[BookingLine], details: BookingDetails
) -> dict[str, object]:
    """The visitor's path, walked again by the server: it must lead to a service that is held.

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
    if service_id not in {line.service_id for line in lines}:
        raise SelectionMismatch
    return {
        "flow_version_id": str(selection.flow_version_id),
        "node_ids": [str(node_id) for node_id in selection.node_ids],
    }
