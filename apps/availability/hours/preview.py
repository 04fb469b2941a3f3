"""What a change of hours would do to the slots, before anybody saves it. Nothing here writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.hours.changes import Scope, ensure_valid, find_overlap, look_at_scope, rules_of
from apps.availability.hours.day_hours import DayHours, plan_day
from apps.availability.hours.policies import RuleFields
from apps.availability.hours.rules import Rule, SlotTime, days_between, slots_of_day
from apps.availability.models import AvailabilityRule, Location, Resource, SlotInstance
from apps.availability.offering.offers import rule_value
from apps.availability.slots.generation import sells
from apps.core.clock import app_now
from apps.core.errors import NotFound

PREVIEW_DAYS = 28


@dataclass(frozen=True, slots=True, order=True)
class PreviewSlot:
    """A start time of somebody. Times are UTC, `date` is the location's."""

    start_at: datetime
    end_at: datetime
    date: date
    resource_id: UUID
    resource_name: str
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Which slots a change would add and take away in the days from today on.

    `changed` would start as before with another end or other seats. Of those in `removed` somebody has the
    ones in `closed_with_bookings`: they stay, closed for new bookings. `conflict` says in words which hours
    are in the way; saving would be refused then. All are in order of time, then of the resource's name.
    """

    first: date
    last: date
    added: Sequence[PreviewSlot]
    removed: Sequence[PreviewSlot]
    changed: Sequence[PreviewSlot]
    closed_with_bookings: Sequence[PreviewSlot]
    kept: int
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Two ways to make slots, compared start by start."""

    added: Sequence[SlotTime]
    removed: Sequence[SlotTime]
    changed: Sequence[SlotTime]
    kept: int


def difference(
    old: Sequence[Rule],
    new: Sequence[Rule],
    *,
    zone: ZoneInfo,
    days: Sequence[date],
    now: datetime,
    seats: int,
) -> Difference:
    """How two sets of rules differ for one resource of so many seats, in starts after `now`. Pure."""
    before, after = (_starts(rules, zone=zone, days=days, now=now, seats=seats) for rules in (old, new))
    both = before.keys() & after.keys()
    changed = [after[start] for start in both if after[start] != before[start]]
    return Difference(
        added=sorted(slot for start, slot in after.items() if start not in both),
        removed=sorted(slot for start, slot in before.items() if start not in both),
        changed=sorted(changed),
        kept=len(both) - len(changed),
    )


def _starts(
    rules: Sequence[Rule], *, zone: ZoneInfo, days: Sequence[date], now: datetime, seats: int
) -> dict[datetime, SlotTime]:
    slots = (slot for day in days for slot in slots_of_day(rules, zone, day))
    return {
        slot.start_at: SlotTime(slot.start_at, slot.end_at, slot.date, min(slot.capacity, seats))
        for slot in slots
        if slot.start_at > now
    }


def preview_rule_change(
    *,
    organization_id: UUID,
    location_id: UUID,
    fields: RuleFields | None,
    rule_id: UUID | None = None,
    days: int = PREVIEW_DAYS,
) -> Preview:
    """What saving would do: `fields` alone add, with `rule_id` change, None with `rule_id` removes.

    REQ-RULE-3. Looks at `days` days from the location's today. It compares rules with rules, so it also
    tells the truth about days that have not been generated. Raises NotFound, InvalidInput.
    """
    scope = look_at_scope(organization_id, location_id)
    rows = rules_of(scope.location)
    others = [row for row in rows if row.id != rule_id]
    if rule_id is not None and len(others) == len(rows):
        raise NotFound("There are no such hours.")
    new = [rule_value(row) for row in others]
    if fields is not None:
        ensure_valid(fields, scope)
        new.append(fields.value())
    conflict = _conflict(fields, others, scope.location)
    return preview_of(scope, [rule_value(row) for row in rows], new, days=days, conflict=conflict)


def preview_day_hours(*, organization_id: UUID, wanted: DayHours, days: int = PREVIEW_DAYS) -> Preview:
    """What setting the hours of a weekday or a date would do; as `preview_rule_change`.

    A date that lies further ahead than `days` is looked at, too. Raises NotFound, InvalidInput.
    """
    scope = look_at_scope(organization_id, wanted.location_id)
    rows = rules_of(scope.location)
    plan = plan_day(wanted, rows)
    for fields in plan.added:
        ensure_valid(fields, scope)
    if wanted.day is not None:
        days = max(days, (wanted.day - scope.today()).days + 1)
    old, conflict = [rule_value(row) for row in rows], plan.conflict(scope)
    return preview_of(scope, old, plan.rules_after(), days=days, conflict=conflict)


def preview_of(
    scope: Scope, old: Sequence[Rule], new: Sequence[Rule], *, days: int, conflict: str | None
) -> Preview:
    """Compare all rules of a location with those that it would have."""
    location, zone, now = scope.location, ZoneInfo(scope.location.timezone), app_now()
    today = now.astimezone(zone).date()
    span = days_between(today - timedelta(days=1), today + timedelta(days=days - 1))
    by_resource = _differences(scope, old, new, zone=zone, days=span, now=now)
    removed = _named(by_resource, "removed")
    return Preview(
        first=today,
        last=span[-1],
        added=_named(by_resource, "added"),
        removed=removed,
        changed=_named(by_resource, "changed"),
        closed_with_bookings=_with_bookings(location.organization_id, removed),
        kept=sum(found.kept for found in by_resource.values()),
        conflict=conflict,
    )


def _differences(
    scope: Scope,
    old: Sequence[Rule],
    new: Sequence[Rule],
    *,
    zone: ZoneInfo,
    days: Sequence[date],
    now: datetime,
) -> dict[Resource, Difference]:
    """By resource that sells; who has the same rules before and after is compared once."""
    compared: dict[tuple[tuple[Rule, ...], tuple[Rule, ...], int], Difference] = {}
    found = {}
    for resource in scope.resources.values():
        if not sells(scope.location, resource):
            continue
        before, after = (
            tuple(rule for rule in rules if rule.resource_id in {None, resource.id}) for rules in (old, new)
        )
        key = (before, after, resource.capacity)
        if key not in compared:
            compared[key] = difference(before, after, zone=zone, days=days, now=now, seats=resource.capacity)
        found[resource] = compared[key]
    return found


def _named(by_resource: Mapping[Resource, Difference], part: str) -> list[PreviewSlot]:
    return sorted(
        (
            PreviewSlot(
                start_at=slot.start_at,
                end_at=slot.end_at,
                date=slot.date,
                resource_id=resource.id,
                resource_name=resource.name,
                capacity=slot.capacity,
            )
            for resource, found in by_resource.items()
            for slot in getattr(found, part)
        ),
        key=lambda slot: (slot.start_at, slot.resource_name, slot.resource_id),
    )


def _with_bookings(organization_id: UUID, removed: Sequence[PreviewSlot]) -> list[PreviewSlot]:
    if not removed:
        return []
    taken = set(
        SlotInstance.objects.for_organization(organization_id)
        .filter(
            resource__in={slot.resource_id for slot in removed},
            start_at__range=(removed[0].start_at, removed[-1].start_at),
            events__active=True,
        )
        .values_list("resource_id", "start_at")
    )
    return [slot for slot in removed if (slot.resource_id, slot.start_at) in taken]


def _conflict(
    fields: RuleFields | None, others: Iterable[AvailabilityRule], location: Location
) -> str | None:
    if fields is None:
        return None
    found = find_overlap(fields.value(), others, location=location)
    return None if found is None else found[1]
