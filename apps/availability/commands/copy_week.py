"""One person's week for others, too."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.audit import log as audit
from apps.availability.commands.generate_slots import let_slots_follow
from apps.availability.hours.changes import (
    RulesWritten,
    days_to_regenerate,
    event_of,
    for_audit,
    lock_scope,
)
from apps.availability.hours.week_copy import others_of, plan_copy
from apps.availability.models import AvailabilityRule, Resource
from apps.availability.offering.offers import rule_value
from apps.availability.slots.generation import GenerationReport
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.core.outbox import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCopied:
    """The rules that the others have now, and what became of their slots."""

    rules: Sequence[AvailabilityRule]
    days: Sequence[date]
    report: GenerationReport


def copy_week(*, actor: Actor, source_id: UUID, target_ids: Collection[UUID]) -> WeekCopied:
    """Give these resources the weekly hours of another one at their location (REQ-RULE-4).

    Their own weekly hours are replaced; exceptions and hours for a while stay. Seats are limited to what each
    can serve. Slots follow after the commit. Raises NotFound, InvalidInput.
    """
    written = _copy(actor=actor, source_id=source_id, target_ids=target_ids)
    return WeekCopied(rules=written.rules, days=written.days, report=let_slots_follow(written))


@command("availability.copy_week")
def _copy(*, actor: Actor, source_id: UUID, target_ids: Collection[UUID]) -> RulesWritten:
    targets = others_of(source_id, target_ids)
    source = Resource.objects.for_organization(actor.organization_id).filter(id=source_id).first()
    if source is None:
        raise NotFound("There is no such person.")
    scope = lock_scope(actor.organization_id, source.location_id, [source_id, *targets])
    plan = plan_copy(scope, source_id, targets)
    replaced, copies = plan.removed, plan.copies
    AvailabilityRule.objects.for_organization(actor.organization_id).filter(
        id__in=[row.id for row in replaced]
    ).delete()
    AvailabilityRule.objects.bulk_create(copies)
    values = [rule_value(row) for row in (*replaced, *copies)]
    for target in targets:
        _record_copy(
            actor,
            source_id,
            scope.resources[target],
            old=[for_audit(row)["rule"] for row in replaced if row.resource_id == target],
            new=[for_audit(row)["rule"] for row in copies if row.resource_id == target],
        )
        mine = [row for row in (*replaced, *copies) if row.resource_id == target]
        publish(
            event_of(
                scope,
                [row.id for row in mine],
                [rule_value(row) for row in mine],
                resource_id=target,
            )
        )
    return RulesWritten(
        location=scope.location,
        resource_ids=targets,
        rules=copies,
        days=days_to_regenerate(scope, *values),
    )


def _record_copy(
    actor: Actor, source_id: UUID, target: Resource, *, old: Sequence[str], new: Sequence[str]
) -> None:
    audit.record(
        actor,
        "availability.week.copied",
        subject=audit.Subject(
            type="resource",
            id=target.id,
            location_id=target.location_id,
            resource_ids=[source_id, target.id],
        ),
        old={"rules": list(old)},
        new={"rules": list(new)},
        metadata={"source_id": str(source_id)},
    )
