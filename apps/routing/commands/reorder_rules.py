"""Rules change places; their priorities follow."""

from collections.abc import Sequence
from uuid import UUID

from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput, NotFound
from apps.routing.writing import lock_rules, number_rules, rules_of


@command("routing.reorder_rules")
def reorder_rules(*, actor: Actor, rule_ids: Sequence[UUID]) -> int:
    """Let these rules stand in this order on the places that they hold now, and number all rules 1, 2, 3 …

    Defaults are tried last anyway and take no part. Of several rules with one priority, which can't meet,
    each gets a number of its own. Returns how many numbers changed (REQ-ROUTE-3). Raises NotFound, and
    InvalidInput for a rule that is named twice.
    """
    lock_rules(actor.organization_id)
    rules = [rule for rule in rules_of(actor.organization_id) if not rule.is_default]
    by_id = {rule.id: rule for rule in rules}
    if len(set(rule_ids)) != len(rule_ids):
        raise InvalidInput({"rule_ids": ["Each rule stands once in an order."]})
    if not by_id.keys() >= set(rule_ids):
        raise NotFound
    moved, named = iter(rule_ids), set(rule_ids)
    return number_rules(actor, [by_id[next(moved)] if rule.id in named else rule for rule in rules])
