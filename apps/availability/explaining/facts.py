"""The facts behind "why is this time missing?", from the database (DESIGN §5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from apps.availability.explaining.explain import explain
from apps.availability.explaining.types import Explanation, Exposure, Facts, ResourceFacts, SlotFacts
from apps.availability.hours.rules import Rule, to_instant
from apps.availability.lanes import Period
from apps.availability.loading import Taken, as_taken, midnight, overlapping, visits_by_day
from apps.availability.models import (
    AvailabilityRule,
    Location,
    Resource,
    ResourceKind,
    SellsFrom,
    SlotInstance,
)
from apps.availability.offering.exposure import (
    ALL,
    Candidate,
    Draw,
    day_part_of,
    expose,
    hour_of,
    name_of_slot,
    name_of_start,
)
from apps.availability.offering.offers import booking_window, buffers, rule_value
from apps.availability.offering.search import find_offers
from apps.availability.types import VisitNeed
from apps.content.models import BookingService
from apps.core.clock import app_now
from apps.core.errors import NotFound
from apps.organizations.models import Organization

DAY = timedelta(days=1)
# Says whether one visitor is shown the start of a resource, given by its id.
ExposureOf = Callable[[UUID], Exposure | None]


def explain_slot(
    *,
    organization: Organization,
    at: datetime,
    location_id: UUID | None = None,
    resource_id: UUID | None = None,
    service_id: UUID | None = None,
    party: int = 1,
    draw: Draw | None = None,
    visitor: str | None = None,
) -> Explanation:
    """Why a time at a location, or with somebody there, is or is not offered.

    A naive `at` is the location's wall time (its first occurrence where the clocks go back), an aware one an
    instant. Without a service it is about the slots as they are. Switched off locations, people and services
    are explained too. With a draw (of an exposure id, `exposure.draw_of`), or a visitor (a session's id; the
    draw of this hour), it also says whether they are shown it. At most fifteen queries. Raises NotFound.
    """
    location = _location(organization, location_id, resource_id)
    service = _service(organization, service_id)
    need, zone, now = VisitNeed.of(service, party=party), ZoneInfo(location.timezone), app_now()
    start, asked = _moments(at, zone)
    sells = ResourceKind.POOL if location.sells_from == SellsFrom.POOL else ResourceKind.PERSON
    resources: Sequence[ResourceFacts] = ()
    if start is not None:
        reading = _Reading(organization, location, need, start, now)
        if draw is None and visitor is not None:
            draw = Draw(visitor, start.astimezone(zone).date(), str(resource_id or ALL), hour_of(now))
        by_start = service is not None
        exposure_of = _nobody_asks if draw is None else _exposure_of(reading, draw, by_start=by_start)
        resources = reading.resources(sells=sells, resource_id=resource_id, exposure_of=exposure_of)
    return explain(
        Facts(
            organization=organization.name,
            organization_active=organization.active,
            location=location.name,
            location_active=location.active,
            zone=zone,
            sells=sells,
            service=None if service is None else service.title,
            service_active=service is None or service.active,
            need=need,
            asked=asked,
            start=start,
            now=now,
            window=booking_window(organization.policy, now=now),
            resources=resources,
        )
    )


def _moments(at: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime]:
    """The instant in UTC, or None inside a gap, and what the clock on the location's wall shows."""
    if at.tzinfo is None:
        return to_instant(at.replace(fold=0), zone), at
    return at.astimezone(UTC), at.astimezone(zone).replace(tzinfo=None)


def _location(organization: Organization, location_id: UUID | None, resource_id: UUID | None) -> Location:
    locations = Location.objects.for_organization(organization)
    if location_id is not None:
        locations = locations.filter(id=location_id)
    if resource_id is not None:
        locations = locations.filter(resources=resource_id)
    found = None if location_id is None and resource_id is None else locations.first()
    if found is None:
        raise NotFound("Say which location, or somebody who works there.")
    return found


def _service(organization: Organization, service_id: UUID | None) -> BookingService | None:
    if service_id is None:
        return None
    service = BookingService.objects.for_organization(organization).filter(id=service_id).first()
    if service is None:
        raise NotFound("There is no such service.")
    return service


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads all resources' facts at once: the number of queries does not depend on how many there are."""

    organization: Organization
    location: Location
    need: VisitNeed
    start: datetime
    now: datetime

    def resources(
        self, *, sells: str, resource_id: UUID | None, exposure_of: ExposureOf
    ) -> list[ResourceFacts]:
        """Everybody of the kind that is sold, or the one who was asked about."""
        rows = Resource.objects.for_organization(self.organization).filter(location=self.location)
        rows = rows.filter(kind=sells) if resource_id is None else rows.filter(id=resource_id)
        resources = list(rows.order_by("name", "id"))
        if not resources:
            return []
        rules, slots, until = self._rules(), self._slots(resources), self._generated_until(resources)
        taken, lapsed = self._events(resources, slots)
        zone = ZoneInfo(self.location.timezone)
        today = self.start.astimezone(zone).date()
        found = []
        for one in resources:
            before, after = buffers(self.need, one, self.organization.policy)
            found.append(
                ResourceFacts(
                    id=one.id,
                    name=one.name,
                    kind=one.kind,
                    active=one.active,
                    skills=frozenset(one.skills),
                    capacity=one.capacity,
                    daily_cap=one.daily_cap,
                    visits_that_day=visits_by_day(taken.get(one.id, ()), zone)[today],
                    before=before,
                    after=after,
                    rules=[(rule, said) for rule, said in rules if rule.resource_id in {None, one.id}],
                    slot=slots.get(one.id),
                    generated_until=until.get(one.id),
                    taken=taken.get(one.id, ()),
                    lapsed=lapsed.get(one.id, ()),
                    exposure=exposure_of(one.id),
                )
            )
        return found

    def _rules(self) -> list[tuple[Rule, str]]:
        rows = AvailabilityRule.objects.for_organization(self.organization).filter(location=self.location)
        return [(rule_value(row), row.note) for row in rows.order_by("start_time", "id")]

    def _slots(self, resources: Sequence[Resource]) -> dict[UUID, SlotFacts]:
        rows = SlotInstance.objects.for_organization(self.organization).filter(
            location=self.location, resource__in=resources, start_at=self.start
        )
        return {
            row.resource_id: SlotFacts(
                id=row.id,
                date=row.date,
                period=Period(row.start_at, row.end_at),
                capacity=row.capacity,
                closed=row.closed,
            )
            for row in rows
        }

    def _generated_until(self, resources: Sequence[Resource]) -> dict[UUID, date]:
        rows = (
            SlotInstance.objects.for_organization(self.organization)
            .filter(location=self.location, resource__in=resources)
            .values_list("resource_id")
            .annotate(until=Max("date"))
            .order_by()
        )
        return dict(rows)

    def _events(
        self, resources: Sequence[Resource], slots: Mapping[UUID, SlotFacts]
    ) -> tuple[dict[UUID, list[Taken]], dict[UUID, list[Taken]]]:
        """What occupies each of them on that day and over the visit; and the holds there that have lapsed."""
        zone = ZoneInfo(self.location.timezone)
        today = self.start.astimezone(zone).date()
        longest = self.need.duration or max(
            (slot.period.end - slot.period.start for slot in slots.values()), default=DAY
        )
        spare = max(max(buffers(self.need, one, self.organization.policy)) for one in resources)
        span = Period(
            min(midnight(today, zone), self.start - spare),
            max(midnight(today + DAY, zone), self.start + longest + spare),
        )
        events = overlapping(resources, span)
        occupying = as_taken(events.occupying(self.now))
        counted = {taken.id for taken in occupying}
        lapsed = [taken for taken in as_taken(events.lapsed(self.now)) if taken.id not in counted]
        return _by_resource(occupying), _by_resource(lapsed)


def _by_resource(events: Sequence[Taken]) -> dict[UUID, list[Taken]]:
    found: dict[UUID, list[Taken]] = {}
    for taken in events:
        found.setdefault(taken.resource_id, []).append(taken)
    return found


def _nobody_asks(_resource_id: UUID) -> Exposure | None:
    """What a visitor is shown was not asked."""
    return None


def _exposure_of(reading: _Reading, draw: Draw, *, by_start: bool) -> ExposureOf:
    """Draw once more from what is free now, as the readings do: of a service starts, else slots, are shown.

    A visitor may still see times that they were shown up to seven minutes ago, from another draw.
    """
    zone = ZoneInfo(reading.location.timezone)
    offers = find_offers(
        location=reading.location,
        policy=reading.organization.policy,
        need=reading.need,
        first=draw.day,
        last=draw.day,
        now=reading.now,
        resource_id=None if draw.scope == ALL else UUID(draw.scope),
    )

    def name_of(start: datetime, resource_id: UUID) -> str:
        return name_of_start(start) if by_start else name_of_slot(start, resource_id)

    candidates = {
        name: Candidate(name, day_part_of(offer.start_at.astimezone(zone).hour))
        for offer in offers
        for name in [name_of(offer.start_at, offer.resource_id)]
    }
    exposed = expose(list(candidates.values()), draw)

    def exposure_of(resource_id: UUID) -> Exposure | None:
        name = name_of(reading.start, resource_id)
        if name not in candidates:
            return None
        return Exposure(
            shown=name in exposed.names,
            selected=len(exposed.names),
            total=exposed.total,
            context=f"to this visitor in the hour from {draw.hour[-2:]}:00 UTC",
        )

    return exposure_of
