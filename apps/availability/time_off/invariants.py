"""What must always hold of time off: where somebody is away every lane is taken, and by it nowhere else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from apps.availability.lanes import Occupant, Period
from apps.availability.models import CalendarEvent, SlotInstance, TimeOff
from apps.availability.time_off.painting import occurrences_of, period_of
from apps.availability.time_off.pieces import FOREVER, cut
from apps.core.clock import app_now

OF_LIVE_TIME_OFF = """
SELECT event.id, format('a piece of time off %s, cancelled at %s', time_off.id, time_off.cancelled_at)
FROM availability_calendarevent AS event
JOIN availability_timeoff AS time_off ON time_off.id = event.time_off_id
WHERE event.active AND event.type <> 'hold' AND upper(event.occupied) > time_off.cancelled_at
UNION ALL
SELECT event.id, format('on resource %s, but time off %s is of %s', event.resource_id, time_off.id,
                        time_off.resource_id)
FROM availability_calendarevent AS event
JOIN availability_timeoff AS time_off ON time_off.id = event.time_off_id
WHERE event.active AND event.resource_id IS DISTINCT FROM time_off.resource_id
"""


def badly_covered() -> Iterator[tuple[UUID, str]]:
    """Free time inside an occurrence, and pieces outside of all of them, from now on.

    A single time off is covered to its end, a repeated one as far as there are slots.
    """
    now = app_now()
    live = list(
        TimeOff.objects.all_organizations(reason="an invariant holds for everyone")
        .filter(cancelled_at__isnull=True)
        .select_related("resource__location")
    )
    events = _active_events({row.resource_id for row in live}, now)
    ends = _ends_of_slots({row.resource_id for row in live if row.rrule})
    for row in live:
        there = events[row.resource_id]
        until = ends.get(row.resource_id, now) if row.rrule else FOREVER
        if until > now:
            yield from _free_inside(row, there, Period(now, until))
        yield from _outside(row, there, now)


def _active_events(resource_ids: set[UUID], now: datetime) -> Mapping[UUID, list[CalendarEvent]]:
    found: dict[UUID, list[CalendarEvent]] = defaultdict(list)
    for event in (
        CalendarEvent.objects.all_organizations(reason="an invariant holds for everyone")
        .filter(resource__in=resource_ids, active=True)
        .overlapping(now, FOREVER)
    ):
        if event.resource_id is not None:
            found[event.resource_id].append(event)
    return found


def _ends_of_slots(resource_ids: set[UUID]) -> dict[UUID, datetime]:
    return dict(
        SlotInstance.objects.all_organizations(reason="an invariant holds for everyone")
        .filter(resource__in=resource_ids)
        .order_by()
        .values_list("resource_id")
        .annotate(Max("end_at"))
    )


def _free_inside(row: TimeOff, events: list[CalendarEvent], window: Period) -> Iterator[tuple[UUID, str]]:
    taken = [Occupant(event.id, period_of(event), event.lanes) for event in events]
    for occurrence in occurrences_of(row, window):
        visible = Period(max(occurrence.start, window.start), min(occurrence.end, window.end))
        for gap in cut(row.id, visible, taken, capacity=row.resource.capacity):
            yield row.id, f"lanes {gap.lanes} free from {gap.period.start} to {gap.period.end}"


def _outside(row: TimeOff, events: list[CalendarEvent], now: datetime) -> Iterator[tuple[UUID, str]]:
    for event in events:
        if event.time_off_id != row.id or not event.is_piece_of_time_off:
            continue
        ahead = Period(max(event.occupied.lower, now), event.occupied.upper)
        if not any(one.start <= ahead.start and ahead.end <= one.end for one in occurrences_of(row, ahead)):
            yield event.id, f"is no part of time off {row.id}"
