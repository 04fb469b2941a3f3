"""A copy of a rule, to be changed before it is used."""

from dataclasses import replace
from uuid import UUID

from apps.core.actors import Actor
from apps.core.commands import command
from apps.routing.models import BookingFlowRouter
from apps.routing.writing import (
    as_audited,
    ensure_room,
    lock_rules,
    publish_change,
    put_values,
    record,
    rule_among,
    rules_of,
    values_of,
    write_variants,
)


@command("routing.duplicate_rule")
def duplicate_rule(*, actor: Actor, rule_id: UUID) -> BookingFlowRouter:
    """Copy a rule with its flows; the copy is switched off, as it would meet the other (REQ-ROUTE-3).

    The copy of a default is an ordinary rule for any page. Raises NotFound, InvalidInput.
    """
    lock_rules(actor.organization_id)
    rules = rules_of(actor.organization_id)
    ensure_room(len(rules) + 1)
    values = replace(values_of(rule_among(rules, rule_id)), active=False, is_default=False)
    copy = BookingFlowRouter(organization_id=actor.organization_id)
    put_values(copy, values)
    copy.save()
    write_variants(copy, values.shares)
    record(actor, "added", copy.id, **as_audited(values))
    publish_change(actor.organization_id, [copy.id])
    return copy
