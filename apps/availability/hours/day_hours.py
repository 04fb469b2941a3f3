"""Hours as owners think of them: of one weekday, or of one date (seed 003).

A rule can speak about several weekdays. To say something else about one of them, that day is taken out of the
rules that speak about it, and gets rules of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID

from apps.availability.errors import RuleOverlap
from apps.availability.hours.changes import (
    Scope,
    ensure_no_overlap,
    ensure_valid,
    fields_of,
    row_of,
    write_fields,
)
from apps.availability.hours.policies import RuleFields
from apps.availability.hours.rules import Rule
from apps.availability.models import AvailabilityRule, RuleKind
from apps.availability.offering.offers import rule_value
from apps.core.errors import InvalidInput

Window = tuple[time, time]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHours:
    """What somebody (without a resource: the location) works on a weekday, or on one date.

    Exactly one of `weekday` (ISO) and `day` is set. Windows are the location's wall time. Neither windows nor
    `is_closed` means: nothing of its own, so whatever comes next in the precedence decides again.
    """

    location_id: UUID
    resource_id: UUID | None = None
    weekday: int | None = None
    day: date | None = None
    windows: tuple[Window, ...] = ()
    is_closed: bool = False
    note: str = ""
    slot_capacity: int = 1
    slot_granularity_minutes: int = 15
    slot_duration_minutes: int = 30

    @property
    def kind(self) -> RuleKind:
        """Weekly hours, or an exception."""
        return RuleKind.EXCEPTION if self.weekday is None else RuleKind.WEEKLY

    def fields(self) -> list[RuleFields]:
        """The rules that say it."""
        if not self.is_closed and not self.windows:
            return []
        common = RuleFields(
            location_id=self.location_id,
            resource_id=self.resource_id,
            rule_kind=self.kind,
            days_of_week=() if self.weekday is None else (self.weekday,),
            valid_from=self.day,
            valid_to=self.day,
            slot_capacity=self.slot_capacity,
            slot_granularity_minutes=self.slot_granularity_minutes,
            slot_duration_minutes=self.slot_duration_minutes,
            is_closed=self.is_closed,
            note=self.note,
        )
        if self.is_closed:
            return [common]
        return [replace(common, start_time=start, end_time=end) for start, end in self.windows]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """Which rules go, which lose the weekday, which are new; and all of the location's, before and after."""

    removed: Sequence[AvailabilityRule]
    trimmed: Sequence[tuple[AvailabilityRule, RuleFields]]
    added: Sequence[RuleFields]
    staying: Sequence[AvailabilityRule]

    def rules_after(self) -> list[Rule]:
        """Every rule of the location, once the plan is carried out."""
        return [
            *(rule_value(row) for row in self.staying),
            *(fields.value() for _, fields in self.trimmed),
            *(fields.value() for fields in self.added),
        ]

    def values(self) -> list[Rule]:
        """The rules that change, as they were and as they will be."""
        return [
            *(rule_value(row) for row in self.removed),
            *(rule_value(row) for row, _ in self.trimmed),
            *(fields.value() for fields in self.added),
        ]

    def conflict(self, scope: Scope) -> str | None:
        """What is in the way of what is new, in words: hours that stay, or new ones of each other."""
        try:
            self._ensure_no_overlap(scope)
        except RuleOverlap as overlap:
            return overlap.detail
        return None

    def check(self, scope: Scope) -> None:
        """Raises InvalidInput, RuleOverlap."""
        for fields in self.added:
            ensure_valid(fields, scope)
        self._ensure_no_overlap(scope)

    def _ensure_no_overlap(self, scope: Scope) -> None:
        there = [*self.staying]
        for fields in self.added:
            ensure_no_overlap(fields.value(), there, location=scope.location)
            new = row_of(fields, scope.location.organization_id)
            new.resource = scope.resources.get(fields.resource_id) if fields.resource_id else None
            there.append(new)


def plan_day(wanted: DayHours, rows: Iterable[AvailabilityRule]) -> DayPlan:
    """What has to happen to a location's rules so that the day is as wanted. Writes nothing.

    Raises InvalidInput unless it is about a weekday or a date.
    """
    if (wanted.weekday is None) == (wanted.day is None):
        raise InvalidInput({"day": ["Say which weekday, or which date."]})
    removed, trimmed, staying = [], [], []
    for row in rows:
        rest = _without(wanted, row)
        if rest is None:
            staying.append(row)
        elif rest.rule_kind == RuleKind.WEEKLY and rest.days_of_week:
            trimmed.append((row, rest))
        else:
            removed.append(row)
    return DayPlan(removed=removed, trimmed=trimmed, added=wanted.fields(), staying=staying)


def _without(wanted: DayHours, row: AvailabilityRule) -> RuleFields | None:
    """What is left of a rule that speaks about just this day, or one weekday of it; None if it does not."""
    if row.resource_id != wanted.resource_id or row.rule_kind != wanted.kind:
        return None
    fields = fields_of(row)
    if wanted.weekday is None:
        return fields if row.valid_from == row.valid_to == wanted.day else None
    if wanted.weekday not in fields.days_of_week:
        return None
    return replace(fields, days_of_week=tuple(day for day in fields.days_of_week if day != wanted.weekday))


def write_plan(plan: DayPlan, organization_id: UUID) -> list[AvailabilityRule]:
    """Carry a plan out in the running transaction; returns the rows that are new or have changed."""
    AvailabilityRule.objects.for_organization(organization_id).filter(
        id__in=[row.id for row in plan.removed]
    ).delete()
    for row, fields in plan.trimmed:
        write_fields(row, fields)
        row.save()
    new = [row_of(fields, organization_id) for fields in plan.added]
    AvailabilityRule.objects.bulk_create(new)
    return [*(row for row, _ in plan.trimmed), *new]
