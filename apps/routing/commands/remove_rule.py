"""A rule goes."""

from uuid import UUID

from apps.core.actors import Actor
from apps.core.commands import command
from apps.routing.writing import (
    as_audited,
    lock_rules,
    publish_change,
    record,
    rule_among,
    rules_of,
    values_of,
)


@command("routing.remove_rule")
def remove_rule(*, actor: Actor, rule_id: UUID) -> None:
    """Remove a rule; pages that it led to are led by the others (REQ-ROUTE-2). Raises NotFound."""
    lock_rules(actor.organization_id)
    rule = rule_among(rules_of(actor.organization_id), rule_id)
    old = as_audited(values_of(rule))
    rule.delete()
    record(actor, "removed", rule_id, old=old)
    publish_change(actor.organization_id, [rule_id])
