"""From rules to rows, as a diff: what `commands/generate_slots.py` does to a few resources at a time.

Days are compared by a digest of what they hold, so what is right already is found without being locked,
staged or written; nothing is remembered that could go stale (docs/adr/0008-digests-of-days.md). Starts travel
as evenly spaced runs, and PostgreSQL unfolds them.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from apps.availability.hours.rules import Rule, SlotRun, runs_of_day
from apps.availability.models import AvailabilityRule, Location, Resource, ResourceKind, SellsFrom
from apps.availability.offering.offers import rule_value
from apps.core.clock import app_now
from apps.core.ids import new_id

# What the rules make, as values of parameters; only the future is made, the past is history.
RUNS = """
run AS MATERIALIZED (
    SELECT * FROM unnest(
        %(plans)s::int[], %(dates)s::date[], %(firsts)s::timestamptz[], %(counts)s::int[], %(steps)s::int[],
        %(lengths)s::int[], %(capacities)s::smallint[]
    ) AS run(plan, date, first_at, starts, step, length, capacity)
)"""
UNFOLDED = """
    SELECT {columns}, run.date, run.capacity,
           run.first_at + number * run.step * interval '1 minute' AS start_at,
           run.first_at + (number * run.step + run.length) * interval '1 minute' AS end_at
    FROM {source}, generate_series(0, run.starts - 1) AS number
    WHERE run.first_at + number * run.step * interval '1 minute' > %(now)s
"""
# The sum of hashes does not depend on the order of the slots. Both sides cast to the same types.
DIGEST = "sum(hash_record_extended(ROW(start_at, end_at, capacity::int), 0))"

COMPARE = f"""
WITH {RUNS}, planned AS MATERIALIZED (
    SELECT plan, date, count(*) AS slots, {DIGEST} AS digest
    FROM ({UNFOLDED.format(columns="run.plan", source="run")}) AS unfolded
    GROUP BY plan, date
), wanted AS (
    SELECT member.resource_id, planned.date, planned.slots, planned.digest
    FROM unnest(%(resources)s::uuid[], %(resource_plans)s::int[]) AS member(resource_id, plan)
    JOIN planned USING (plan)
), stored AS (
    SELECT resource_id, date, {DIGEST} AS digest
    FROM availability_slotinstance
    WHERE location_id = %(location)s AND resource_id = ANY(%(resources)s) AND date = ANY(%(days)s)
      AND start_at > %(now)s AND NOT closed
    GROUP BY resource_id, date
)
SELECT resource_id, coalesce(sum(wanted.slots), 0)::int,
       array_agg(date) FILTER (WHERE wanted.digest IS DISTINCT FROM stored.digest)
FROM wanted FULL JOIN stored USING (resource_id, date)
GROUP BY resource_id
"""  # noqa: S608  (constants only)

# Past slots stay as they were; a slot is known by its start, so one that changes its date keeps its id.
NOT_MADE_ANY_MORE = """
    slot.location_id = %(location)s AND slot.resource_id = ANY(%(changed)s) AND slot.date = ANY(%(days)s)
    AND slot.start_at > %(now)s
    AND EXISTS (SELECT FROM pair WHERE pair.resource_id = slot.resource_id AND pair.date = slot.date)
    AND NOT EXISTS (
        SELECT FROM staged WHERE staged.resource_id = slot.resource_id AND staged.start_at = slot.start_at
    )
"""
# One statement, one snapshot: the four parts touch different rows. A slot that a rule makes again after it
# was closed is open again. Counters begin as those of an empty slot; the recount around events follows.
MERGE = f"""
WITH {RUNS}, pair AS MATERIALIZED (
    SELECT * FROM unnest(%(pair_resources)s::uuid[], %(pair_plans)s::int[], %(pair_dates)s::date[])
        AS pair(resource_id, plan, date)
), staged AS MATERIALIZED (
    {UNFOLDED.format(columns="pair.resource_id", source="pair JOIN run USING (plan, date)")}
), deleted AS (
    DELETE FROM availability_slotinstance AS slot
    WHERE {NOT_MADE_ANY_MORE}
      AND NOT EXISTS (SELECT FROM availability_calendarevent AS event WHERE event.slot_id = slot.id)
    RETURNING 1
), closed AS (
    UPDATE availability_slotinstance AS slot
    SET closed = true, status = 'blocked', updated_at = %(now)s
    WHERE {NOT_MADE_ANY_MORE} AND NOT slot.closed
      AND EXISTS (SELECT FROM availability_calendarevent AS event WHERE event.slot_id = slot.id)
    RETURNING 1
), updated AS (
    UPDATE availability_slotinstance AS slot
    SET end_at = staged.end_at, date = staged.date, capacity = staged.capacity, closed = false,
        booked = 0, hold = 0, status = 'open', updated_at = %(now)s
    FROM staged
    WHERE slot.location_id = %(location)s AND slot.resource_id = ANY(%(changed)s)
      AND slot.resource_id = staged.resource_id AND slot.start_at = staged.start_at
      AND (slot.end_at, slot.date, slot.closed, slot.capacity)
          IS DISTINCT FROM (staged.end_at, staged.date, false, staged.capacity)
    RETURNING 1
), inserted AS (
    INSERT INTO availability_slotinstance
        (id, organization_id, location_id, resource_id, date, start_at, end_at, capacity,
         booked, hold, status, closed, created_at, updated_at)
    SELECT (%(id_high)s || to_hex(%(id_low)s::bigint + row_number() OVER ()))::uuid, %(organization)s,
           %(location)s, resource_id, date, start_at, end_at, capacity, 0, 0, 'open', false, %(now)s, %(now)s
    FROM staged
    ON CONFLICT (location_id, resource_id, start_at) DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM inserted), (SELECT count(*) FROM updated), (SELECT count(*) FROM deleted),
       (SELECT count(*) FROM closed)
"""  # noqa: S608  (constants only)

# Counters differ from an empty slot's only around active events. The version tells readers that what they
# kept about the resource is old, also where no event made the recount say so.
RECOUNT_AROUND_EVENTS = """
SELECT availability_recount(resource_id, part) FROM (
    SELECT resource_id, unnest(range_agg(occupied)) AS part
    FROM availability_calendarevent
    WHERE active AND resource_id = ANY(%(changed)s)
      AND occupied && tstzrange(%(first_day)s::timestamptz, %(day_after)s::timestamptz)
    GROUP BY resource_id
) AS busy
"""
NEW_VERSION = "UPDATE availability_resource SET version = version + 1 WHERE id = ANY(%(changed)s)"
SOMEBODY = UUID(int=0)
# Further from its date than any zone, window and length can bring an event that a slot meets.
MARGIN = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class GenerationReport:
    """What a run did, in slots. Past ones count nowhere.

    `later` is what a worker does after the commit, in days of resources: forty people for ten days are 400.
    """

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    closed: int = 0
    kept: int = 0
    later: int = 0

    def __add__(self, other: "GenerationReport") -> "GenerationReport":
        return GenerationReport(
            *(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True))
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rules make of some resources on some days. Resources with the same rules share a number."""

    number_of: Mapping[UUID, int]
    runs: Sequence[tuple[int, SlotRun]]

    def parameters(self) -> dict[str, Any]:
        """The runs as the arrays that the statements unfold."""
        return {
            "plans": [number for number, _ in self.runs],
            "dates": [run.date for _, run in self.runs],
            "firsts": [run.first for _, run in self.runs],
            "counts": [run.count for _, run in self.runs],
            "steps": [run.step for _, run in self.runs],
            "lengths": [run.length for _, run in self.runs],
            "capacities": [run.capacity for _, run in self.runs],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the slots that are stored differ from a plan."""

    planned_by_resource: Mapping[UUID, int]
    differing: Mapping[UUID, Sequence[date]]

    @property
    def planned(self) -> int:
        """How many future slots the plan has."""
        return sum(self.planned_by_resource.values())

    def planned_of(self, resource_ids: Iterable[UUID]) -> int:
        """How many of them are these resources'."""
        return sum(self.planned_by_resource[resource_id] for resource_id in resource_ids)


def plan_slots(location: Location, resources: Collection[Resource], days: Sequence[date]) -> Plan:
    """Read the rules and expand them; resources with the same rules and capacity are expanded once."""
    shared = _rules_of(location, resources)
    zone, chosen = ZoneInfo(location.timezone), tuple(days)
    numbers: dict[tuple[tuple[Rule, ...], int], int] = {}
    runs: list[tuple[int, SlotRun]] = []
    number_of = {}
    for resource in resources:
        rules = shared[resource.id] if sells(location, resource) else ()
        key = (rules, resource.capacity)
        if key not in numbers:
            numbers[key] = len(numbers)
            runs += [(numbers[key], run) for run in _runs(rules, resource.capacity, zone, chosen)]
        number_of[resource.id] = numbers[key]
    return Plan(number_of, runs)


@lru_cache(maxsize=256)  # about 25 kB each for 90 days; the next batch of people mostly has the same rules
def _runs(
    rules: tuple[Rule, ...], capacity: int, zone: ZoneInfo, days: tuple[date, ...]
) -> tuple[SlotRun, ...]:
    """A slot never seats more than its resource."""
    return tuple(
        run if run.capacity <= capacity else run.limited_to(capacity)
        for day in days
        for run in runs_of_day(rules, zone, day)
    )


def _rules_of(location: Location, resources: Iterable[Resource]) -> dict[UUID, tuple[Rule, ...]]:
    """The location's rules and each resource's own; those of others at the location are not read."""
    ids = [resource.id for resource in resources]
    rows = AvailabilityRule.objects.for_organization(location.organization_id).filter(
        Q(resource__isnull=True) | Q(resource__in=ids), location=location
    )
    own: dict[UUID | None, list[Rule]] = {}
    for row in rows:
        rule = rule_value(row)
        # Whose they are plays no part any more, so people with equal hours of their own share a plan, too.
        own.setdefault(row.resource_id, []).append(
            replace(rule, resource_id=SOMEBODY) if row.resource_id else rule
        )
    return {resource_id: (*own.get(None, ()), *own.get(resource_id, ())) for resource_id in ids}


def sells(location: Location, resource: Resource) -> bool:
    """A location sells from its pool or from its people, never from both."""
    kind = ResourceKind.POOL if location.sells_from == SellsFrom.POOL else ResourceKind.PERSON
    return resource.active and resource.kind == kind


def compare(location: Location, plan: Plan, days: Sequence[date], *, now: datetime) -> Comparison:
    """On which days which resources' future slots are not what the plan says. Reads only."""
    values = plan.parameters() | {
        "resources": list(plan.number_of),
        "resource_plans": list(plan.number_of.values()),
        "location": location.id,
        "days": list(days),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, values)
        rows = cursor.fetchall()
    return Comparison(
        planned_by_resource={resource_id: planned for resource_id, planned, _ in rows},
        differing={resource_id: dates for resource_id, _, dates in rows if dates},
    )


def merge(
    location: Location, plan: Plan, differing: Mapping[UUID, Sequence[date]], *, now: datetime
) -> GenerationReport:
    """Make these days of locked resources what the plan says, and count what occupies them.

    `kept` is left at 0: a comparison knows the total.
    """
    pairs = [(resource_id, day) for resource_id, days in differing.items() for day in days]
    days = sorted({day for _, day in pairs})
    affected = {(plan.number_of[resource_id], day) for resource_id, day in pairs}
    needed = [(number, run) for number, run in plan.runs if (number, run.date) in affected]
    values = Plan(plan.number_of, needed).parameters() | {
        "pair_resources": [resource_id for resource_id, _ in pairs],
        "pair_plans": [plan.number_of[resource_id] for resource_id, _ in pairs],
        "pair_dates": [day for _, day in pairs],
        "organization": location.organization_id,
        "location": location.id,
        "changed": list(differing),
        "days": days,
        "first_day": days[0] - MARGIN,
        "day_after": days[-1] + MARGIN,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(MERGE, values | _first_id())
        inserted, updated, deleted, closed = cursor.fetchone()
        cursor.execute(RECOUNT_AROUND_EVENTS, values)
        cursor.execute(NEW_VERSION, values)
    return GenerationReport(inserted=inserted, updated=updated, deleted=deleted, closed=closed)


def make_true(location: Location, resources: Collection[Resource], days: Sequence[date]) -> GenerationReport:
    """Make these days of locked resources what the rules say now, where they differ."""
    plan, now = plan_slots(location, resources, days), app_now()
    found = compare(location, plan, days, now=now)
    if not found.differing:
        return GenerationReport(kept=found.planned)
    done = merge(location, plan, found.differing, now=now)
    return done + GenerationReport(kept=found.planned - done.inserted - done.updated)


def _first_id() -> dict[str, Any]:
    """A UUIDv7 to count on from: time and version, then the variant's bit pattern and 62 random bits.

    RFC 9562 (6.2, method 2) allows it: within one statement the random part is incremented. A random UUID
    for each row takes ten times as long, in PostgreSQL as in Python. One bit stays clear for the sum.
    """
    high = new_id().hex[:16]
    low = (0b10 << 62 | secrets.randbits(61)) - 2**64  # as a signed bigint
    return {"id_high": high, "id_low": low}
