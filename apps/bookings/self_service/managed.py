"""What the holder of a link sees of their booking, and can do about it (seed 004). Times are UTC."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from apps.availability.planning.visits import Board, read_board
from apps.bookings.errors import BookingHasNoTime
from apps.bookings.models import Booking, Order, WaitlistEntry, WaitlistOffer
from apps.bookings.placing.moving import BookedTime
from apps.bookings.queries import LineInTime, in_time, lines_of_booking
from apps.bookings.self_service import terms as self_service
from apps.bookings.states import BookingStatus, OfferStatus, OrderStatus
from apps.flows.models import SchedulerConfig
from apps.organizations.models import OrganizationPolicy

CHANGEABLE = frozenset({BookingStatus.CONFIRMED, BookingStatus.PENDING})


@dataclass(frozen=True, slots=True)
class Possibility:
    """Whether something can be done now, from when and until when, and if not, why in a word."""

    possible: bool
    why_not: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ManagedBooking:
    """A booking as its customer sees it."""

    booking: Booking
    lines: Sequence[LineInTime]
    cancel: Possibility
    reschedule: Possibility
    check_in: Possibility
    waiting: "Waiting | None"
    order: Order | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody waits for, and the offer that they can answer at the moment."""

    entry: WaitlistEntry
    offer: WaitlistOffer | None


def managed(booking: Booking, *, now: datetime) -> ManagedBooking:
    """Everything about a booking for the page that its link leads to."""
    policy = booking.organization.policy
    lines = lines_of_booking(booking)
    services = [line.service for line in lines]
    return ManagedBooking(
        booking=booking,
        lines=in_time(booking.organization_id, lines),
        cancel=_change(booking, self_service.cancel_terms(policy, services), now=now),
        reschedule=_reschedule(booking, self_service.reschedule_terms(policy, services), now=now),
        check_in=_check_in(booking, policy, now=now),
        waiting=_waiting(booking, now=now),
        order=_order_of(booking),
    )


def _change(booking: Booking, terms: self_service.Terms, *, now: datetime) -> Possibility:
    until = terms.until(booking.starts_at)
    if booking.status not in CHANGEABLE:
        return Possibility(possible=False, why_not="status")
    if not terms.online:
        return Possibility(possible=False, why_not="not_online")
    possible = terms.allow(booking.starts_at, now=now)
    return Possibility(possible=possible, why_not="" if possible else "too_late", until=until)


def _reschedule(booking: Booking, terms: self_service.Terms, *, now: datetime) -> Possibility:
    if booking.starts_at is None:
        return Possibility(possible=False, why_not="status")
    return _change(booking, terms, now=now)


def _check_in(booking: Booking, policy: OrganizationPolicy, *, now: datetime) -> Possibility:
    if booking.status != BookingStatus.CONFIRMED or booking.starts_at is None or booking.ends_at is None:
        return Possibility(possible=False, why_not="status")
    opens = self_service.check_in_opens_at(policy, booking.starts_at)
    if now < opens:
        return Possibility(possible=False, why_not="too_early", since=opens, until=booking.ends_at)
    over = now >= booking.ends_at
    return Possibility(
        possible=not over, why_not="too_late" if over else "", since=opens, until=booking.ends_at
    )


def _order_of(booking: Booking) -> Order | None:
    orders = Order.objects.for_organization(booking.organization_id).exclude(status=OrderStatus.VOID)
    return orders.filter(items__booking=booking).order_by("-created_at").first()


def _waiting(booking: Booking, *, now: datetime) -> Waiting | None:
    if booking.status != BookingStatus.WAITLISTED:
        return None
    entry = WaitlistEntry.objects.for_organization(booking.organization_id).get(booking=booking)
    offers = WaitlistOffer.objects.for_organization(booking.organization_id)
    open_now = offers.filter(entry=entry, status=OfferStatus.OPEN, hold__expires_at__gt=now)
    return Waiting(entry, open_now.first())


def appearance_of(booking: Booking) -> SchedulerConfig | None:
    """The widget that gives the page its look: the organization's default one, else its oldest."""
    configs = SchedulerConfig.objects.for_organization(booking.organization_id).select_related("brand_kit")
    return configs.order_by("-is_default", "id").first()


def days_to_move_to(
    booking: Booking, *, first: date, last: date, now: datetime, resource_id: UUID | None = None
) -> Mapping[date, int]:
    """How many starts each of the location's dates has to which the visit could move; those with any."""
    board = _board(booking, first=first, last=last, now=now, resource_id=resource_id)
    return Counter(board.date_of(start) for start in board.possible())


@dataclass(frozen=True, slots=True)
class NewStart:
    """A time to which a visit could move, and by whom its lines would be done, in their order."""

    start_at: datetime
    end_at: datetime
    people: Sequence[str]


def times_to_move_to(
    booking: Booking, *, day: date, now: datetime, resource_id: UUID | None = None
) -> list[NewStart]:
    """The starts of a date (the location's) to which the visit could move, in order of time."""
    board = _board(booking, first=day, last=day, now=now, resource_id=resource_id)
    return [
        NewStart(
            start_at=itinerary.start,
            end_at=itinerary.end,
            people=list(dict.fromkeys(board.names[segment.resource_id] for segment in itinerary.segments)),
        )
        for itinerary in sorted(board.itineraries(), key=lambda one: one.start)
        if itinerary.start != booking.starts_at
    ]


def _board(booking: Booking, *, first: date, last: date, now: datetime, resource_id: UUID | None) -> Board:
    """What decides to where the visit could move: its own time counts as free."""
    if booking.starts_at is None:
        raise BookingHasNoTime
    booked = BookedTime.of(booking, lines_of_booking(booking))
    board = read_board(
        policy=booking.organization.policy,
        location=booking.location,
        wanted=booked.plan(by=resource_id),
        first=first,
        last=last,
        now=now,
        ignoring=booked.event_ids,
    )
    return replace(
        board, starts={start: slots for start, slots in board.starts.items() if start != booking.starts_at}
    )
