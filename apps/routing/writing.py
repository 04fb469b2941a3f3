"""What the commands that change rules share: the lock, the check for conflicts, the rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.errors import InvalidInput, NotFound
from apps.core.outbox import publish
from apps.flows.models import BookingFlow, FlowStatus, SchedulerConfig
from apps.routing.errors import RoutingConflict
from apps.routing.events import RoutingRulesChanged
from apps.routing.models import BookingFlowRouter, RouterVariant
from apps.routing.overlaps import overlaps
from apps.routing.values import MAX_RULES, RuleValues, Share, problems_of

ANOTHER_BUSINESS = "There is no such {what} here."


def lock_rules(organization_id: UUID) -> None:
    """Take the organization's rules: whoever changes them does so one at a time.

    An advisory lock until the transaction ends, which is combined with no other (docs/locking.md). Rows would
    not do: two new rules have none yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"routing {organization_id}"]
        )


def rules_of(organization_id: UUID) -> list[BookingFlowRouter]:
    """All of an organization's rules with their flows, in the order in which they are tried."""
    return list(
        BookingFlowRouter.objects.for_organization(organization_id)
        .in_order()
        .select_related("flow", "scheduler_config")
        .prefetch_related("variants__flow")
    )


def rule_among(rules: Iterable[BookingFlowRouter], rule_id: UUID) -> BookingFlowRouter:
    """The rule with this id. Raises NotFound."""
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise NotFound


def ensure_valid(organization_id: UUID, values: RuleValues) -> None:
    """Refuse values that no rule may have, and rows that are not the organization's. Raises InvalidInput."""
    problems = problems_of(values)
    flows = BookingFlow.objects.for_organization(organization_id).exclude(status=FlowStatus.DELETED)
    wanted = {share.flow_id for share in values.shares}
    if flows.filter(id__in=wanted).count() != len(wanted):
        problems.setdefault("flow", []).append(ANOTHER_BUSINESS.format(what="flow"))
    configs = SchedulerConfig.objects.for_organization(organization_id)
    if values.scheduler_config_id and not configs.filter(id=values.scheduler_config_id).exists():
        problems.setdefault("scheduler_config", []).append(ANOTHER_BUSINESS.format(what="widget"))
    if problems:
        raise InvalidInput(problems)


def ensure_no_conflict(rules: Iterable[BookingFlowRouter], changed: Iterable[BookingFlowRouter]) -> None:
    """Refuse two rules in use of one priority that could fit one page. Call it under the lock.

    Raises RoutingConflict, which names the first of them that is not among the `changed`.
    """
    mine = {rule.id for rule in changed}
    priorities = {rule.priority for rule in rules if rule.id in mine}
    tried = [one for one in rules if one.active and not one.is_default and one.priority in priorities]
    # The others first, so that what is refused is what was changed.
    tried.sort(key=lambda rule: rule.id in mine)
    for overlap in overlaps((rule, rule.priority, rule.pattern()) for rule in tried):
        raise RoutingConflict.between(
            priority=overlap.other.priority,
            mine=overlap.other.pattern().in_words(),
            theirs=overlap.one.pattern().in_words(),
            rule_id=overlap.one.id,
            example=overlap.example,
        )


def ensure_room(count: int) -> None:
    """Raises InvalidInput for more rules than priorities."""
    if count > MAX_RULES:
        raise InvalidInput({"rules": [f"There may be at most {MAX_RULES:,} rules."]})


def put_values(rule: BookingFlowRouter, values: RuleValues) -> None:
    """Let a rule say this; nothing is written."""
    rule.priority, rule.is_default, rule.active = values.priority, values.is_default, values.active
    rule.path_match, rule.path, rule.query = values.path_match, values.path, dict(values.query)
    rule.scheduler_config_id = values.scheduler_config_id
    rule.flow_id, rule.weight = values.shares[0].flow_id, values.shares[0].weight


def write_variants(rule: BookingFlowRouter, shares: Sequence[Share]) -> None:
    """Write the flows of a saved rule beside its own, where they differ from those that it has."""
    wanted = {share.flow_id: share.weight for share in shares[1:]}
    kept = {variant.flow_id: variant for variant in rule.variants.all()}
    gone = [variant.id for flow_id, variant in kept.items() if flow_id not in wanted]
    if gone:
        RouterVariant.objects.for_organization(rule.organization_id).filter(id__in=gone).delete()
    for flow_id, weight in wanted.items():
        variant = kept.get(flow_id)
        if variant is None:
            RouterVariant.objects.create(
                organization_id=rule.organization_id, router=rule, flow_id=flow_id, weight=weight
            )
        elif variant.weight != weight:
            variant.weight = weight
            variant.save(update_fields=["weight", "updated_at"])


def number_rules(actor: Actor, ordered: Sequence[BookingFlowRouter]) -> int:
    """Give these rules the priorities 1, 2, 3 …; returns how many had another before.

    Rules of one organization, all but the defaults, under the lock.
    """
    changed = []
    for priority, rule in enumerate(ordered, start=1):
        if rule.priority != priority:
            record(actor, "moved", rule.id, old={"priority": rule.priority}, priority=priority)
            rule.priority = priority
            changed.append(rule)
    # Two rules with the same conditions may change places: the unique index looks only at those in use.
    rows = BookingFlowRouter.objects.for_organization(actor.organization_id)
    rows.filter(id__in=[rule.id for rule in changed], active=True).update(active=False)
    now = app_now()
    for rule in changed:
        rule.updated_at = now
    BookingFlowRouter.objects.bulk_update(changed, ["priority", "active", "updated_at"], batch_size=500)
    publish_change(actor.organization_id, [rule.id for rule in changed])
    return len(changed)


def values_of(rule: BookingFlowRouter) -> RuleValues:
    """What a stored rule says."""
    return RuleValues(
        shares=[Share(flow.id, weight) for flow, weight in rule.shares()],
        priority=rule.priority,
        path_match=rule.path_match,
        path=rule.path,
        query=rule.query,
        scheduler_config_id=rule.scheduler_config_id,
        is_default=rule.is_default,
        active=rule.active,
    )


def as_audited(values: RuleValues) -> dict[str, Any]:
    """A rule as the audit log keeps it."""
    return {
        "priority": values.priority,
        "conditions": values.pattern.in_words(),
        "flows": [{"flow_id": str(share.flow_id), "weight": share.weight} for share in values.shares],
        "widget": str(values.scheduler_config_id) if values.scheduler_config_id else None,
        "default": values.is_default,
        "on": values.active,
    }


def record(
    actor: Actor, verb: str, rule_id: UUID, *, old: Mapping[str, Any] | None = None, **new: Any
) -> None:
    """Write into the audit log what became of a rule."""
    subject = audit.Subject(type="routing_rule", id=rule_id)
    audit.record(actor, f"routing.rule.{verb}", subject=subject, old=old, new=new)


def publish_change(organization_id: UUID, rule_ids: Iterable[UUID]) -> None:
    """Say that rules were changed, if any was."""
    ids = list(rule_ids)
    if ids:
        publish(RoutingRulesChanged(organization_id=organization_id, rule_ids=ids))
