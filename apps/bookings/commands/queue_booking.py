"""The business takes down what somebody wants; when it will be is said later (seed 002)."""

from collections.abc import Sequence
from uuid import UUID

from apps.audit import log as audit
from apps.availability.queries import get_location
from apps.bookings import policies
from apps.bookings.customers.upsert import customer_of
from apps.bookings.events import BookingQueued
from apps.bookings.models import Booking
from apps.bookings.placing import queueing
from apps.bookings.placing.visits import services_named
from apps.bookings.subjects import subject_of_booking
from apps.bookings.types import BookingDetails, ServiceWanted
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish


@command("bookings.queue_booking")
def queue_booking(
    *,
    actor: Actor,
    location_id: UUID,
    services: Sequence[ServiceWanted],
    details: BookingDetails,
    party_size: int = 1,
) -> Booking:
    """A pending booking with lines and no time, for staff and secret keys (REQ-BOOK-6, seed 002).

    Nobody performs its lines yet: `resource_id` of a service is left aside. Raises StaffOnly, NotFound,
    MixedCurrencies.
    """
    policies.ensure_business_acts(actor.kind)
    location = get_location(actor.organization_id, location_id)
    found = services_named(actor.organization_id, {one.service_id for one in services})
    customer = customer_of(actor.organization_id, details)
    booking, lines = queueing.queue(
        customer=customer,
        location=location,
        wanted=services,
        services=found,
        party_size=party_size,
        details=details,
    )
    subject = subject_of_booking(booking, lines)
    new = {"status": booking.status, "reference": booking.reference}
    audit.record(actor, "bookings.booking.queued", subject=subject, new=new, at=app_now())
    publish(BookingQueued.about(booking, lines))
    return booking
