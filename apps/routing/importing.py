"""What importing a file of rules would change, and what is wrong with it by line. Nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.flows.models import BookingFlow, FlowStatus, SchedulerConfig
from apps.routing.models import BookingFlowRouter
from apps.routing.overlaps import overlaps
from apps.routing.patterns import PathMatch
from apps.routing.transfer import Record, number_of, read, truth_of
from apps.routing.values import MAX_RULES, RuleValues, Share, problems_of
from apps.routing.writing import rules_of, values_of

Errors = dict[int, list[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one line of a file wants: a new rule, or what an existing one is to say; whether that is news."""

    line: int
    values: RuleValues
    rule: BookingFlowRouter | None
    changes: bool


@dataclass(slots=True)
class Plan:
    """What a file would change. With errors, by line, nothing may be."""

    wanted: list[Wanted] = field(default_factory=list)
    removed: list[BookingFlowRouter] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)

    @property
    def added(self) -> list[Wanted]:
        """New rules."""
        return [one for one in self.wanted if one.rule is None]

    @property
    def changed(self) -> list[Wanted]:
        """Rules that would say something else."""
        return [one for one in self.wanted if one.rule is not None and one.changes]

    @property
    def unchanged_count(self) -> int:
        """Lines that say what is there already."""
        return len(self.wanted) - len(self.added) - len(self.changed)


def plan_import(organization_id: UUID, text: str, *, replace: bool) -> Plan:
    """Compare a file with what is there. With `replace`, rules that are not in the file go.

    A line belongs to the rule with its id, else to one with the same place and conditions, else it is new.
    Raises BadFile.
    """
    records = read(text)
    rules = rules_of(organization_id)
    names = _Names.of(organization_id)
    plan = Plan()
    errors: defaultdict[int, list[str]] = defaultdict(list)
    free = {rule.id: rule for rule in rules}
    for line, record in records:
        values, problems = _values(record, names)
        errors[line] += problems
        rule = _rule_of(record, values, free)
        if rule is not None:
            del free[rule.id]
        plan.wanted.append(Wanted(line, values, rule, rule is None or values_of(rule) != values))
    plan.removed = list(free.values()) if replace else []
    kept = [] if replace else list(free.values())
    _look_for_conflicts(plan, kept, errors)
    if len(plan.wanted) + len(kept) > MAX_RULES:
        errors[0].append(f"There may be at most {MAX_RULES:,} rules.")
    plan.errors = {line: sentences for line, sentences in sorted(errors.items()) if sentences}
    return plan


def _rule_of(
    record: Record, values: RuleValues, free: Mapping[UUID, BookingFlowRouter]
) -> BookingFlowRouter | None:
    """Which of those that no line has spoken of yet it means."""
    named = _uuid(record.get("id"))
    if named is not None and named in free:
        return free[named]
    place = _place(values)
    return next((rule for rule in free.values() if _place(values_of(rule)) == place), None)


def _place(values: RuleValues) -> tuple[object, ...]:
    order = 0 if values.is_default else values.priority
    return values.is_default, order, values.pattern, values.scheduler_config_id


def _look_for_conflicts(
    plan: Plan, kept: Sequence[BookingFlowRouter], errors: defaultdict[int, list[str]]
) -> None:
    """Among all rules as they would be. Those that stay come first, so that lines get the blame."""
    there = [(0, values_of(rule)) for rule in kept]
    lines = [(one.line, one.values) for one in plan.wanted if not errors[one.line]]
    tried = [(line, values) for line, values in there + lines if values.active]
    ordinary = [one for one in tried if not one[1].is_default]
    for overlap in overlaps(
        (number, values.priority, values.pattern) for number, (_, values) in enumerate(ordinary)
    ):
        line, values = ordinary[overlap.other]
        other_line, other = ordinary[overlap.one]
        where = f"line {other_line}" if other_line else f"the rule that is there, {other.pattern.in_words()}"
        errors[line].append(
            f"It fits some of the same pages as {where}: {overlap.example}, for one. "
            f"Both have priority {values.priority}: give one of them another."
        )
    seen: dict[UUID | None, int] = {}
    for line, values in [one for one in there + lines if one[1].is_default]:
        if values.scheduler_config_id in seen:
            errors[line].append("There is a default for this widget already.")
        seen[values.scheduler_config_id] = line


@dataclass(frozen=True, slots=True)
class _Names:
    """Flows and widgets by their ids and titles; None stands for a title that several have."""

    flows: Mapping[str, UUID | None]
    configs: Mapping[str, UUID | None]

    @classmethod
    def of(cls, organization_id: UUID) -> "_Names":
        flows = BookingFlow.objects.for_organization(organization_id).exclude(status=FlowStatus.DELETED)
        configs = SchedulerConfig.objects.for_organization(organization_id)
        return cls(
            _by_name(flows.values_list("id", "title")),
            _by_name(configs.values_list("id", "name")),
        )


def _by_name(rows: Any) -> dict[str, UUID | None]:
    found: dict[str, UUID | None] = {}
    for row_id, name in rows:
        found[name.strip().lower()] = None if name.strip().lower() in found else row_id
        found[str(row_id)] = row_id
    return found


def _values(record: Record, names: _Names) -> tuple[RuleValues, list[str]]:
    """What a record says, and what is wrong with it."""
    problems: list[str] = []
    shares = [_share(entry, names, problems) for entry in _listed(record.get("flows"))]
    widget = str(record.get("widget") or "").strip()
    config_id = names.configs.get(widget.lower()) if widget else None
    if widget and config_id is None:
        problems.append(_unknown("widget", widget, names.configs))
    is_default, active = truth_of(record.get("default", False)), truth_of(record.get("active", True))
    if is_default is None or active is None:
        problems.append("“default” and “active” say yes or no.")
    match, query = str(record.get("match", "")), record.get("query", {})
    known = match in set(PathMatch)
    values = RuleValues(
        shares=[share for share in shares if share is not None],
        priority=number_of(record.get("priority", 100)),
        path_match=match if known else PathMatch.ANY,
        path=str(record.get("path") or "") if known else "",
        query=query if _is_query(query) else {"": ""},
        scheduler_config_id=config_id,
        is_default=bool(is_default),
        active=active is not False,
    )
    if not known:
        problems.append("“match” is one of: exact, prefix, glob, any.")
    if None not in shares:
        problems += [sentence for sentences in problems_of(values).values() for sentence in sentences]
    return values, problems


def _is_query(query: Any) -> bool:
    return isinstance(query, dict) and all(isinstance(value, str) for value in query.values())


def _listed(flows: Any) -> list[dict[str, Any]]:
    entries = flows if isinstance(flows, list) else []
    return [entry if isinstance(entry, dict) else {"flow": entry} for entry in entries]


def _share(entry: Mapping[str, Any], names: _Names, problems: list[str]) -> Share | None:
    name = str(entry.get("flow") or "").strip()
    flow_id = names.flows.get(name.lower())
    if flow_id is None:
        problems.append(_unknown("flow", name, names.flows))
        return None
    return Share(flow_id, number_of(entry.get("share", 1)))


def _unknown(what: str, name: str, known: Mapping[str, UUID | None]) -> str:
    if name.lower() in known:
        return f"Several {what}s are called “{name}”: write the id of the one that you mean."
    return f"There is no {what} “{name}” here."


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
