"""A file of rules takes effect, as a whole or not at all."""

from uuid import UUID

from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.routing.importing import Plan, Wanted, plan_import
from apps.routing.models import BookingFlowRouter
from apps.routing.transfer import BadFile
from apps.routing.writing import (
    as_audited,
    lock_rules,
    publish_change,
    put_values,
    record,
    values_of,
    write_variants,
)


@command("routing.import_rules")
def import_rules(*, actor: Actor, text: str, replace: bool = False) -> Plan:
    """Let the rules say what a file says (CSV or JSON); with `replace`, those that it leaves out go.

    Returns what was done. Raises InvalidInput, with what is wrong by line, and then nothing is (REQ-ROUTE-5).
    """
    lock_rules(actor.organization_id)
    try:
        plan = plan_import(actor.organization_id, text, replace=replace)
    except BadFile as error:
        raise InvalidInput({"file": [str(error)]}) from error
    if plan.errors:
        raise InvalidInput({f"line {line}": sentences for line, sentences in plan.errors.items()})
    for rule in plan.removed:
        rule_id, old = rule.id, as_audited(values_of(rule))
        rule.delete()
        record(actor, "removed", rule_id, old=old)
    # Rules that change places with one another are in nobody's way meanwhile.
    changing = [one.rule.id for one in plan.changed if one.rule is not None]
    rows = BookingFlowRouter.objects.for_organization(actor.organization_id).filter(id__in=changing)
    rows.update(active=False, is_default=False)
    gone = [rule.id for rule in plan.removed]
    written = [_write(actor, one) for one in [*plan.changed, *plan.added]]
    publish_change(actor.organization_id, [*gone, *written])
    return plan


def _write(actor: Actor, one: Wanted) -> UUID:
    rule = one.rule or BookingFlowRouter(organization_id=actor.organization_id)
    old = as_audited(values_of(rule)) if one.rule else None
    put_values(rule, one.values)
    rule.save()
    write_variants(rule, one.values.shares)
    record(actor, "changed" if old else "added", rule.id, old=old, **as_audited(one.values))
    return rule.id
