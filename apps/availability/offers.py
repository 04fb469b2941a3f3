"""What can be booked: start times whose visit fits into working time and among what is there (DESIGN §5).

The number of queries does not depend on the number of days, resources or events.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.lanes import Occupant, Period, peak_in_use
from apps.availability.models import (
    AvailabilityRule,
    CalendarEvent,
    Location,
    Resource,
    ResourceKind,
    SellsFrom,
    SlotInstance,
)
from apps.availability.rules import Rule, days_between, working_time
from apps.availability.types import BookingWindow, Offer, VisitNeed, minutes_or_none
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


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Everything that decides whether a visit fits on one resource."""

    resource: Resource
    working: Sequence[Period]
    occupants: Sequence[Occupant]
    before: timedelta
    after: timedelta

    def seats(self, visit: Period, *, count_limit: int) -> int:
        """How many seats are free over a visit, buffers included; 0 outside working time."""
        if not covers(self.working, visit):
            return 0
        occupied = Period(visit.start - self.before, visit.end + self.after)
        near = [o for o in self.occupants if o.period.overlaps(occupied)]
        return max(
            0,
            min(
                self.resource.capacity - peak_in_use(near, occupied),
                count_limit - peak_in_use(near, visit),
            ),
        )


def covers(working: Sequence[Period], visit: Period) -> bool:
    """Whether one stretch of the (ordered, joined) working time holds the whole visit."""
    index = bisect_right(working, visit.start, key=lambda period: period.start) - 1
    return index >= 0 and visit.end <= working[index].end


def find_offers(
    *,
    location: Location,
    policy: OrganizationPolicy,
    need: VisitNeed,
    first: date,
    last: date,
    now: datetime,
    resource_id: UUID | None = None,
) -> list[Offer]:
    """Every start between two dates of the location (both included) that a party could hold at `now`.

    One offer a start and resource, ordered by start, then by the resource's name.
    """
    window = booking_window(policy, now=now)
    first, last = _bookable_days(window, ZoneInfo(location.timezone), first, last)
    resources = eligible_resources(location, need, resource_id=resource_id)
    if not resources or first > last:
        return []
    calendars = _calendars(location, policy, need, resources, first=first, last=last, now=now)
    slots = (
        SlotInstance.objects.for_organization(location.organization_id)
        .filter(location=location, resource__in=resources, date__range=(first, last))
        .filter(start_at__range=(window.earliest, window.latest), closed=False)
        .order_by("start_at")
    )
    offers = [
        offer for slot in slots if (offer := _offer(slot, calendars[slot.resource_id], need)) is not None
    ]
    return sorted(offers, key=lambda offer: (offer.start_at, offer.resource_name))


def _bookable_days(window: BookingWindow, zone: ZoneInfo, first: date, last: date) -> tuple[date, date]:
    """The asked-for dates that can have bookable starts: whatever is asked, the work is bounded.

    Working time that begins on one day can run into the next, so yesterday's may still have a start today.
    """
    earliest = window.earliest.astimezone(zone).date() - timedelta(days=1)
    return max(first, earliest), min(last, window.latest.astimezone(zone).date())


def _offer(slot: SlotInstance, calendar: _Calendar, need: VisitNeed) -> Offer | None:
    end_at = slot.end_at if need.duration is None else slot.start_at + need.duration
    seats = calendar.seats(Period(slot.start_at, end_at), count_limit=slot.capacity)
    if seats < need.party:
        return None
    return Offer(
        start_at=slot.start_at,
        end_at=end_at,
        date=slot.date,
        slot_id=slot.id,
        resource_id=slot.resource_id,
        resource_name=calendar.resource.name,
        capacity=slot.capacity,
        seats=seats,
    )


def _calendars(
    location: Location,
    policy: OrganizationPolicy,
    need: VisitNeed,
    resources: Sequence[Resource],
    *,
    first: date,
    last: date,
    now: datetime,
) -> dict[UUID, _Calendar]:
    zone = ZoneInfo(location.timezone)
    rules = rules_by_resource(location, [resource.id for resource in resources])
    days = days_between(first - timedelta(days=1), last + days_after(need.duration))
    # People who share their rules share their working time: expand each set of rules once.
    working = {key: working_time(key, zone, days) for key in set(rules.values())}
    spare = {resource.id: buffers(need, resource, policy) for resource in resources}
    span = Period(
        datetime.combine(first, time.min, zone) - max(before for before, _ in spare.values()),
        datetime.combine(last + days_after(need.duration), time.min, zone)
        + timedelta(days=1)
        + max(after for _, after in spare.values()),
    )
    occupants = occupants_by_resource(resources, span, now=now)
    return {
        resource.id: _Calendar(
            resource, working[rules[resource.id]], occupants.get(resource.id, ()), *spare[resource.id]
        )
        for resource in resources
    }


def days_after(duration: timedelta | None) -> timedelta:
    """How many days after its slot's date a visit can end.

    The date is that of the working time, which may run into the next day; a start late on that one can
    end on the day after; a long visit, by as many days as it has more.
    """
    return timedelta(days=2 + (duration.days if duration else 0))


def occupants_by_resource(
    resources: Sequence[Resource], span: Period, *, now: datetime
) -> Mapping[UUID, Sequence[Occupant]]:
    """What occupies each of these resources within a span; a hold past its time occupies nothing."""
    rows = (
        CalendarEvent.objects.for_organization(resources[0].organization_id)
        .filter(resource__in=resources)
        .occupying(now)
        .overlapping(span.start, span.end)
        .values_list("id", "resource_id", "occupied", "lanes")
    )
    found: dict[UUID, list[Occupant]] = defaultdict(list)
    for event_id, owner, occupied, lanes in rows:
        found[owner].append(Occupant(event_id, Period(occupied.lower, occupied.upper), lanes))
    return found
