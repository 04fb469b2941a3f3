"""Slots that follow a change in its own transaction: nobody books by hours that no longer hold."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import days_between
from apps.availability.models import Location, Resource, ResourceKind
from apps.availability.slots.days import today_at, with_slots
from apps.availability.slots.generation import GenerationReport, make_true
from apps.availability.time_off.painting import materialize_time_off


def regenerate(location: Location, resources: Collection[Resource]) -> GenerationReport:
    """Make all future slots of these locked resources of a location what its rules say now.

    From the location's today to its horizon, or as far as there are slots. The location comes with its
    organization's policy.
    """
    bookable = [r for r in resources if r.kind in {ResourceKind.POOL, ResourceKind.PERSON}]
    if not bookable:
        return GenerationReport()
    days = days_between(*with_slots(location, today=today_at(location), resources=bookable))
    return make_true(location, bookable, days)


def repaint_time_off(location: Location, resources: Collection[Resource]) -> None:
    """Time off is wall time, too: where the clock on the wall changes, it moves."""
    first, last = with_slots(location, today=today_at(location), resources=resources)
    materialize_time_off(
        location.organization_id,
        sorted(resource.id for resource in resources),
        first=first,
        last=last,
        zone=ZoneInfo(location.timezone),
    )
