"""Reads for the API, the commands and the admin."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.availability.lanes import Period
from apps.availability.models import CalendarEvent
from apps.bookings.models import Booking, BookingLine, Hold
from apps.core.actors import Actor, ActorKind
from apps.core.errors import NotFound
from apps.core.kept_queries import KeptQuery


def get_hold(actor: Actor, hold_id: UUID) -> Hold:
    """A hold of the actor's organization, and of their own session if they are a visitor. Raises NotFound."""
    holds = Hold.objects.for_organization(actor.organization_id).select_related("location")
    if actor.kind is ActorKind.SESSION:
        holds = holds.filter(session_id=actor.session_id)
    hold = holds.filter(id=hold_id).first()
    if hold is None:
        raise NotFound("There is no such hold.")
    return hold


BOOKING = KeptQuery(
    lambda organization_id, booking_id: (
        Booking.objects.for_organization(organization_id)
        .filter(id=booking_id)
        .select_related("location", "customer", "organization__policy")
    )
)
LINES_OF_BOOKING = KeptQuery(
    lambda organization_id, booking_id: (
        BookingLine.objects.for_organization(organization_id)
        .filter(booking_id=booking_id)
        .select_related("service", "resource")
        .order_by("sort_order")
    )
)
LINES_OF_HOLDS = KeptQuery(
    lambda organization_id, hold_ids: (
        BookingLine.objects.for_organization(organization_id)
        .filter(hold_id__in=hold_ids)
        .select_related("service", "resource")
        .order_by("sort_order")
    )
)


def foresee_booking(actor: Actor, booking_id: UUID) -> None:
    """Read a booking and its lines with what is sent next."""
    BOOKING.foresee(actor.organization_id, booking_id)
    LINES_OF_BOOKING.foresee(actor.organization_id, booking_id)


def get_booking(actor: Actor, booking_id: UUID) -> Booking:
    """A booking of the actor's organization, and of their own session if they are a visitor.

    Raises NotFound.
    """
    booking = next(iter(BOOKING(actor.organization_id, booking_id)), None)
    if booking is None or (actor.kind is ActorKind.SESSION and booking.session_id != actor.session_id):
        raise NotFound("There is no such booking.")
    return booking


@dataclass(frozen=True, slots=True)
class LineInTime:
    """A line of a visit and when it happens (UTC): one period, or one for each day that it is split over.

    None for a line that has no time yet.
    """

    line: BookingLine
    periods: Sequence[Period]


def hold_ids_of(booking: Booking) -> list[UUID]:
    """The holds that a booking stands on."""
    holds = Hold.objects.for_organization(booking.organization_id).filter(booking=booking)
    return list(holds.order_by("id").values_list("id", flat=True))


def hold_ids_of_lines(lines: Iterable[BookingLine]) -> set[UUID]:
    """The holds that these lines were held by."""
    return {line.hold_id for line in lines if line.hold_id is not None}


def hold_expires_at(booking: Booking) -> datetime | None:
    """Until when a held booking is held."""
    holds = Hold.objects.for_organization(booking.organization_id).filter(booking=booking).active()
    return holds.order_by("expires_at").values_list("expires_at", flat=True).first()


def lines_of_booking(booking: Booking) -> list[BookingLine]:
    """The lines of a booking in their order, with service and resource."""
    return LINES_OF_BOOKING(booking.organization_id, booking.id)


def lines_of_holds(organization_id: UUID, hold_ids: Collection[UUID]) -> list[BookingLine]:
    """The lines of these holds in their order, with service and resource."""
    return LINES_OF_HOLDS(organization_id, list(hold_ids))


def resource_ids_of(lines: Iterable[BookingLine]) -> set[UUID]:
    """Whose time these lines take."""
    return {line.resource_id for line in lines if line.resource_id is not None}


def lines_in_time(lines: Iterable[BookingLine], events: Iterable[CalendarEvent]) -> list[LineInTime]:
    """When each of these lines happens, by the events that were read with them."""
    periods: dict[UUID | None, list[Period]] = defaultdict(list)
    for event in sorted(events, key=lambda event: event.starts_at):
        periods[event.line_id].append(Period(event.starts_at, event.ends_at))
    return [LineInTime(line, periods[line.id]) for line in lines]


def hold_in_time(hold: Hold) -> Sequence[LineInTime]:
    """The lines of a hold, and when they happen."""
    if hold.known_lines is not None:
        return hold.known_lines
    return in_time(hold.organization_id, lines_of_holds(hold.organization_id, [hold.id]))


def booking_in_time(booking: Booking) -> tuple[Sequence[LineInTime], datetime | None]:
    """The lines of a booking and when they happen; and until when it is held, if it is."""
    if booking.known_lines is not None:
        return booking.known_lines, booking.known_until
    return in_time(booking.organization_id, lines_of_booking(booking)), hold_expires_at(booking)


def in_time(organization_id: UUID, lines: Sequence[BookingLine]) -> list[LineInTime]:
    """When each of these lines happens; of one that has been given up, when it would have."""
    periods: dict[UUID | None, list[Period]] = defaultdict(list)
    events = (
        CalendarEvent.objects.for_organization(organization_id)
        .filter(line__in=lines)
        .order_by("starts_at")
        .values_list("line_id", "starts_at", "ends_at")
    )
    for line_id, starts_at, ends_at in events:
        periods[line_id].append(Period(starts_at, ends_at))
    return [LineInTime(line, periods[line.id]) for line in lines]
