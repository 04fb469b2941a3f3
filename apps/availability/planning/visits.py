"""Visits of several services, planned over what the database knows (DESIGN §5, seed 002)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.lanes import Period
from apps.availability.loading import (
    Taken,
    midnight,
    taken_by_resource,
    visits_by_day,
    working_by_resource,
)
from apps.availability.models import Location, Resource, ResourceKind, SlotInstance
from apps.availability.offering.offers import (
    bookable_days,
    booking_window,
    buffers,
    days_after,
    eligible_resources,
)
from apps.availability.planner import MAX_LINES, Itinerary, Mode, Request, plan
from apps.availability.planning.free_time import NOTHING, Wanted, Worker
from apps.availability.types import VisitNeed
from apps.content.models import BookingService
from apps.core.errors import InvalidInput
from apps.organizations.models import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPlan:
    """How the services of a visit go together.

    `named` says by its place in the list (from 0) which service somebody in particular does; all others are
    for anyone with the skills. `may_split` lets a service go on another day where one does not hold it.
    """

    services: Sequence[BookingService]
    mode: Mode = Mode.CHAIN
    max_gap: timedelta = NOTHING
    same_person: bool = False
    named: Mapping[int, UUID] | None = None
    party: int = 1
    may_split: bool = False

    def request(self) -> Request:
        """As the planner wants it. Raises InvalidInput."""
        if not 1 <= len(self.services) <= MAX_LINES:
            raise InvalidInput({"services": [f"Choose between one and {MAX_LINES} services."]})
        named = self.named or {}
        lines = (self._line(service, named.get(place)) for place, service in enumerate(self.services))
        return Request(lines=tuple(lines), mode=self.mode, max_gap=self.max_gap, same_person=self.same_person)

    def _line(self, service: BookingService, resource_id: UUID | None) -> Wanted:
        need = VisitNeed.of(service, party=self.party)
        return Wanted(
            duration=need.duration or NOTHING,
            skills=frozenset(need.skills),
            buffer_before=need.buffer_before,
            buffer_after=need.buffer_after,
            party=need.party,
            resource_id=resource_id,
            may_split=self.may_split,
        )


def plan_visits(
    *,
    organization: Organization,
    location: Location,
    wanted: VisitPlan,
    first: date,
    last: date,
    now: datetime,
) -> list[Itinerary]:
    """Of each start between two dates of the location (both included) the best itinerary, best first.

    Four queries whatever is asked, and one for the organization's policy where it has not been read. With one
    service the starts are those of `find_offers`; a later line of a chain may begin off its resource's grid.
    Times are UTC. Raises InvalidInput.
    """
    request = wanted.request()
    window, zone = booking_window(organization.policy, now=now), ZoneInfo(location.timezone)
    first, last = bookable_days(window, zone, first, last)
    resources = eligible_resources(location, VisitNeed()) if first <= last else []
    if not resources:
        return []
    spare = {resource.id: buffers(VisitNeed(), resource, organization.policy) for resource in resources}
    longest = max(
        *(buffer for pair in spare.values() for buffer in pair),
        *(line.buffer_before or NOTHING for line in request.lines),
        *(line.buffer_after or NOTHING for line in request.lines),
    )
    # The day before: its working time may run into the first day.
    days = first - timedelta(days=1), last + _reach(request, longest)
    slots = _slots(location, resources, days)
    working = working_by_resource(location, [resource.id for resource in resources], days)
    span = Period(midnight(days[0], zone) - longest, midnight(days[1] + timedelta(days=1), zone) + longest)
    taken = taken_by_resource(resources, span, now=now)
    workers = [
        replace(
            _worker(resource, request, taken.get(resource.id, ()), zone),
            working=working[resource.id],
            grid={slot.start_at: slot.capacity for slot in slots.get(resource.id, ())},
            buffer_before=spare[resource.id][0],
            buffer_after=spare[resource.id][1],
        )
        for resource in resources
    ]
    starts = {
        slot.start_at
        for slot in chain.from_iterable(slots.values())
        if first <= slot.date <= last and window.allows(slot.start_at)
    }
    return plan(request, workers, starts=starts, zone=zone)


def _reach(request: Request, longest: timedelta) -> timedelta:
    """How many days after the date of its start a visit can still need anybody, generously."""
    lengths = (
        line.duration + 2 * longest + request.max_gap + (line.split_within if line.may_split else NOTHING)
        for line in request.lines
    )
    return days_after(sum(lengths, NOTHING))


def _slots(
    location: Location, resources: Sequence[Resource], days: tuple[date, date]
) -> Mapping[UUID, Sequence[SlotInstance]]:
    rows = (
        SlotInstance.objects.for_organization(location.organization_id)
        .filter(location=location, resource__in=resources, closed=False, date__range=days)
        .only("resource_id", "date", "start_at", "capacity")
        .order_by("start_at")
    )
    found: dict[UUID, list[SlotInstance]] = defaultdict(list)
    for row in rows:
        found[row.resource_id].append(row)
    return found


def _worker(resource: Resource, request: Request, taken: Sequence[Taken], zone: ZoneInfo) -> Worker:
    """A resource with what takes its time, and no working time yet."""
    return Worker(
        id=resource.id,
        working=(),
        grid={},
        occupants=[one.as_occupant() for one in taken],
        skills=_skills(resource, request),
        capacity=resource.capacity,
        daily_cap=resource.daily_cap,
        visits=visits_by_day(taken, zone),
    )


def _skills(resource: Resource, request: Request) -> frozenset[str]:
    """What somebody can do. A pool has no skills: the location vouches for whatever it sells."""
    if resource.kind == ResourceKind.POOL:
        return frozenset(skill for line in request.lines for skill in line.skills)
    return frozenset(resource.skills)
