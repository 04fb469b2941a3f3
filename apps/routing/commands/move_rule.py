"""A rule goes one place up or down."""

from uuid import UUID

from apps.core.actors import Actor
from apps.core.commands import command
from apps.routing.writing import lock_rules, number_rules, rule_among, rules_of


@command("routing.move_rule")
def move_rule(*, actor: Actor, rule_id: UUID, up: bool) -> int:
    """Let a rule change places with its neighbour, and number all rules 1, 2, 3 … (REQ-ROUTE-3).

    At the end of the list it stays where it is. Returns how many numbers changed. Raises NotFound, also for a
    default, which is always last.
    """
    lock_rules(actor.organization_id)
    rules = [rule for rule in rules_of(actor.organization_id) if not rule.is_default]
    place = rules.index(rule_among(rules, rule_id))
    other = max(place - 1, 0) if up else min(place + 1, len(rules) - 1)
    rules[place], rules[other] = rules[other], rules[place]
    return number_rules(actor, rules)
