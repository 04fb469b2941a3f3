"""Hours: add, change, remove (seed 003).

The change commits first, then the slots of exactly the affected days follow, a batch of people at a time. So
hours of a branch of hundreds never lock all of them for seconds. In between nothing wrong can be booked: a
claim asks the rules, not the slots. If the process dies there, the outbox's reaction does the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.audit import log as audit
from apps.availability.commands.generate_slots import let_slots_follow
from apps.availability.hours.changes import (
    RulesWritten,
    days_to_regenerate,
    ensure_no_overlap,
    ensure_valid,
    event_of,
    find_rule,
    for_audit,
    lock_scope,
    row_of,
    rules_of,
    subject_of,
    write_fields,
)
from apps.availability.hours.policies import RuleFields
from apps.availability.models import AvailabilityRule
from apps.availability.offering.offers import rule_value
from apps.availability.slots.generation import GenerationReport
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.core.outbox import publish
from apps.core.versions import ensure_version


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A rule as it is now (of one that was removed: as it was), and what became of the slots.

    `days` are the location's dates that were looked at.
    """

    rule: AvailabilityRule
    days: Sequence[date]
    report: GenerationReport


def add_rule(*, actor: Actor, fields: RuleFields) -> RuleChange:
    """Add hours to a location or a resource, and let its slots follow (REQ-RULE-1).

    Raises NotFound, InvalidInput, RuleOverlap (with `rule_id` and `rule` of the one in the way).
    """
    return _followed(_add(actor=actor, fields=fields))


def change_rule(
    *, actor: Actor, rule_id: UUID, fields: RuleFields, expected_version: int | None = None
) -> RuleChange:
    """Give hours other values, and let the slots follow, on the days of before and of after (REQ-RULE-1).

    Hours may move to somebody else at their location, not to another location. What is booked stays booked.
    Raises NotFound, InvalidInput, RuleOverlap; StaleVersion where another version was expected.
    """
    return _followed(_change(actor=actor, rule_id=rule_id, fields=fields, expected_version=expected_version))


def remove_rule(*, actor: Actor, rule_id: UUID) -> RuleChange:
    """Take hours away, and let the slots follow (REQ-RULE-1); what is booked stays. Raises NotFound."""
    return _followed(_remove(actor=actor, rule_id=rule_id))


def _followed(written: RulesWritten) -> RuleChange:
    return RuleChange(rule=written.rules[0], days=written.days, report=let_slots_follow(written))


@command("availability.add_rule")
def _add(*, actor: Actor, fields: RuleFields) -> RulesWritten:
    scope = lock_scope(actor.organization_id, fields.location_id, [fields.resource_id])
    ensure_valid(fields, scope)
    ensure_no_overlap(fields.value(), rules_of(scope.location), location=scope.location)
    row = row_of(fields, actor.organization_id)
    row.save(force_insert=True)
    audit.record(actor, "availability.rule.added", subject=subject_of(row), new=for_audit(row))
    publish(event_of(scope, [row.id], [fields.value()], resource_id=row.resource_id))
    return RulesWritten(
        location=scope.location,
        resource_ids=[row.resource_id],
        rules=[row],
        days=days_to_regenerate(scope, fields.value()),
    )


@command("availability.change_rule")
def _change(*, actor: Actor, rule_id: UUID, fields: RuleFields, expected_version: int | None) -> RulesWritten:
    seen = find_rule(actor.organization_id, rule_id)
    if seen.location_id != fields.location_id:
        raise InvalidInput({"location_id": ["Hours stay at their location. Add new ones at the other."]})
    scope = lock_scope(actor.organization_id, seen.location_id, [seen.resource_id, fields.resource_id])
    row = find_rule(actor.organization_id, rule_id)
    ensure_version(row, expected_version)
    old, before = rule_value(row), for_audit(row)
    ensure_valid(fields, scope)
    others = [other for other in rules_of(scope.location) if other.id != row.id]
    ensure_no_overlap(fields.value(), others, location=scope.location)
    write_fields(row, fields)
    row.save()
    audit.record(actor, "availability.rule.changed", subject=subject_of(row), old=before, new=for_audit(row))
    # Hours that went from one to another concern both; so the event names nobody.
    concerned = row.resource_id if old.resource_id == row.resource_id else None
    publish(event_of(scope, [row.id], [old, fields.value()], resource_id=concerned))
    return RulesWritten(
        location=scope.location,
        resource_ids=list(dict.fromkeys([old.resource_id, row.resource_id])),
        rules=[row],
        days=days_to_regenerate(scope, old, fields.value()),
    )


@command("availability.remove_rule")
def _remove(*, actor: Actor, rule_id: UUID) -> RulesWritten:
    seen = find_rule(actor.organization_id, rule_id)
    scope = lock_scope(actor.organization_id, seen.location_id, [seen.resource_id])
    row = find_rule(actor.organization_id, rule_id)
    old = rule_value(row)
    AvailabilityRule.objects.for_organization(actor.organization_id).filter(id=row.id).delete()
    audit.record(actor, "availability.rule.removed", subject=subject_of(row), old=for_audit(row))
    publish(event_of(scope, [row.id], [old], resource_id=row.resource_id))
    return RulesWritten(
        location=scope.location,
        resource_ids=[row.resource_id],
        rules=[row],
        days=days_to_regenerate(scope, old),
    )
