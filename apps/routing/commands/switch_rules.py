"""Rules are switched on and off without being lost."""

from collections.abc import Collection
from uuid import UUID

from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.routing.writing import ensure_no_conflict, lock_rules, publish_change, record, rules_of


@command("routing.switch_rules")
def switch_rules(*, actor: Actor, rule_ids: Collection[UUID], active: bool) -> int:
    """Switch these rules on or off, all or none; returns how many were not so before (REQ-ROUTE-2).

    Raises NotFound, and RoutingConflict where one that is switched on could fit the same page as another.
    """
    lock_rules(actor.organization_id)
    rules = rules_of(actor.organization_id)
    wanted = [rule for rule in rules if rule.id in set(rule_ids)]
    if len(wanted) != len(set(rule_ids)):
        raise NotFound
    changed = [rule for rule in wanted if rule.active != active]
    for rule in changed:
        rule.active = active
    if active:
        ensure_no_conflict(rules, changed)
    for rule in changed:
        rule.save(update_fields=["active", "updated_at"])
        record(actor, "switched_on" if active else "switched_off", rule.id)
    publish_change(actor.organization_id, [rule.id for rule in changed])
    return len(changed)
