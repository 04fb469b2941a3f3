"""From rules to rows: materialise a location's slots, as a diff against what is there (DESIGN §5)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from apps.availability import occupancy
from apps.availability.lanes import Period
from apps.availability.models import Location, Resource, ResourceKind, SellsFrom
from apps.availability.offers import rules_by_resource
from apps.availability.rules import Rule, SlotTime, days_between, slots_of_day
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.core.ids import new_id
from apps.organizations.models import Organization

STAGING = """
CREATE TEMPORARY TABLE slot_staging (
    id uuid, resource_id uuid, date date, start_at timestamptz, end_at timestamptz, capacity smallint
) ON COMMIT DROP
"""

# A slot that a rule makes again after it was closed is open again: its counters decide how far.
UPDATE_CHANGED = """
UPDATE availability_slotinstance AS slot
SET end_at = staged.end_at, date = staged.date, closed = false, updated_at = app_now(),
    capacity = staged.capacity, booked = least(slot.booked, staged.capacity),
    hold = least(slot.hold, staged.capacity - least(slot.booked, staged.capacity))
FROM slot_staging AS staged
WHERE slot.location_id = %(location)s AND slot.resource_id = staged.resource_id
  AND slot.start_at = staged.start_at AND slot.start_at > app_now()
  AND (slot.end_at, slot.date, slot.closed, slot.capacity)
      IS DISTINCT FROM (staged.end_at, staged.date, false, staged.capacity)
"""
INSERT_NEW = """
INSERT INTO availability_slotinstance
    (id, organization_id, location_id, resource_id, date, start_at, end_at, capacity,
     booked, hold, status, closed, created_at, updated_at)
SELECT staged.id, %(organization)s, %(location)s, staged.resource_id, staged.date, staged.start_at,
       staged.end_at, staged.capacity, 0, 0, 'open', false, app_now(), app_now()
FROM slot_staging AS staged
ON CONFLICT (location_id, resource_id, start_at) DO NOTHING
"""
# Past slots are history and stay as they were.
NOT_MADE_ANY_MORE = """
    slot.location_id = %(location)s AND slot.resource_id = ANY(%(resources)s)
    AND slot.date BETWEEN %(first)s AND %(last)s AND slot.start_at > app_now()
    AND NOT EXISTS (
        SELECT FROM slot_staging AS staged
        WHERE staged.resource_id = slot.resource_id AND staged.start_at = slot.start_at
    )
"""
DELETE_UNUSED = f"""
DELETE FROM availability_slotinstance AS slot
WHERE {NOT_MADE_ANY_MORE}
  AND NOT EXISTS (SELECT FROM availability_calendarevent AS event WHERE event.slot_id = slot.id)
"""  # noqa: S608  (constants only)
CLOSE_USED = f"""
UPDATE availability_slotinstance AS slot
SET closed = true, status = 'blocked', updated_at = app_now()
WHERE {NOT_MADE_ANY_MORE} AND NOT slot.closed
"""  # noqa: S608  (constants only)


@dataclass(frozen=True, slots=True)
class GenerationReport:
    """What a run did, in slots."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    closed: int = 0
    kept: int = 0

    def __add__(self, other: "GenerationReport") -> "GenerationReport":
        return GenerationReport(
            *(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True))
        )


@command("availability.generate_slots")
def generate_slots_of_location(
    *, organization_id: UUID, location_id: UUID, first: date, last: date
) -> GenerationReport:
    """Make a location's slots of these dates (its own, both included) what its rules say (REQ-SLOT-1).

    Idempotent: a second run changes nothing. What somebody occupies is never deleted, only closed. Two runs
    at once take turns on the resources' locks. Raises NotFound.
    """
    location = Location.objects.for_organization(organization_id).filter(id=location_id).first()
    if location is None:
        raise NotFound("There is no such location.")
    resources = occupancy.lock_resources(organization_id, _bookable_resource_ids(location))
    if not resources:
        return GenerationReport()
    selling = [resource for resource in resources.values() if _sells(location, resource)]
    staged = _stage(_planned(location, selling, first=first, last=last))
    report = _merge(location, list(resources), staged, first=first, last=last)
    for resource_id in resources:
        occupancy.recount(resource_id, _whole(location, first, last))
    return report


def _bookable_resource_ids(location: Location) -> list[UUID]:
    """Pool and people, also those that sell no more: their slots have to go, or to be closed."""
    resources = Resource.objects.for_organization(location.organization_id).filter(location=location)
    kinds = [ResourceKind.POOL, ResourceKind.PERSON]
    return list(resources.filter(kind__in=kinds).values_list("id", flat=True))


def _sells(location: Location, resource: Resource) -> bool:
    """A location sells from its pool or from its people, never from both."""
    kind = ResourceKind.POOL if location.sells_from == SellsFrom.POOL else ResourceKind.PERSON
    return resource.active and resource.kind == kind


def _planned(
    location: Location, resources: Iterable[Resource], *, first: date, last: date
) -> Iterator[tuple[Resource, SlotTime]]:
    """Every slot that the rules make; resources with the same rules are expanded once.

    All reading is done before the first slot is handed out: while a COPY runs, the connection can't be asked
    anything else.
    """
    zone, days = ZoneInfo(location.timezone), days_between(first, last)
    resources = list(resources)
    rules = rules_by_resource(location, [resource.id for resource in resources])
    expanded: dict[Sequence[Rule], list[SlotTime]] = {
        key: [slot for day in days for slot in slots_of_day(key, zone, day)] for key in set(rules.values())
    }
    return ((resource, slot) for resource in resources for slot in expanded[rules[resource.id]])


def _stage(planned: Iterator[tuple[Resource, SlotTime]]) -> int:
    """Stream the plan into a temporary table; returns how many rows."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS slot_staging")
        cursor.execute(STAGING)
        columns = "id, resource_id, date, start_at, end_at, capacity"
        with cursor.copy(f"COPY slot_staging ({columns}) FROM STDIN") as copy:
            for resource, slot in planned:
                capacity = min(slot.capacity, resource.capacity)
                copy.write_row((new_id(), resource.id, slot.date, slot.start_at, slot.end_at, capacity))
                count += 1
        cursor.execute("ANALYZE slot_staging")
    return count


def _merge(
    location: Location, resource_ids: list[UUID], staged: int, *, first: date, last: date
) -> GenerationReport:
    values: dict[str, Any] = {
        "organization": location.organization_id,
        "location": location.id,
        "resources": resource_ids,
        "first": first,
        "last": last,
    }

    def run(statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

    deleted, closed, updated = run(DELETE_UNUSED), run(CLOSE_USED), run(UPDATE_CHANGED)
    inserted = run(INSERT_NEW)
    return GenerationReport(
        inserted=inserted, updated=updated, deleted=deleted, closed=closed, kept=staged - inserted - updated
    )


def _whole(location: Location, first: date, last: date) -> Period:
    """The instants that slots of these dates can touch, generously."""
    zone = ZoneInfo(location.timezone)
    return Period(
        datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=3), time.min, zone)
    )


def generate_slots(
    *,
    organization: Organization,
    first: date | None = None,
    last: date | None = None,
    location_id: UUID | None = None,
    on_progress: Callable[[Location, GenerationReport], None] = lambda _location, _report: None,
) -> GenerationReport:
    """Generate for one or all locations of an organization, one transaction a location.

    Without dates: from today, in each location's own zone, to the organization's horizon.
    """
    locations = Location.objects.for_organization(organization).filter(active=True)
    if location_id is not None:
        locations = locations.filter(id=location_id)
    total = GenerationReport()
    for location in locations:
        today = app_now().astimezone(ZoneInfo(location.timezone)).date()
        report = generate_slots_of_location(
            organization_id=organization.id,
            location_id=location.id,
            first=first or today,
            last=last or today + timedelta(days=organization.policy.horizon_days),
        )
        on_progress(location, report)
        total += report
    return total
