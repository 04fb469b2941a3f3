"""Bookings that have no time yet, and giving them one (seed 002): shared by the commands that do."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from apps.availability import occupancy
from apps.availability.models import CalendarEvent, EventType, Location
from apps.availability.planner import Mode
from apps.availability.planning.visits import VisitPlan
from apps.bookings import policies
from apps.bookings.ending import lock_booking
from apps.bookings.errors import MixedCurrencies
from apps.bookings.models import Booking, BookingLine, Customer
from apps.bookings.opening import total_of
from apps.bookings.placing.place import Locked, Visit, Way, place
from apps.bookings.placing.visits import PlannedVisit, Services
from apps.bookings.states import BookingStatus
from apps.bookings.types import BookingDetails, ServiceWanted
from apps.content.models import BookingService
from apps.core.errors import InvalidInput
from apps.organizations.models import OrganizationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a queued booking is to begin (UTC), and how its lines follow each other, in their order.

    `named` says which line (by its id) somebody in particular does.
    """

    start_at: datetime
    mode: Mode = Mode.CHAIN
    same_person: bool = False
    max_gap: timedelta = timedelta(0)
    named: dict[UUID, UUID] = field(default_factory=dict)


def queue(
    *,
    customer: Customer,
    location: Location,
    wanted: Sequence[ServiceWanted],
    services: Services,
    party_size: int,
    details: BookingDetails,
) -> tuple[Booking, list[BookingLine]]:
    """A pending booking of these services, whose prices and lengths freeze now. Raises MixedCurrencies."""
    chosen = [services[one.service_id] for one in wanted]
    currencies = sorted({service.currency for service in chosen})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies=currencies)
    booking = Booking(
        organization_id=location.organization_id,
        customer=customer,
        location=location,
        status=BookingStatus.PENDING,
        phone_digest=customer.phone_digest,
        party_size=party_size,
        currency=currencies[0],
    )
    lines = [
        BookingLine(
            organization_id=location.organization_id,
            booking=booking,
            service=service,
            title=service.title,
            base_duration_minutes=service.duration_minutes,
            price=service.price,
            custom_price=one.custom_price,
            sort_order=place,
        )
        for place, (one, service) in enumerate(zip(wanted, chosen, strict=True))
    ]
    booking.total_price = total_of(lines)
    booking.set_intake(details.intake())
    booking.save(force_insert=True)
    return booking, BookingLine.objects.bulk_create(lines)


def schedule(
    *,
    policy: OrganizationPolicy,
    booking: Booking,
    lines: Sequence[BookingLine],
    wanted: Schedule,
) -> Booking:
    """Put the lines of a queued booking on the calendars, each as long as it was when it was queued.

    The business may do so without the notice that it asks of customers. Returns the booking, locked. Raises
    SlotFull, SlotNotBookable, InvalidTransition, BookingHasTime, InvalidInput, NotFound.
    """
    visit = PlannedVisit(
        policy=policy,
        location=booking.location,
        start=wanted.start_at,
        plan=VisitPlan(
            services=[_as_it_was(line) for line in lines],
            mode=wanted.mode,
            same_person=wanted.same_person,
            max_gap=wanted.max_gap,
            named=_named(lines, wanted.named),
            party=booking.party_size,
        ),
        any_notice=True,
    )

    def write(_visit: Visit, way: Way, locked: Locked, *, now: datetime) -> Booking:
        return _take(booking, lines, way, locked, now=now)

    (scheduled,) = place(booking.organization_id, [visit], write)
    return scheduled


def _as_it_was(line: BookingLine) -> BookingService:
    """The line's service, with the length that the line has frozen."""
    if line.service is None:
        raise InvalidInput({"services": ["Only services can be scheduled."]})
    service = copy(line.service)
    service.duration_minutes = line.base_duration_minutes
    return service


def _named(lines: Sequence[BookingLine], named: dict[UUID, UUID]) -> dict[int, UUID]:
    places = {line.id: place for place, line in enumerate(lines)}
    if named.keys() - places.keys():
        raise InvalidInput({"named": ["This booking has no such line."]})
    return {places[line_id]: resource_id for line_id, resource_id in named.items()}


def _take(
    found: Booking, lines: Sequence[BookingLine], way: Way, locked: Locked, *, now: datetime
) -> Booking:
    booking = lock_booking(found.organization_id, found.id)
    policies.ensure_schedulable(status=booking.status, starts_at=booking.starts_at)
    for part in way.parts:
        occupancy.take(
            locked[part.resource_id],
            part.claim,
            now=now,
            event=CalendarEvent(
                organization_id=booking.organization_id,
                type=EventType.CUSTOMER,
                booking=booking,
                customer_id=booking.customer_id,
                line=lines[part.line],
                slot_id=part.slot_id,
            ),
        )
    for place_of, line in enumerate(lines):
        line.resource = locked[way.resource_of(place_of)]
    BookingLine.objects.for_organization(booking.organization_id).bulk_update(lines, ["resource"])
    booking.starts_at, booking.ends_at = way.starts_at, way.ends_at
    booking.slot_id = way.parts[0].slot_id
    booking.version += 1
    booking.save(update_fields=["starts_at", "ends_at", "slot", "version", "updated_at"])
    return booking
