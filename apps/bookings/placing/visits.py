"""What a wanted visit can become: one slot of somebody's, or a planned itinerary (DESIGN §5)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability import occupancy, queries
from apps.availability.errors import SlotFull, SlotNotBookable
from apps.availability.models import Location, Resource, ResourceKind, SlotInstance
from apps.availability.offering.offers import booking_window, buffers
from apps.availability.planner import Itinerary
from apps.availability.planning.free_time import Segment
from apps.availability.planning.visits import Board, VisitPlan, read_board
from apps.availability.types import VisitNeed
from apps.bookings.errors import MixedCurrencies
from apps.bookings.placing.place import GUESSES, Locked, Part, Visit, Way
from apps.bookings.types import TimeWanted, VisitWanted, Wanted
from apps.content.models import BookingService
from apps.core.clock import app_now
from apps.core.errors import DomainError, InvalidInput, NotFound
from apps.core.kept_queries import KeptQuery
from apps.organizations.models import OrganizationPolicy

Services = Mapping[UUID, BookingService]


def visits_of(organization_id: UUID, policy: OrganizationPolicy, wanted: Sequence[Wanted]) -> list[Visit]:
    """What can be placed for these wishes; of several a refusal says in `visit` which one, counted from 0.

    Raises NotFound, InvalidInput, MixedCurrencies, SlotNotBookable.
    """
    services = services_of(organization_id, wanted)
    visits = []
    for index, one in enumerate(wanted):
        try:
            visits.append(_visit_of(organization_id, policy, one, services))
        except DomainError as error:
            if len(wanted) > 1:
                error.data["visit"] = index
            raise
    return visits


def foresee_visits(organization_id: UUID, wanted: Sequence[Wanted]) -> None:
    """Ask ahead what `visits_of` will want to know."""
    SERVICES.foresee(organization_id, sorted({id_ for one in wanted for id_ in _service_ids(one)}))
    for one in wanted:
        if isinstance(one, TimeWanted) and one.slot_id is not None:
            queries.SLOT.foresee(organization_id, one.slot_id)


def services_of(organization_id: UUID, wanted: Sequence[Wanted]) -> Services:
    """All services that are asked for, in one query. Raises NotFound."""
    return services_named(organization_id, {id_ for one in wanted for id_ in _service_ids(one)})


SERVICES = KeptQuery(
    lambda organization_id, ids: (
        BookingService.objects.for_organization(organization_id).active().filter(id__in=ids)
    )
)


def services_named(organization_id: UUID, ids: Collection[UUID]) -> Services:
    """Active services by their ids. Raises NotFound."""
    if not ids:
        return {}
    found = {service.id: service for service in SERVICES(organization_id, sorted(ids))}
    if found.keys() != set(ids):
        raise NotFound("There is no such service.")
    return found


def _service_ids(wanted: Wanted) -> list[UUID]:
    if isinstance(wanted, VisitWanted):
        return [service.service_id for service in wanted.services]
    return [] if wanted.service_id is None else [wanted.service_id]


def _visit_of(organization_id: UUID, policy: OrganizationPolicy, wanted: Wanted, services: Services) -> Visit:
    if isinstance(wanted, TimeWanted):
        service = None if wanted.service_id is None else services[wanted.service_id]
        visit = SlotVisit(organization_id, policy, wanted, service)
        # What may go over several days is for the planner to say.
        return visit if service is None or not service.may_split else visit.as_planned()
    return PlannedVisit(
        policy=policy,
        location=queries.get_location(organization_id, wanted.location_id),
        start=wanted.start_at,
        plan=plan_of(wanted, services),
    )


def plan_of(wanted: VisitWanted, services: Services) -> VisitPlan:
    """A wish as the planner takes it."""
    return VisitPlan(
        services=[services[one.service_id] for one in wanted.services],
        mode=wanted.mode,
        max_gap=wanted.max_gap,
        same_person=wanted.same_person,
        named={
            place: one.resource_id for place, one in enumerate(wanted.services) if one.resource_id is not None
        },
        party=wanted.party_size,
    )


class SlotVisit(Visit):
    """One service, or none, at a slot: a named one, or any that starts then."""

    def __init__(
        self,
        organization_id: UUID,
        policy: OrganizationPolicy,
        wanted: TimeWanted,
        service: BookingService | None,
    ) -> None:
        """Read which slots would do, unlocked. Raises NotFound, InvalidInput, SlotNotBookable."""
        self.services = [service]
        self.party = wanted.party_size
        self._policy = policy
        self._need = VisitNeed.of(service, party=wanted.party_size)
        self._slots = self._find(organization_id, wanted)
        self._bookable = self._slots
        self.only_crowd = len(self._slots) == 1

    @property
    def location(self) -> Location:
        """Where the slots are."""
        return self._slots[0].location

    def as_planned(self) -> Visit:
        """The same for the planner: at this start, by whoever has one of these slots."""
        (service,) = self.services
        assert service is not None  # noqa: S101  (there is nothing to plan without one)
        resource_ids = {slot.resource_id for slot in self._slots}
        return PlannedVisit(
            policy=self._policy,
            location=self.location,
            start=self._slots[0].start_at,
            plan=VisitPlan(
                services=[service],
                party=self.party,
                named={0: resource_ids.pop()} if len(resource_ids) == 1 else None,
            ),
        )

    def ways(self, locked: Locked | None = None) -> list[Way]:
        """Each with one of the slots; without a lock, the least taken first."""
        if locked is None:
            return [self._way(slot) for slot in self._with_room(self._look())]
        return self._ways_of(locked)

    def crowds(self) -> Iterator[set[UUID]]:
        """One after the other: nobody waits for a second resource while holding a first."""
        for way in self.ways():
            yield way.resource_ids

    def foresee(self, crowd: Collection[UUID]) -> None:
        """The slots as they are then."""
        queries.SLOTS.foresee(self.location.organization_id, self._ids(crowd))

    def everybody(self) -> set[UUID]:
        """Everybody with such a slot."""
        return {slot.resource_id for slot in self._bookable}

    def _find(self, organization_id: UUID, wanted: TimeWanted) -> list[SlotInstance]:
        if wanted.slot_id is not None:
            slot = queries.get_slot(organization_id, wanted.slot_id)
            if not (slot.location.active and slot.resource.active and not slot.closed):
                raise SlotNotBookable
            if not set(self._need.skills) <= set(slot.resource.skills) and (
                slot.resource.kind != ResourceKind.POOL
            ):
                raise SlotNotBookable("This person does not do that service. Pick somebody else.")
            return [slot]
        if wanted.location_id is None or wanted.start_at is None:
            raise InvalidInput({"slot_id": ["Say which slot, or which location and start."]})
        location = queries.get_location(organization_id, wanted.location_id)
        slots = queries.slots_at(location, wanted.start_at, self._need, resource_id=wanted.resource_id)
        if not slots:
            raise SlotNotBookable
        return slots

    def _look(self) -> list[SlotInstance]:
        """Those of the slots that may be booked at this moment, taken or not."""
        now = app_now()
        in_time = [slot for slot in self._slots if queries.may_begin(slot, self._policy, now=now)]
        self._bookable = queries.within_working_time(in_time, self._need)
        if not self._bookable:
            raise SlotNotBookable
        return self._bookable

    def _with_room(self, bookable: Sequence[SlotInstance]) -> list[SlotInstance]:
        """Those that seem to fit, the least taken first: who cannot fit is turned away before any lock.

        Where there is no choice and the slot's own counters promise a seat, the lock may show the rest.
        """
        if len(bookable) == 1 and bookable[0].booked + bookable[0].hold + self.party <= bookable[0].capacity:
            return list(bookable)
        peaks = queries.peaks_now(
            [(slot.resource_id, queries.occupied_period(slot, self._need, self._policy)) for slot in bookable]
        )
        roomy = [
            (peak, slot)
            for peak, slot in zip(peaks, bookable, strict=True)
            if peak + self.party <= slot.resource.capacity
        ]
        if not roomy:
            raise SlotFull
        return [slot for _, slot in sorted(roomy, key=lambda pair: (pair[0], pair[1].booked, pair[1].id))]

    def _ways_of(self, locked: Locked) -> list[Way]:
        """The slots of locked resources, read again: the rules may have changed since."""
        found = queries.SLOTS(self.location.organization_id, self._ids(locked))
        fresh = {slot.id: slot for slot in found}
        ways = []
        for slot in self._bookable:
            again = fresh.get(slot.id)
            if again is None or again.closed or not locked[slot.resource_id].active:
                continue
            again.location, again.resource = slot.location, locked[slot.resource_id]
            ways.append(self._way(again))
        if not ways:
            raise SlotNotBookable
        return ways

    def _ids(self, crowd: Collection[UUID]) -> list[UUID]:
        return [slot.id for slot in self._bookable if slot.resource_id in crowd]

    def _way(self, slot: SlotInstance) -> Way:
        before, after = buffers(self._need, slot.resource, self._policy)
        claim = occupancy.Claim(
            visit=queries.visit_period(slot, self._need),
            buffer_before=before,
            buffer_after=after,
            party=self.party,
            count_limit=slot.capacity,
        )
        return Way(parts=[Part(line=0, resource_id=slot.resource_id, claim=claim, slot_id=slot.id)])


class PlannedVisit(Visit):
    """Several services, or one that may be split, at exactly one start."""

    def __init__(
        self,
        *,
        policy: OrganizationPolicy,
        location: Location,
        start: datetime,
        plan: VisitPlan,
        any_notice: bool = False,
        ignoring: Collection[UUID] = (),
    ) -> None:
        """`any_notice`: the business may say at the last moment; `ignoring`: events that will give way.

        Raises NotFound, MixedCurrencies.
        """
        self.services = plan.services
        self.party = plan.party
        self._location = location
        self._start = start
        self._plan = plan
        self._policy = _without_notice(policy) if any_notice else policy
        self._ignoring = ignoring
        self._board: Board | None = None
        ensure_one_currency(plan.services)
        _ensure_known(location, plan)

    @property
    def location(self) -> Location:
        """Where."""
        return self._location

    def ways(self, locked: Locked | None = None) -> list[Way]:
        """The best itinerary; with locked resources, the best that these make by themselves."""
        board = self._read()
        if locked is not None:
            board = replace(board, workers=[one for one in board.workers if one.id in locked])
        itineraries = board.itineraries()
        if not itineraries:
            raise self._refusal(board)
        return [_way_of(itineraries[0], self._board or board)]

    def crowds(self) -> Iterator[set[UUID]]:
        """A few guesses, each planned anew, then everybody."""
        for _ in range(GUESSES):
            yield self.ways()[0].resource_ids
        yield self.everybody()

    def everybody(self) -> set[UUID]:
        """Whoever could do one of the services."""
        board = self._board or self._read()
        return {
            worker.id
            for worker in board.workers
            if any(
                line.resource_id in {None, worker.id} and line.skills <= worker.skills
                for line in board.request.lines
            )
        }

    def _read(self) -> Board:
        """All of that day, of which only this start is tried."""
        now = app_now()
        if not booking_window(self._policy, now=now).allows(self._start):
            raise SlotNotBookable
        day = self._start.astimezone(ZoneInfo(self._location.timezone)).date()
        self._board = read_board(
            policy=self._policy,
            location=self._location,
            wanted=self._plan,
            first=day - timedelta(days=1),  # its working time may run into this day
            last=day,
            now=now,
            ignoring=self._ignoring,
        )
        starts = {start: slots for start, slots in self._board.starts.items() if start == self._start}
        return replace(self._board, starts=starts)

    def _refusal(self, board: Board) -> SlotFull | SlotNotBookable:
        """Full if it were possible with nobody in the way; else it never was on offer."""
        free = replace(board, workers=[replace(one, occupants=(), visits={}) for one in board.workers])
        return SlotFull() if free.itineraries() else SlotNotBookable()


def _without_notice(policy: OrganizationPolicy) -> OrganizationPolicy:
    policy = copy(policy)
    policy.minimum_notice_minutes = 0
    return policy


def ensure_one_currency(services: Sequence[BookingService]) -> None:
    """What is placed together is priced in one currency. Raises MixedCurrencies."""
    currencies = sorted({service.currency for service in services})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies=currencies)


def _ensure_known(location: Location, plan: VisitPlan) -> None:
    """Whoever is asked for by name is somebody of this location. Raises NotFound."""
    named = set((plan.named or {}).values())
    if not named:
        return
    known = Resource.objects.for_organization(location.organization_id).filter(
        location=location, id__in=named
    )
    if known.count() != len(named):
        raise NotFound("There is no such person or resource at this location.")


def _way_of(itinerary: Itinerary, board: Board) -> Way:
    segments = sorted(itinerary.segments, key=lambda segment: (segment.line, segment.visit.start))
    return Way(parts=[_part_of(segment, board) for segment in segments])


def _part_of(segment: Segment, board: Board) -> Part:
    slot = next(
        (
            slot
            for slot in board.starts.get(segment.visit.start, ())
            if slot.resource_id == segment.resource_id
        ),
        None,
    )
    claim = occupancy.Claim(
        visit=segment.visit,
        buffer_before=segment.visit.start - segment.occupied.start,
        buffer_after=segment.occupied.end - segment.visit.end,
        party=segment.party,
        count_limit=slot.capacity if slot else None,
    )
    return Part(
        line=segment.line,
        resource_id=segment.resource_id,
        claim=claim,
        slot_id=slot.slot_id if slot else None,
    )
