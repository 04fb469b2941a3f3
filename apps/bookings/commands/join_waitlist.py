"""Nothing is free: somebody waits for a time."""

from datetime import date
from zoneinfo import ZoneInfo

from apps.audit import log as audit
from apps.availability.models import Resource
from apps.availability.queries import get_location
from apps.bookings.customers.upsert import upsert_customer
from apps.bookings.models import Booking, BookingLine, Customer, ManageToken, WaitlistEntry
from apps.bookings.opening import total_of
from apps.bookings.placing.visits import ensure_one_currency, services_named
from apps.bookings.self_service.links import new_link
from apps.bookings.states import BookingStatus
from apps.bookings.subjects import subject_of_booking
from apps.bookings.types import BookingDetails
from apps.bookings.waitlist.errors import AlreadyWaiting, WaitlistNotOpen
from apps.bookings.waitlist.events import WaitlistJoined
from apps.bookings.waitlist.line import LIVE_ENTRIES, Wish
from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy


@command("bookings.join_waitlist")
def join_waitlist(
    *, actor: Actor, policy: OrganizationPolicy, wish: Wish, details: BookingDetails
) -> tuple[Booking, ManageToken]:
    """Put a customer on the waitlist: a booking without a time, at the end of the line (REQ-WAIT-1).

    Prices and lengths are noted as they are now, and freeze with an offer. Returns the booking and the link
    to it. Raises WaitlistNotOpen, AlreadyWaiting, NotFound, InvalidInput, MixedCurrencies.
    """
    if not policy.waitlist_open:
        raise WaitlistNotOpen
    now = app_now()
    location = get_location(actor.organization_id, wish.location_id)
    today: date = now.astimezone(ZoneInfo(location.timezone)).date()
    wish.ensure_possible(today=today)
    _ensure_works_there(actor, wish)
    known = services_named(actor.organization_id, set(wish.service_ids))
    services = [known[service_id] for service_id in wish.service_ids]
    ensure_one_currency(services)

    customer = upsert_customer(
        actor.organization_id, details.customer, preferences=details.preferences, user_id=details.user_id
    )
    fingerprint = wish.fingerprint(customer.id)
    live = WaitlistEntry.objects.for_organization(actor.organization_id).filter(status__in=LIVE_ENTRIES)
    if live.filter(fingerprint=fingerprint).exists():
        raise AlreadyWaiting

    booking = _waitlisted(actor, wish, customer, details, services)
    entry = WaitlistEntry.objects.create(
        organization_id=actor.organization_id,
        booking=booking,
        first_date=wish.first_date,
        last_date=wish.last_date,
        earliest_time=wish.earliest,
        latest_time=wish.latest,
        resource_id=wish.resource_id,
        fingerprint=fingerprint,
    )
    link = new_link(booking)
    audit.record(
        actor,
        "bookings.waitlist.joined",
        subject=subject_of_booking(booking, ()),
        new={"status": booking.status, "reference": booking.reference},
        at=now,
    )
    publish(WaitlistJoined.about(entry))
    return booking, link


def _ensure_works_there(actor: Actor, wish: Wish) -> None:
    if wish.resource_id is None:
        return
    there = Resource.objects.for_organization(actor.organization_id).in_service()
    if not there.filter(id=wish.resource_id, location_id=wish.location_id).exists():
        raise NotFound("There is no such person at this location.")


def _waitlisted(
    actor: Actor, wish: Wish, customer: Customer, details: BookingDetails, services: list[BookingService]
) -> Booking:
    """The booking, whose lines have neither time nor anybody who does them."""
    booking = Booking(
        organization_id=actor.organization_id,
        customer=customer,
        location_id=wish.location_id,
        status=BookingStatus.WAITLISTED,
        phone_digest=customer.phone_digest,
        party_size=wish.party_size,
        currency=services[0].currency,
        session_id=actor.session_id,
        user_id=details.user_id,
    )
    lines = [
        BookingLine(
            organization_id=actor.organization_id,
            booking=booking,
            service=service,
            title=service.title,
            base_duration_minutes=service.duration_minutes,
            price=service.price,
            sort_order=place,
        )
        for place, service in enumerate(services)
    ]
    booking.total_price = total_of(lines)
    booking.set_intake(details.intake())
    booking.save(force_insert=True)
    BookingLine.objects.bulk_create(lines)
    return booking
