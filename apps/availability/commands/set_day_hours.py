"""Hours of one weekday, or of one date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.audit import log as audit
from apps.availability.commands.generate_slots import let_slots_follow
from apps.availability.hours.changes import (
    RulesWritten,
    days_to_regenerate,
    event_of,
    for_audit,
    lock_scope,
    rules_of,
)
from apps.availability.hours.day_hours import DayHours, plan_day, write_plan
from apps.availability.models import AvailabilityRule
from apps.availability.slots.generation import GenerationReport
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.outbox import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHoursSet:
    """The rules that are new or have changed, the location's dates concerned, and what became of slots."""

    rules: Sequence[AvailabilityRule]
    days: Sequence[date]
    report: GenerationReport


def set_day_hours(*, actor: Actor, wanted: DayHours) -> DayHoursSet:
    """Let a day be as wanted, whatever rules spoke about it before (REQ-RULE-1).

    Hours for a while and exceptions of several days stay; what is booked stays booked. Slots follow after
    the commit. Raises NotFound, InvalidInput, RuleOverlap.
    """
    written = _set(actor=actor, wanted=wanted)
    report = let_slots_follow(written) if written.days else GenerationReport()
    return DayHoursSet(rules=written.rules, days=written.days, report=report)


@command("availability.set_day_hours")
def _set(*, actor: Actor, wanted: DayHours) -> RulesWritten:
    scope = lock_scope(actor.organization_id, wanted.location_id, [wanted.resource_id])
    plan = plan_day(wanted, rules_of(scope.location))
    plan.check(scope)
    old = [for_audit(row)["rule"] for row in (*plan.removed, *(row for row, _ in plan.trimmed))]
    values = plan.values()
    rows = write_plan(plan, actor.organization_id)
    if values:
        audit.record(
            actor,
            "availability.day_hours.set",
            subject=audit.Subject(
                type="location" if wanted.resource_id is None else "resource",
                id=wanted.resource_id or wanted.location_id,
                location_id=wanted.location_id,
                resource_ids=[wanted.resource_id] if wanted.resource_id else [],
            ),
            old={"rules": old},
            new={"rules": [for_audit(row)["rule"] for row in rows]},
        )
        ids = [row.id for row in (*plan.removed, *rows)]
        publish(event_of(scope, ids, values, resource_id=wanted.resource_id))
    return RulesWritten(
        location=scope.location,
        resource_ids=[wanted.resource_id],
        rules=rows,
        days=days_to_regenerate(scope, *values) if values else [],
    )
