"""Materialise slots: a few resources at a time, and only where something differs (DESIGN §5)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from uuid import UUID

from apps.availability import occupancy
from apps.availability.commands.roll_time_off_forward import roll_time_off_forward
from apps.availability.hours.changes import RulesWritten, find_location
from apps.availability.hours.rules import days_between
from apps.availability.models import Location, Resource, ResourceKind
from apps.availability.slots.days import to_the_horizon, today_at
from apps.availability.slots.generation import GenerationReport, compare, make_true, plan_slots
from apps.core.clock import app_now
from apps.core.commands import follow_up, in_unit_of_work
from apps.organizations.models import Organization

__all__ = ["GenerationReport", "generate_slots", "generate_slots_of_location", "let_slots_follow"]

# How many days of how many resources one transaction takes: its locks are held for under a second, and
# memory stays flat whatever the size of the location.
RESOURCE_DAYS_A_BATCH = 1000


@follow_up("availability.generate_slots")
def _generate_batch(
    *, organization_id: UUID, location_id: UUID, resource_ids: Sequence[UUID], days: Sequence[date]
) -> GenerationReport:
    """Make these days of these resources what the rules say (REQ-SLOT-1). Raises NotFound."""
    occupancy.lock_resources(organization_id, resource_ids)
    location = find_location(organization_id, location_id)
    # Read again, with the rules: what was compared without the locks may be history.
    resources = _resources(location, resource_ids)
    return make_true(location, resources, days)


def _compare_batch(
    *, organization_id: UUID, location_id: UUID, resource_ids: Sequence[UUID], days: Sequence[date]
) -> tuple[GenerationReport, list[UUID]]:
    """Which of these resources have to be locked at all; the report is about the others. Takes no locks."""
    location = find_location(organization_id, location_id)
    resources = _resources(location, resource_ids)
    found = compare(location, plan_slots(location, resources, days), days, now=app_now())
    stale = [resource_id for resource_id in resource_ids if resource_id in found.differing]
    return GenerationReport(kept=found.planned - found.planned_of(stale)), stale


def _resources(location: Location, resource_ids: Sequence[UUID]) -> list[Resource]:
    rows = Resource.objects.for_organization(location.organization_id)
    return list(rows.filter(location=location, id__in=resource_ids).order_by("id"))


def resource_ids_of(location: Location, resource_id: UUID | None = None) -> list[UUID]:
    """Pool and people, or one of them, by id; also who sells no more: their slots have to go."""
    kinds = [ResourceKind.POOL, ResourceKind.PERSON]
    resources = Resource.objects.for_organization(location.organization_id).filter(
        location=location, kind__in=kinds
    )
    if resource_id is not None:
        resources = resources.filter(id=resource_id)
    return list(resources.order_by("id").values_list("id", flat=True))


def _batches(resource_ids: Sequence[UUID], days: Sequence[date]) -> Iterator[Sequence[UUID]]:
    size = max(1, RESOURCE_DAYS_A_BATCH // max(1, len(days)))
    return (resource_ids[at : at + size] for at in range(0, len(resource_ids), size))


def _nobody_listens(_done: int) -> None:
    """Nobody watches the progress."""


def generate_slots_of_location(
    *,
    organization_id: UUID,
    location_id: UUID,
    first: date | None = None,
    last: date | None = None,
    days: Sequence[date] | None = None,
    resource_id: UUID | None = None,
    on_batch: Callable[[int], None] = _nobody_listens,
) -> GenerationReport:
    """Make a location's future slots what its rules say (REQ-SLOT-1), one transaction a batch of resources.

    For the dates from `first` to `last` (the location's own, both included), or for exactly these `days`.
    Idempotent: a second run changes nothing, and takes no locks. What somebody occupies is never deleted,
    only closed; past slots stay. Two runs at once take turns on the resources' locks. `on_batch` is told
    how many resources are done. Raises NotFound.
    """
    if days is None:
        days = days_between(first, last) if first is not None and last is not None else []
    location = find_location(organization_id, location_id)
    if days:
        # First, so that no slot is ever on offer over time off.
        roll_time_off_forward(location, first=min(days), last=max(days), resource_id=resource_id)
    total = GenerationReport()
    for batch in _batches(resource_ids_of(location, resource_id), days):
        report, stale = _compare_batch(
            organization_id=organization_id, location_id=location_id, resource_ids=batch, days=days
        )
        if stale:
            report += _generate_batch(
                organization_id=organization_id, location_id=location_id, resource_ids=stale, days=days
            )
        total += report
        on_batch(len(batch))
    return total


def generate_slots(
    *,
    organization: Organization,
    first: date | None = None,
    last: date | None = None,
    location_id: UUID | None = None,
    resource_id: UUID | None = None,
    on_progress: Callable[[Location, GenerationReport], None] = lambda _location, _report: None,
    on_batch: Callable[[int], None] = _nobody_listens,
) -> GenerationReport:
    """Generate for one or all active locations of an organization, or for one resource.

    Without dates: from today, in each location's own zone, to the organization's horizon.
    """
    total = GenerationReport()
    for location in locations_of(organization, location_id=location_id, resource_id=resource_id):
        since, until = to_the_horizon(location, today=today_at(location))
        report = generate_slots_of_location(
            organization_id=organization.id,
            location_id=location.id,
            first=first or since,
            last=last or until,
            resource_id=resource_id,
            on_batch=on_batch,
        )
        on_progress(location, report)
        total += report
    return total


def locations_of(
    organization: Organization, *, location_id: UUID | None = None, resource_id: UUID | None = None
) -> list[Location]:
    """The active locations that a run is about, by name."""
    locations = Location.objects.for_organization(organization).select_related("organization__policy")
    locations = locations.filter(active=True)
    if location_id is not None:
        locations = locations.filter(id=location_id)
    if resource_id is not None:
        locations = locations.filter(resources=resource_id)
    return list(locations)


def let_slots_follow(written: RulesWritten) -> GenerationReport:
    """Generate exactly the days that a change of hours affects, after its commit (docs/adr/0009).

    For one resource where the hours are its own, else for everybody at the location. Where an idempotency
    key joins everything to one transaction, its locks must not wait for more than a batch: then a worker
    does it, moments after the commit (reactions.py), and the report says so.
    """
    concerned = [None] if None in written.resource_ids else written.resource_ids
    if in_unit_of_work():
        people = sum(len(resource_ids_of(written.location, resource_id)) for resource_id in concerned)
        if people * len(written.days) > RESOURCE_DAYS_A_BATCH:
            return GenerationReport(later=people * len(written.days))
    total = GenerationReport()
    for resource_id in concerned:
        total += generate_slots_of_location(
            organization_id=written.location.organization_id,
            location_id=written.location.id,
            days=written.days,
            resource_id=resource_id,
        )
    return total
