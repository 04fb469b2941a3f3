"""Rules change places; their priorities follow."""

from collections.abc import Sequence
from uuid import UUID

from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import InvalidInput, NotFound
from apps.routing.models import BookingFlowRouter
from apps.routing.writing import lock_rules, publish_change, record, rules_of


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
    moved = iter(rule_ids)
    ordered = [by_id[next(moved)] if rule.id in set(rule_ids) else rule for rule in rules]
    changed = []
    for priority, rule in enumerate(ordered, start=1):
        if rule.priority != priority:
            record(actor, "moved", rule.id, old={"priority": rule.priority}, priority=priority)
            rule.priority = priority
            changed.append(rule)
    _write(actor.organization_id, changed)
    publish_change(actor.organization_id, [rule.id for rule in changed])
    return len(changed)


def _write(organization_id: UUID, changed: list[BookingFlowRouter]) -> None:
    """Two rules with the same conditions may change places: the unique index looks only at those in use."""
    rows = BookingFlowRouter.objects.for_organization(organization_id)
    rows.filter(id__in=[rule.id for rule in changed], active=True).update(active=False)
    now = app_now()
    for rule in changed:
        rule.updated_at = now
    BookingFlowRouter.objects.bulk_update(changed, ["priority", "active", "updated_at"], batch_size=500)
