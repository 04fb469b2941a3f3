"""A rule is added, or says something else."""

from uuid import UUID

from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.versions import ensure_version
from apps.routing.models import BookingFlowRouter
from apps.routing.values import RuleValues
from apps.routing.writing import (
    as_audited,
    ensure_no_conflict,
    ensure_room,
    ensure_valid,
    lock_rules,
    publish_change,
    put_values,
    record,
    rule_among,
    rules_of,
    values_of,
    write_variants,
)


@command("routing.save_rule")
def save_rule(
    *, actor: Actor, values: RuleValues, rule_id: UUID | None = None, expected_version: int | None = None
) -> BookingFlowRouter:
    """Add a rule, or change the one with this id (REQ-ROUTE-2).

    Raises InvalidInput, NotFound, StaleVersion, RoutingConflict (another rule of this priority could fit the
    same page), DefaultTaken.
    """
    lock_rules(actor.organization_id)
    rules = rules_of(actor.organization_id)
    rule = rule_among(rules, rule_id) if rule_id else BookingFlowRouter(organization_id=actor.organization_id)
    old = values_of(rule) if rule_id else None
    if old is not None:
        ensure_version(rule, expected_version)
    else:
        rules.append(rule)
        ensure_room(len(rules))
    ensure_valid(actor.organization_id, values)
    put_values(rule, values)
    ensure_no_conflict(rules, [rule])
    if old is not None and as_audited(old) == as_audited(values) and old.query == values.query:
        return rule
    rule.save()
    write_variants(rule, values.shares)
    record(
        actor,
        "changed" if old else "added",
        rule.id,
        old=as_audited(old) if old else None,
        **as_audited(values),
    )
    publish_change(actor.organization_id, [rule.id])
    return rule
