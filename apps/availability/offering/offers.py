"""What decides a search for free time: rules, notice and horizon, buffers, and who comes into question.

The search itself is in search.py.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import Rule
from apps.availability.models import (
    AvailabilityRule,
    Location,
    Resource,
    ResourceKind,
    SellsFrom,
)
from apps.availability.types import BookingWindow, VisitNeed, minutes_or_none
from apps.organizations.models import OrganizationPolicy


def rule_value(row: AvailabilityRule) -> Rule:
    """A rule's row as a value."""
    return Rule(
        resource_id=row.resource_id,
        kind=row.rule_kind,
        days=frozenset(row.days_of_week or ()),
        start=row.start_time,
        end=row.end_time,
        capacity=row.slot_capacity,
        granularity=row.slot_granularity_minutes,
        duration=row.slot_duration_minutes,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_closed=row.is_closed,
    )


def rules_by_resource(location: Location, resource_ids: Iterable[UUID]) -> dict[UUID, tuple[Rule, ...]]:
    """For each resource the rules that concern it: the location's and its own."""
    rules = [
        rule_value(row)
        for row in AvailabilityRule.objects.for_organization(location.organization_id).filter(
            location=location
        )
    ]
    return {
        resource_id: tuple(rule for rule in rules if rule.resource_id in {None, resource_id})
        for resource_id in resource_ids
    }


def booking_window(policy: OrganizationPolicy, *, now: datetime) -> BookingWindow:
    """When visits may begin, as the organization has it: a start at exactly now + notice is allowed."""
    return BookingWindow(
        earliest=now + timedelta(minutes=policy.minimum_notice_minutes),
        latest=now + timedelta(days=policy.horizon_days),
    )


def buffers(need: VisitNeed, resource: Resource, policy: OrganizationPolicy) -> tuple[timedelta, timedelta]:
    """The time to keep free before and after: the service's, else the resource's, else the organization's."""
    before = need.buffer_before
    if before is None:
        before = minutes_or_none(resource.buffer_before_minutes)
    after = need.buffer_after
    if after is None:
        after = minutes_or_none(resource.buffer_after_minutes)
    return (
        timedelta(minutes=policy.buffer_before_minutes) if before is None else before,
        timedelta(minutes=policy.buffer_after_minutes) if after is None else after,
    )


def eligible_resources(
    location: Location, need: VisitNeed, *, resource_id: UUID | None = None
) -> list[Resource]:
    """Who at this location could serve the need at all, by name."""
    resources = (
        Resource.objects.for_organization(location.organization_id)
        .filter(location=location)
        .in_service()
        .order_by("name", "id")
    )
    if location.sells_from == SellsFrom.POOL:
        # A pool has no skills: the location vouches for whatever it sells.
        eligible = resources.filter(kind=ResourceKind.POOL)
    else:
        eligible = resources.filter(kind=ResourceKind.PERSON).with_skills(list(need.skills))
    return list(eligible if resource_id is None else eligible.filter(id=resource_id))


def bookable_days(window: BookingWindow, zone: ZoneInfo, first: date, last: date) -> tuple[date, date]:
    """The asked-for dates that can have bookable starts: whatever is asked, the work is bounded.

    Working time that begins on one day can run into the next, so yesterday's may still have a start today.
    """
    earliest = window.earliest.astimezone(zone).date() - timedelta(days=1)
    return max(first, earliest), min(last, window.latest.astimezone(zone).date())


def days_after(duration: timedelta | None) -> timedelta:
    """How many days after its slot's date a visit can end.

    The date is that of the working time, which may run into the next day; a start late on that one can
    end on the day after; a long visit, by as many days as it has more.
    """
    return timedelta(days=2 + (duration.days if duration else 0))
