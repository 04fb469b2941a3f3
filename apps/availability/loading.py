"""Reads that planning and explaining share: who works when, and what takes their time.

Each is a fixed number of queries, whatever the number of days, resources and events.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.fields import Lanes
from apps.availability.hours.rules import boundary, days_between, working_time
from apps.availability.lanes import Occupant, Period
from apps.availability.models import CalendarEvent, EventType, Location, Resource
from apps.availability.offering.offers import rules_by_resource
from apps.availability.querysets import CalendarEventQuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An event that takes a resource's time. It says nothing of whose it is. Times are UTC."""

    id: UUID
    resource_id: UUID
    type: EventType
    visit: Period
    occupied: Period
    lanes: Lanes
    expires_at: datetime | None = None

    @property
    def is_visit(self) -> bool:
        """Whether it counts against a daily cap."""
        return self.type in {EventType.CUSTOMER, EventType.HOLD}

    def as_occupant(self) -> Occupant:
        """What interval algebra needs of it."""
        return Occupant(self.id, self.occupied, self.lanes)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins on the wall."""
    return boundary(datetime.combine(day, time.min), zone)


def working_by_resource(
    location: Location, resource_ids: Iterable[UUID], days: tuple[date, date]
) -> dict[UUID, list[Period]]:
    """Each resource's working time from one date to another (the location's, both included). One query."""
    rules = rules_by_resource(location, resource_ids)
    zone, every_day = ZoneInfo(location.timezone), days_between(*days)
    # People who share their rules share their working time: expand each set of rules once.
    working = {key: working_time(key, zone, every_day) for key in set(rules.values())}
    return {resource_id: working[key] for resource_id, key in rules.items()}


def taken_by_resource(
    resources: Sequence[Resource], span: Period, *, now: datetime
) -> Mapping[UUID, list[Taken]]:
    """What occupies these resources (of one organization) within a span at `now`. One query."""
    found: dict[UUID, list[Taken]] = defaultdict(list)
    if resources:
        for taken in as_taken(overlapping(resources, span).occupying(now)):
            found[taken.resource_id].append(taken)
    return found


def overlapping(resources: Sequence[Resource], span: Period) -> CalendarEventQuerySet[CalendarEvent]:
    """The events of these resources (of one organization) that share a moment with a span."""
    events: CalendarEventQuerySet[CalendarEvent] = CalendarEvent.objects.for_organization(
        resources[0].organization_id
    )
    return events.filter(resource__in=resources).overlapping(span.start, span.end)


def as_taken(events: CalendarEventQuerySet[CalendarEvent]) -> list[Taken]:
    """These events as values, in the order of time. One query."""
    columns = ("id", "resource_id", "type", "starts_at", "ends_at", "occupied", "lanes", "expires_at")
    return [
        Taken(
            id=event_id,
            resource_id=resource_id,
            type=EventType(kind),
            visit=Period(starts_at, ends_at),
            occupied=Period(occupied.lower, occupied.upper),
            lanes=lanes,
            expires_at=expires_at,
        )
        for event_id, resource_id, kind, starts_at, ends_at, occupied, lanes, expires_at in events.order_by(
            "starts_at", "id"
        ).values_list(*columns)
        if resource_id is not None
    ]


def visits_by_day(taken: Iterable[Taken], zone: ZoneInfo) -> Counter[date]:
    """How many visits begin on each day of the zone, booked or held: what daily caps count."""
    return Counter(one.visit.start.astimezone(zone).date() for one in taken if one.is_visit)
