"""Visits of several services, planned over what the database knows (DESIGN §5, seed 002)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple
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
from apps.availability.planner import MAX_LINES, Itinerary, Mode, Request, plan, possible_starts
from apps.availability.planning.free_time import NOTHING, Wanted, Worker
from apps.availability.types import BookingWindow, VisitNeed
from apps.content.models import BookingService
from apps.core.errors import InvalidInput
from apps.organizations.models import Organization, OrganizationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPlan:
    """How the services of a visit go together.

    `named` says by its place in the list (from 0) which service somebody in particular does, `by` names
    somebody who does all of it that they can; everything else is for anyone with the skills. A service that
    may be split goes on another day where one does not hold it.
    """

    services: Sequence[BookingService]
    mode: Mode = Mode.CHAIN
    max_gap: timedelta = NOTHING
    same_person: bool = False
    named: Mapping[int, UUID] | None = None
    by: UUID | None = None
    party: int = 1

    def request(self) -> Request:
        """As the planner wants it, `by` left aside. Raises InvalidInput."""
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
            may_split=service.may_split,
        )


class Start(NamedTuple):
    """A slot of somebody's at which a visit may begin. `date` is the location's."""

    slot_id: UUID
    resource_id: UUID
    date: date
    start_at: datetime
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that decides which visits fit between two dates, read at one moment.

    `workers` are all who could come into question, `names` theirs; `starts` are the slots within the dates
    that may be booked now, each moment with all its slots. `changes_at` is the first moment at which time
    alone, without anybody doing anything, may change the answer.
    """

    request: Request
    zone: ZoneInfo
    workers: Sequence[Worker]
    names: Mapping[UUID, str]
    starts: Mapping[datetime, Sequence[Start]]
    changes_at: datetime | None = None

    def itineraries(self) -> list[Itinerary]:
        """Of each start the best itinerary, best first."""
        return plan(self.request, self.workers, starts=self.starts, zone=self.zone)

    def possible(self) -> Iterator[datetime]:
        """The starts that have an itinerary, in order, found one by one."""
        return possible_starts(self.request, self.workers, starts=self.starts, zone=self.zone)

    def date_of(self, start: datetime) -> date:
        """The location's date to which a start counts."""
        return min(slot.date for slot in self.starts[start])


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
    board = read_board(
        policy=organization.policy, location=location, wanted=wanted, first=first, last=last, now=now
    )
    return board.itineraries()


def read_board(
    *,
    policy: OrganizationPolicy,
    location: Location,
    wanted: VisitPlan,
    first: date,
    last: date,
    now: datetime,
    ignoring: Collection[UUID] = (),
) -> Board:
    """Read what decides a plan, between two dates of the location (both included), in four queries at most.

    The events in `ignoring` are in nobody's way: those of a visit that is about to move. Raises InvalidInput.
    """
    request = wanted.request()
    window, zone = booking_window(policy, now=now), ZoneInfo(location.timezone)
    first, last = bookable_days(window, zone, first, last)
    resources = eligible_resources(location, VisitNeed()) if first <= last else []
    if not resources:
        return Board(request=request, zone=zone, workers=(), names={}, starts={})
    if wanted.by is not None:
        request = _done_by(wanted.by, request, resources)
    spare = {resource.id: buffers(VisitNeed(), resource, policy) for resource in resources}
    longest = _longest_buffer(request, spare.values())
    # The day before: its working time may run into the first day.
    days = first - timedelta(days=1), last + _reach(request, longest)
    slots = _slots(location, resources, days)
    working = working_by_resource(location, [resource.id for resource in resources], days)
    taken = taken_by_resource(resources, _span(days, zone, longest), now=now)
    if ignoring:
        taken = {who: [one for one in theirs if one.id not in ignoring] for who, theirs in taken.items()}
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
    starts: dict[datetime, list[Start]] = defaultdict(list)
    for slot in chain.from_iterable(slots.values()):
        if first <= slot.date <= last and window.allows(slot.start_at):
            starts[slot.start_at].append(slot)
    return Board(
        request=request,
        zone=zone,
        workers=workers,
        names={resource.id: resource.name for resource in resources},
        starts=starts,
        changes_at=min(_changes(window, now, chain.from_iterable(slots.values()), taken), default=None),
    )


def _done_by(who: UUID, request: Request, resources: Sequence[Resource]) -> Request:
    """The request with every line for one person that they can do; all of them if they can do none."""
    person = next((resource for resource in resources if resource.id == who), None)
    skills = _skills(person, request) if person else frozenset()
    theirs = [line.skills <= skills for line in request.lines]
    lines = (
        replace(line, resource_id=who) if can or not any(theirs) else line
        for line, can in zip(request.lines, theirs, strict=True)
    )
    return replace(request, lines=tuple(lines))


def _longest_buffer(request: Request, spare: Iterable[tuple[timedelta, timedelta]]) -> timedelta:
    return max(
        *chain.from_iterable(spare),
        *(line.buffer_before or NOTHING for line in request.lines),
        *(line.buffer_after or NOTHING for line in request.lines),
    )


def _span(days: tuple[date, date], zone: ZoneInfo, longest: timedelta) -> Period:
    return Period(midnight(days[0], zone) - longest, midnight(days[1] + timedelta(days=1), zone) + longest)


def _changes(
    window: BookingWindow, now: datetime, slots: Iterable[Start], taken: Mapping[UUID, Sequence[Taken]]
) -> Iterator[datetime]:
    """When holds end, and when starts come too near or into the horizon: the next of each."""
    notice, horizon = window.earliest - now, window.latest - now
    for start in (slot.start_at for slot in slots if slot.start_at >= window.earliest):
        # A start at exactly now + notice may still be booked.
        yield start - notice + timedelta.resolution if start <= window.latest else start - horizon
    yield from (one.expires_at for one in chain.from_iterable(taken.values()) if one.expires_at)


def _reach(request: Request, longest: timedelta) -> timedelta:
    """How many days after the date of its start a visit can still need anybody, generously."""
    lengths = (
        line.duration + 2 * longest + request.max_gap + (line.split_within if line.may_split else NOTHING)
        for line in request.lines
    )
    return days_after(sum(lengths, NOTHING))


def _slots(
    location: Location, resources: Sequence[Resource], days: tuple[date, date]
) -> Mapping[UUID, Sequence[Start]]:
    rows = (
        SlotInstance.objects.for_organization(location.organization_id)
        .filter(location=location, resource__in=resources, closed=False, date__range=days)
        .order_by("start_at")
        .values_list("id", "resource_id", "date", "start_at", "capacity")
    )
    found: dict[UUID, list[Start]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(Start(*row))
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
