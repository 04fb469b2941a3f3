"""Free times near one that is gone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability import queries as availability
from apps.availability.lanes import Period
from apps.availability.models import Location
from apps.availability.planner import Itinerary
from apps.availability.planning.visits import Board, VisitPlan, read_board
from apps.availability.queries import ALTERNATIVES
from apps.availability.types import Offer, VisitNeed
from apps.bookings.placing.visits import plan_of, services_of
from apps.bookings.types import TimeWanted, VisitWanted, Wanted
from apps.content.models import BookingService
from apps.organizations.models import OrganizationPolicy

# How many starts are planned at once, the nearest first, and how many in all.
HANDFUL = 12
MOST_TRIED = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeLine:
    """One service of it, and when (UTC) by whom."""

    service_id: UUID | None
    resource_id: UUID
    resource_name: str
    periods: Sequence[Period]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A visit that could be held right now. Times are UTC; slot and resource are the first line's."""

    start_at: datetime
    end_at: datetime
    slot_id: UUID | None
    lines: Sequence[AlternativeLine]

    @property
    def resource_id(self) -> UUID:
        """Who begins."""
        return self.lines[0].resource_id

    @property
    def resource_name(self) -> str:
        """Who begins."""
        return self.lines[0].resource_name


def alternatives_to(
    organization_id: UUID, policy: OrganizationPolicy, wanted: Wanted, *, now: datetime
) -> list[Alternative]:
    """Up to three visits near the wanted one, of the same services at the same location, in order of time.

    Raises NotFound.
    """
    services = services_of(organization_id, [wanted])
    if isinstance(wanted, VisitWanted):
        location = availability.get_location(organization_id, wanted.location_id)
        return _planned(policy, location, plan_of(wanted, services), wanted.start_at, now=now)
    service = services[wanted.service_id] if wanted.service_id else None
    where = _where(organization_id, wanted)
    if where is None:
        return []
    location, start_at, resource_id = where
    if service is not None and service.may_split:
        named = {} if resource_id is None else {0: resource_id}
        plan = VisitPlan(services=[service], named=named, party=wanted.party_size)
        return _planned(policy, location, plan, start_at, now=now)
    offers = availability.alternatives(
        location=location,
        policy=policy,
        need=VisitNeed.of(service, party=wanted.party_size),
        start_at=start_at,
        now=now,
        resource_id=resource_id,
    )
    return [_of_offer(offer, service) for offer in offers]


def _where(organization_id: UUID, wanted: TimeWanted) -> tuple[Location, datetime, UUID | None] | None:
    if wanted.slot_id is not None:
        slot = availability.get_slot(organization_id, wanted.slot_id)
        return slot.location, slot.start_at, wanted.resource_id
    if wanted.location_id is None or wanted.start_at is None:
        return None
    location = availability.get_location(organization_id, wanted.location_id)
    return location, wanted.start_at, wanted.resource_id


def _of_offer(offer: Offer, service: BookingService | None) -> Alternative:
    line = AlternativeLine(
        service_id=service.id if service else None,
        resource_id=offer.resource_id,
        resource_name=offer.resource_name,
        periods=[Period(offer.start_at, offer.end_at)],
    )
    return Alternative(start_at=offer.start_at, end_at=offer.end_at, slot_id=offer.slot_id, lines=[line])


def _planned(
    policy: OrganizationPolicy, location: Location, plan: VisitPlan, start_at: datetime, *, now: datetime
) -> list[Alternative]:
    """The nearest starts that have an itinerary, tried a handful at a time."""
    day = start_at.astimezone(ZoneInfo(location.timezone)).date()
    board = read_board(
        policy=policy,
        location=location,
        wanted=plan,
        first=day - timedelta(days=1),
        last=day + timedelta(days=3),
        now=now,
    )
    nearest = sorted(board.starts, key=lambda start: (abs(start - start_at), start))[:MOST_TRIED]
    found: list[Itinerary] = []
    for at in range(0, len(nearest), HANDFUL):
        handful = {start: board.starts[start] for start in nearest[at : at + HANDFUL]}
        found += replace(board, starts=handful).itineraries()
        if len(found) >= ALTERNATIVES:
            break
    found = sorted(found, key=lambda one: abs(one.start - start_at))[:ALTERNATIVES]
    return [_of_itinerary(one, plan, board) for one in sorted(found, key=lambda one: one.start)]


def _of_itinerary(itinerary: Itinerary, plan: VisitPlan, board: Board) -> Alternative:
    segments = sorted(itinerary.segments, key=lambda segment: (segment.line, segment.visit.start))
    first = segments[0]
    lines = []
    for line, pieces in groupby(segments, key=lambda segment: segment.line):
        mine = list(pieces)
        lines.append(
            AlternativeLine(
                service_id=plan.services[line].id,
                resource_id=mine[0].resource_id,
                resource_name=board.names[mine[0].resource_id],
                periods=[piece.visit for piece in mine],
            )
        )
    slots = board.starts.get(first.visit.start, ())
    return Alternative(
        start_at=itinerary.start,
        end_at=itinerary.end,
        slot_id=next((slot.slot_id for slot in slots if slot.resource_id == first.resource_id), None),
        lines=lines,
    )
