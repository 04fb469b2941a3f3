"""Moving a booking to another time: shared by the commands that do.

Its own time counts as free while the new one is looked for, so a visit can be moved by half an hour.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.availability import occupancy
from apps.availability.errors import SlotFull, SlotNotBookable
from apps.availability.models import CalendarEvent, EventType
from apps.availability.planning.visits import VisitPlan
from apps.bookings.ending import lock_booking
from apps.bookings.locking import lock_events
from apps.bookings.models import Booking, BookingLine
from apps.bookings.placing.place import Locked, Visit, Way, place
from apps.bookings.placing.visits import PlannedVisit
from apps.content.models import BookingService
from apps.core.errors import StaleVersion
from apps.organizations.models import OrganizationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTime:
    """When a visit is to begin instead (UTC), and who is to do all of it that they can, if that matters."""

    start_at: datetime
    resource_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BookedTime:
    """A booking with its lines, and the events by which it occupies time: read without a lock."""

    booking: Booking
    lines: Sequence[BookingLine]
    event_ids: frozenset[UUID]
    resource_ids: frozenset[UUID]

    @classmethod
    def of(cls, booking: Booking, lines: Sequence[BookingLine]) -> "BookedTime":
        """As the database has it now."""
        events = list(
            CalendarEvent.objects.for_organization(booking.organization_id)
            .filter(booking=booking, active=True)
            .values_list("id", "resource_id")
        )
        return cls(
            booking=booking,
            lines=lines,
            event_ids=frozenset(event_id for event_id, _ in events),
            resource_ids=frozenset(resource_id for _, resource_id in events if resource_id is not None),
        )

    def plan(self, *, by: UUID | None = None, named: dict[int, UUID] | None = None) -> VisitPlan:
        """The same services once more, each as long as it was when it was booked."""
        return VisitPlan(
            services=[as_it_was(line) for line in self.lines],
            by=by,
            named=named,
            party=self.booking.party_size,
        )

    def same_people(self) -> dict[int, UUID]:
        """Who does which line now."""
        return {
            place_of: line.resource_id
            for place_of, line in enumerate(self.lines)
            if line.resource_id is not None
        }


def as_it_was(line: BookingLine) -> BookingService:
    """The line's service with the length that the line has frozen; a nameless one for a bare slot."""
    service = copy(line.service) if line.service is not None else BookingService(title=line.title)
    service.duration_minutes = line.base_duration_minutes
    return service


class MovedVisit(PlannedVisit):
    """A booked visit at another start. Whoever has it now is locked, too: their time becomes free."""

    def __init__(
        self, *, policy: OrganizationPolicy, booked: BookedTime, start: datetime, plan: VisitPlan
    ) -> None:
        super().__init__(
            policy=policy,
            location=booked.booking.location,
            start=start,
            plan=plan,
            ignoring=booked.event_ids,
        )
        self._own = set(booked.resource_ids)

    def crowds(self) -> Iterator[set[UUID]]:
        """As those of any plan, with the booking's own people."""
        for crowd in super().crowds():
            yield crowd | self._own

    def everybody(self) -> set[UUID]:
        """As of any plan, with the booking's own people."""
        return super().everybody() | self._own


def move(*, policy: OrganizationPolicy, booked: BookedTime, wanted: NewTime) -> Booking:
    """Give a booking its new time, with the same people where that works; returns it, locked.

    Old and new time change hands in one transaction: where the new one is not to be had, the old one stays.
    Raises SlotFull, SlotNotBookable, StaleVersion where somebody moved it meanwhile, NotFound.
    """

    def write(_visit: Visit, way: Way, locked: Locked, *, now: datetime) -> Booking:
        return _change_hands(booked, way, locked, now=now)

    plans = [booked.plan(by=wanted.resource_id)]
    if wanted.resource_id is None:
        plans.insert(0, booked.plan(named=booked.same_people()))
    refusal: SlotFull | SlotNotBookable = SlotNotBookable()
    for plan in plans:
        visit = MovedVisit(policy=policy, booked=booked, start=wanted.start_at, plan=plan)
        try:
            (moved,) = place(booked.booking.organization_id, [visit], write)
        except (SlotFull, SlotNotBookable) as error:
            refusal = error
            continue
        return moved
    raise refusal


def _change_hands(booked: BookedTime, way: Way, locked: Locked, *, now: datetime) -> Booking:
    booking = lock_booking(booked.booking.organization_id, booked.booking.id)
    events = lock_events(booking)
    if booking.version != booked.booking.version or {event.id for event in events} != booked.event_ids:
        raise StaleVersion(current_version=booking.version)
    _give_up(booking, events)
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
                line=booked.lines[part.line],
                slot_id=part.slot_id,
            ),
        )
    for place_of, line in enumerate(booked.lines):
        line.resource = locked[way.resource_of(place_of)]
    BookingLine.objects.for_organization(booking.organization_id).bulk_update(booked.lines, ["resource"])
    booking.starts_at, booking.ends_at = way.starts_at, way.ends_at
    booking.slot_id = way.parts[0].slot_id
    booking.version += 1
    booking.save(update_fields=["starts_at", "ends_at", "slot", "version", "updated_at"])
    return booking


def _give_up(booking: Booking, events: Sequence[CalendarEvent]) -> None:
    """Free the old time. Its events stay as history, and are no longer when the lines happen."""
    occupancy.free(events)
    CalendarEvent.objects.for_organization(booking.organization_id).filter(
        id__in=[event.id for event in events]
    ).update(line=None)
