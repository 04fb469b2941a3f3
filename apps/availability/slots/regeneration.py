"""Slots that follow a change in its own transaction: nobody books by hours that no longer hold."""

from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from apps.availability.hours.rules import days_between
from apps.availability.models import Location, Resource, ResourceKind, SlotInstance
from apps.availability.slots.generation import GenerationReport, compare, merge, plan_slots
from apps.availability.time_off.painting import materialize_time_off
from apps.core.clock import app_now

# As commands/generate_slots.py has it: in another zone, today may still be yesterday.
DAYS_BACK = 2


def regenerate(location: Location, resources: Collection[Resource]) -> GenerationReport:
    """Make all future slots of these locked resources of a location what its rules say now.

    From the location's today to its horizon, or as far as there are slots. The location comes with its
    organization's policy.
    """
    bookable = [r for r in resources if r.kind in {ResourceKind.POOL, ResourceKind.PERSON}]
    if not bookable:
        return GenerationReport()
    days, now = _days(location, bookable), app_now()
    plan = plan_slots(location, bookable, days)
    found = compare(location, plan, days, now=now)
    if not found.differing:
        return GenerationReport(kept=found.planned)
    done = merge(location, plan, found.differing, now=now)
    return done + GenerationReport(kept=found.planned - done.inserted - done.updated)


def repaint_time_off(location: Location, resources: Collection[Resource]) -> None:
    """Time off is wall time, too: where the clock on the wall changes, it moves."""
    days = _days(location, resources)
    materialize_time_off(
        location.organization_id,
        sorted(resource.id for resource in resources),
        first=days[0],
        last=days[-1],
        zone=ZoneInfo(location.timezone),
    )


def _days(location: Location, resources: Collection[Resource]) -> list[date]:
    today = app_now().astimezone(ZoneInfo(location.timezone)).date()
    furthest = (
        SlotInstance.objects.for_organization(location.organization_id)
        .filter(resource__in=resources)
        .aggregate(last=Max("date"))["last"]
    )
    horizon = today + timedelta(days=location.organization.policy.horizon_days)
    return days_between(today - timedelta(days=DAYS_BACK), max(horizon, furthest or horizon))
