"""What the commands on hours share: locking their scope, reading, and checking."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.availability.errors import RuleOverlap
from apps.availability.hours.events import AvailabilityRulesChanged
from apps.availability.hours.policies import RuleFields, affected_days, first_clash, problems_of
from apps.availability.hours.rules import Rule
from apps.availability.hours.words import clash_in_words, hours_in_words, rule_in_words
from apps.availability.models import AvailabilityRule, Location, Resource, RuleKind
from apps.availability.offering.offers import rule_value
from apps.availability.places.changes import lock_location
from apps.availability.slots.days import DAYS_BACK, today_at, with_slots
from apps.availability.slots.generation import sells
from apps.core.constraints import constraint_means
from apps.core.errors import InvalidInput, NotFound

# The commands find an overlap by themselves; this is for what comes past them.
constraint_means("rule_is_unique", RuleOverlap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A location whose hours are about to change, with the resources that they concern: all locked."""

    location: Location
    resources: Mapping[UUID, Resource]

    def today(self) -> date:
        """The location's date."""
        return today_at(self.location)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesWritten:
    """What a command has committed, and on which days (the location's) slots have to follow."""

    location: Location
    resource_ids: Sequence[UUID | None]
    rules: Sequence[AvailabilityRule]
    days: Sequence[date]


def find_location(organization_id: UUID, location_id: UUID) -> Location:
    """Unlocked, with its organization's policy. Raises NotFound."""
    locations = Location.objects.for_organization(organization_id).select_related("organization__policy")
    location = locations.filter(id=location_id).first()
    if location is None:
        raise NotFound("There is no such location.")
    return location


def lock_scope(organization_id: UUID, location_id: UUID, resource_ids: Collection[UUID | None]) -> Scope:
    """Lock everybody whose hours change, in the order of their ids, then the location itself.

    None is the location's own hours: they are everybody's who has none. The location's row is what makes two
    changes of a location without any resources take turns. Raises NotFound, InvalidInput.
    """
    find_location(organization_id, location_id)
    ids = {resource_id for resource_id in resource_ids if resource_id is not None}
    if None in resource_ids:
        everybody = Resource.objects.for_organization(organization_id).filter(location=location_id)
        ids |= set(everybody.values_list("id", flat=True))
    resources = occupancy.lock_resources(organization_id, ids)
    location = lock_location(organization_id, location_id)
    for resource in resources.values():
        if resource.location_id != location_id:
            raise InvalidInput({"resource_id": [f"{resource} does not work at {location}."]})
    return Scope(location=location, resources=resources)


def look_at_scope(organization_id: UUID, location_id: UUID) -> Scope:
    """A location with everybody there, unlocked: to look, not to write. Raises NotFound."""
    location = find_location(organization_id, location_id)
    resources = Resource.objects.for_organization(organization_id).filter(location=location)
    return Scope(location=location, resources={one.id: one for one in resources.order_by("name", "id")})


def rules_of(location: Location) -> list[AvailabilityRule]:
    """Every rule at a location, with its resource's name to say."""
    rows = AvailabilityRule.objects.for_organization(location.organization_id).filter(location=location)
    return list(rows.select_related("resource"))


def find_rule(organization_id: UUID, rule_id: UUID) -> AvailabilityRule:
    """Unlocked; read again once its scope is locked. Raises NotFound."""
    rule = AvailabilityRule.objects.for_organization(organization_id).filter(id=rule_id).first()
    if rule is None:
        raise NotFound("There are no such hours.")
    return rule


def ensure_valid(fields: RuleFields, scope: Scope) -> None:
    """Raise InvalidInput, by field and in words."""
    problems = problems_of(fields, seats=_seats(fields, scope), today=scope.today())
    if problems:
        raise InvalidInput(problems)


def _seats(fields: RuleFields, scope: Scope) -> int | None:
    """How many the rule's resources serve at once, at most; None where there is nobody yet."""
    if fields.resource_id is not None:
        if fields.resource_id not in scope.resources:
            raise InvalidInput({"resource_id": [f"They do not work at {scope.location}."]})
        return scope.resources[fields.resource_id].capacity
    selling = [one for one in scope.resources.values() if sells(scope.location, one)]
    return max((resource.capacity for resource in selling), default=None)


def ensure_no_overlap(rule: Rule, others: Iterable[AvailabilityRule], *, location: Location) -> None:
    """Raise RuleOverlap, which names the rule in the way, in words and by its id."""
    conflict = find_overlap(rule, others, location=location)
    if conflict is not None:
        row, words = conflict
        raise RuleOverlap(words, rule_id=str(row.id), rule=rule_in_words(rule_value(row)))


def find_overlap(
    rule: Rule, others: Iterable[AvailabilityRule], *, location: Location
) -> tuple[AvailabilityRule, str] | None:
    """The rule that speaks about the same hours as this one, and a sentence that says so."""
    for row in others:
        other = rule_value(row)
        day = first_clash(rule, other)
        if day is not None:
            whose = row.resource.name if row.resource is not None else location.name
            when = clash_in_words(day, rule, other)
            if rule.kind == other.kind == RuleKind.EXCEPTION:
                what = "closed" if other.is_closed else hours_in_words(other)
                words = f"“{row.note}”, {what}" if row.note else what
                return row, (
                    f"{whose} has an exception {when} already: {words}. Leave that day out, or remove the "
                    "other one first."
                )
            return row, (
                f"These hours overlap {when} with hours that {whose} has already: “{rule_in_words(other)}”. "
                "Change one of the two."
            )
    return None


def row_of(fields: RuleFields, organization_id: UUID) -> AvailabilityRule:
    """A new row, not saved."""
    row = AvailabilityRule(organization_id=organization_id, location_id=fields.location_id)
    write_fields(row, fields)
    return row


def write_fields(row: AvailabilityRule, fields: RuleFields) -> None:
    """Put the wanted values on a row; days are kept in order, and none are NULL."""
    row.resource_id = fields.resource_id
    row.rule_kind = fields.rule_kind
    row.days_of_week = sorted(set(fields.days_of_week)) or None
    row.start_time, row.end_time = fields.start_time, fields.end_time
    row.slot_capacity = fields.slot_capacity
    row.slot_granularity_minutes = fields.slot_granularity_minutes
    row.slot_duration_minutes = fields.slot_duration_minutes
    row.valid_from, row.valid_to = fields.valid_from, fields.valid_to
    row.is_closed, row.note = fields.is_closed, fields.note


def fields_of(row: AvailabilityRule) -> RuleFields:
    """A row as the fields that would write it."""
    return RuleFields(
        location_id=row.location_id,
        resource_id=row.resource_id,
        rule_kind=RuleKind(row.rule_kind),
        days_of_week=tuple(row.days_of_week or ()),
        start_time=row.start_time,
        end_time=row.end_time,
        slot_capacity=row.slot_capacity,
        slot_granularity_minutes=row.slot_granularity_minutes,
        slot_duration_minutes=row.slot_duration_minutes,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_closed=row.is_closed,
        note=row.note,
    )


def for_audit(row: AvailabilityRule) -> dict[str, Any]:
    """What the log keeps of a rule."""
    return {"rule": rule_in_words(rule_value(row)), "note": row.note}


def subject_of(row: AvailabilityRule) -> audit.Subject:
    """A rule as the log's subject."""
    resource_ids = [row.resource_id] if row.resource_id is not None else []
    return audit.Subject(
        type="availability_rule", id=row.id, location_id=row.location_id, resource_ids=resource_ids
    )


def event_of(
    scope: Scope, rule_ids: Sequence[UUID], values: Sequence[Rule], *, resource_id: UUID | None
) -> AvailabilityRulesChanged:
    """What to publish about these rules, before and after the change."""
    ends = [rule.valid_to for rule in values]
    # A window that began yesterday may reach into today.
    earliest = scope.today() - timedelta(days=DAYS_BACK)
    return AvailabilityRulesChanged(
        organization_id=scope.location.organization_id,
        location_id=scope.location.id,
        resource_id=resource_id,
        rule_ids=tuple(rule_ids),
        first_date=max(earliest, min(rule.valid_from or earliest for rule in values)),
        last_date=None if None in ends else max(end for end in ends if end is not None),
    )


def days_to_regenerate(scope: Scope, *rules: Rule | None) -> list[date]:
    """The days on which these rules, old and new, have or make slots: to the horizon or the last slot."""
    first, last = with_slots(scope.location, today=scope.today())
    return affected_days(*rules, first=first, last=last)
