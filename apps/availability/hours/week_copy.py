"""One person's week for others: what goes, what comes, and what that means for the times. Writes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from apps.availability.hours.changes import Scope, fields_of, look_at_scope, row_of, rules_of
from apps.availability.hours.preview import PREVIEW_DAYS, Preview, preview_of
from apps.availability.models import AvailabilityRule, RuleKind
from apps.availability.offering.offers import rule_value
from apps.core.errors import InvalidInput, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPlan:
    """The weekly rules that the others lose, and the copies that they get, not saved."""

    removed: Sequence[AvailabilityRule]
    copies: Sequence[AvailabilityRule]


def others_of(source_id: UUID, target_ids: Collection[UUID]) -> list[UUID]:
    """To whom a week goes, in order; nobody copies their own. Raises InvalidInput."""
    targets = sorted(set(target_ids) - {source_id})
    if not targets:
        raise InvalidInput({"target_ids": ["Choose somebody to copy to."]})
    return targets


def plan_copy(scope: Scope, source_id: UUID, targets: Collection[UUID]) -> WeekPlan:
    """What has to happen to the rules of a location. Raises InvalidInput where there is no week to copy."""
    weekly = [row for row in rules_of(scope.location) if row.rule_kind == RuleKind.WEEKLY]
    week = [row for row in weekly if row.resource_id == source_id]
    if not week:
        raise InvalidInput(
            {"source_id": [f"{scope.resources[source_id]} has no weekly hours that could be copied."]}
        )
    return WeekPlan(
        removed=[row for row in weekly if row.resource_id in targets],
        copies=[_copy_for(scope, row, target) for target in targets for row in week],
    )


def _copy_for(scope: Scope, row: AvailabilityRule, target: UUID) -> AvailabilityRule:
    seats = min(row.slot_capacity, scope.resources[target].capacity)
    fields = replace(fields_of(row), resource_id=target, slot_capacity=seats)
    return row_of(fields, row.organization_id)


def preview_copy(
    *,
    organization_id: UUID,
    location_id: UUID,
    source_id: UUID,
    target_ids: Collection[UUID],
    days: int = PREVIEW_DAYS,
) -> Preview:
    """What copying would do to the times of the others. Raises NotFound, InvalidInput."""
    targets = others_of(source_id, target_ids)
    scope = look_at_scope(organization_id, location_id)
    if not {source_id, *targets} <= scope.resources.keys():
        raise NotFound("There is no such person.")
    plan = plan_copy(scope, source_id, targets)
    going = {row.id for row in plan.removed}
    rows = rules_of(scope.location)
    after = [*(row for row in rows if row.id not in going), *plan.copies]
    old, new = ([rule_value(row) for row in some] for some in (rows, after))
    return preview_of(scope, old, new, days=days, conflict=None)
