"""The heart: taking, converting and freeing time on a resource (DESIGN §5, docs/locking.md).

Everything here that writes expects its resources locked by `lock_resources`. The lock is what lets claims
succeed in turn; the exclusion constraint `event_no_lane_twice` is the backstop, and meeting it is a bug.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg.types.multirange import Int4Multirange
from psycopg.types.range import TimestamptzRange

from apps.availability import counters
from apps.availability.errors import SlotFull
from apps.availability.fields import Lanes, from_multirange
from apps.availability.hours.rules import boundary
from apps.availability.lanes import Occupant, Period, connected, place
from apps.availability.models import CalendarEvent, EventType, Location, Resource, SlotInstance
from apps.availability.time_off.painting import grow_into, period_of
from apps.core.asking import ask_row
from apps.core.errors import NotFound
from apps.core.functions import AppNow
from apps.core.kept_queries import KeptQuery

# Counted under the same lock by whoever takes, frees or makes time.
recount = counters.recount


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody wants of a resource. Times are UTC; `expires_at` makes it a hold."""

    visit: Period
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    party: int = 1
    count_limit: int | None = None  # a slot's capacity, where it is below the resource's

    @property
    def occupied(self) -> Period:
        """The visit and its buffers."""
        return Period(self.visit.start - self.buffer_before, self.visit.end + self.buffer_after)


LOCK = KeptQuery(
    lambda organization_id, ids: (
        Resource.objects.for_organization(organization_id)
        .filter(id__in=ids)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )
)
LAPSED = KeptQuery(
    lambda organization_id, resource_ids: (
        CalendarEvent.objects.for_organization(organization_id)
        .filter(resource_id__in=resource_ids, hold__isnull=False)
        .lapsed(AppNow())
    )
)


def lock_resources(organization_id: UUID, resource_ids: Iterable[UUID]) -> dict[UUID, Resource]:
    """Lock these resources until the transaction ends, in the order of their ids.

    `FOR NO KEY UPDATE`: rows that point at a resource can still be inserted by others. Raises NotFound.
    """
    wanted = set(resource_ids)
    locked = {resource.id: resource for resource in LOCK(organization_id, sorted(wanted))}
    if locked.keys() != wanted:
        raise NotFound
    return locked


def foresee_locks(organization_id: UUID, resource_ids: Iterable[UUID]) -> None:
    """Lock them with what is sent next."""
    LOCK.foresee(organization_id, sorted(set(resource_ids)))


def foresee_lapsed_holds(organization_id: UUID, resource_ids: Iterable[UUID]) -> None:
    """Look for them with what is sent next: the locks, and the clock."""
    LAPSED.foresee(organization_id, sorted(set(resource_ids)))


def lapsed_hold_ids(resources: Sequence[Resource]) -> set[UUID]:
    """The holds on locked resources of one organization that are past their time and not yet swept.

    All of them, not only those in a claim's way: re-packing moves neighbours across the lanes that a lapsed
    hold still has in the table.
    """
    lapsed = LAPSED(resources[0].organization_id, [resource.id for resource in resources])
    return {event.hold_id for event in lapsed if event.hold_id is not None}


TAKE = """
SELECT outcome, given FROM availability_take(
    %s::uuid, %s::tstzrange, %s::tstzrange, %s::int, %s::int, %s::tstzrange, %s::timestamptz, %s::uuid,
    %s::uuid, %s::text, %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::text, %s::timestamptz
)
"""


def take(resource: Resource, claim: Claim, *, now: datetime, event: CalendarEvent) -> CalendarEvent:
    """Put an event on a locked resource, in the lowest free lanes, re-packing the others if need be.

    `event` comes with everything but its place. Lapsed holds in the way must have been ended before
    (`lapsed_hold_ids`). Raises SlotFull, also where a visit would exceed the resource's daily cap.

    The rule is `availability_claim` (docs/adr/0011): one call decides, writes and counts.
    """
    outcome, lanes = _try_to_take(resource, claim, now=now, event=event)
    if outcome == "repack":
        _make_way(resource, claim, now=now)
        outcome, lanes = _try_to_take(resource, claim, now=now, event=event)
    if outcome != "taken" or lanes is None:
        raise SlotFull
    event.resource = resource
    event.starts_at, event.ends_at = claim.visit.start, claim.visit.end
    event.occupied = _range(claim.occupied)
    event.lanes = from_multirange(lanes)
    event.lane_limit = resource.capacity
    event.active = True
    event.created_at = event.updated_at = now
    event._state.adding = False  # noqa: SLF001  (as save() would leave it)
    event._state.db = connection.alias  # noqa: SLF001
    return event


def _try_to_take(
    resource: Resource, claim: Claim, *, now: datetime, event: CalendarEvent
) -> tuple[str, Int4Multirange | None]:
    values: tuple[Any, ...] = (
        resource.id,
        _range(claim.visit),
        _range(claim.occupied),
        claim.party,
        claim.count_limit,
        _day(resource, claim.visit),
        now,
        event.id,
        event.organization_id,
        event.type,
        event.hold_id,
        event.line_id,
        event.slot_id,
        event.booking_id,
        event.customer_id,
        event.time_off_id,
        event.note,
        event.expires_at,
    )
    outcome, lanes = ask_row(TAKE, values).answer()
    return outcome, lanes


def _make_way(resource: Resource, claim: Claim, *, now: datetime) -> None:
    """Give the neighbours other lanes, so that the claim's lanes run free through its whole period."""
    placement = place(
        _connected_occupants(resource, claim.occupied, now=now),
        period=claim.occupied,
        party=claim.party,
        capacity=resource.capacity,
    )
    if placement is None:
        raise SlotFull
    move_lanes(resource, placement.moved)


def _range(period: Period) -> TimestamptzRange:
    return TimestamptzRange(period.start, period.end)


def _day(resource: Resource, visit: Period) -> TimestamptzRange | None:
    """The day of the location on which a visit starts, where a daily cap makes it count."""
    if resource.daily_cap is None:
        return None
    location = Location.objects.for_organization(resource.organization_id).get(id=resource.location_id)
    return _range(day_of(visit.start, ZoneInfo(location.timezone)))


def day_of(moment: datetime, zone: ZoneInfo) -> Period:
    """The day, from midnight to midnight on the wall, that a moment belongs to."""
    day = moment.astimezone(zone).date()
    midnight = datetime.combine(day, time.min)
    return Period(boundary(midnight, zone), boundary(midnight + timedelta(days=1), zone))


def _connected_occupants(resource: Resource, period: Period, *, now: datetime) -> list[Occupant]:
    """The occupants that overlap the period; where lanes could need re-packing, their whole neighbourhood.

    With one lane there is nothing to re-pack, so the common case reads only the overlap.
    """
    overlap = _occupants(resource, period, now=now)
    if resource.capacity == 1 or not overlap:
        return overlap
    hull = period
    while True:
        wider = Period(
            min(hull.start, *(o.period.start for o in overlap)),
            max(hull.end, *(o.period.end for o in overlap)),
        )
        if wider == hull:
            return connected(overlap, period)
        hull = wider
        overlap = _occupants(resource, hull, now=now)


def _occupants(resource: Resource, period: Period, *, now: datetime) -> list[Occupant]:
    rows = (
        CalendarEvent.objects.for_organization(resource.organization_id)
        .filter(resource=resource)
        .occupying(now)
        .overlapping(period.start, period.end)
        .values_list("id", "occupied", "lanes")
    )
    return [
        Occupant(id=event_id, period=Period(occupied.lower, occupied.upper), lanes=lanes)
        for event_id, occupied, lanes in rows
    ]


def move_lanes(resource: Resource, moved: Mapping[UUID, Lanes]) -> None:
    """Permute lanes on a locked resource, in one statement.

    The exclusion constraint looks at the end of the statement, not at its rows in turn. Who was placed
    before the capacity was raised may now get a lane that was not there then.
    """
    CalendarEvent.objects.for_organization(resource.organization_id).bulk_update(
        [
            CalendarEvent(id=event_id, lanes=lanes, lane_limit=resource.capacity)
            for event_id, lanes in moved.items()
        ],
        ["lanes", "lane_limit"],
    )


def free(events: Iterable[CalendarEvent]) -> None:
    """Take these events off their locked resources; the rows stay as history.

    Time off that was cut around them grows into the gap, in the same transaction.
    """
    for event in events:
        if not event.active:
            continue
        event.active = False
        event.save(update_fields=["active", "updated_at"])
        if event.resource_id is not None:
            grow_into(event.organization_id, {event.resource_id: period_of(event)})
        _recount_around(event)


CONVERT = "SELECT availability_convert(%s::uuid[], %s::uuid, %s::uuid)"


def convert_holds(events: Sequence[CalendarEvent], *, booking_id: UUID, customer_id: UUID) -> None:
    """Turn holds' events into the customer's, in place and in one call: at no moment is their time free."""
    ask_row(CONVERT, [[event.id for event in events], booking_id, customer_id])
    for event in events:
        event.type = EventType.CUSTOMER
        event.expires_at = event.time_off_id = None
        event.booking_id, event.customer_id = booking_id, customer_id


def _recount_around(event: CalendarEvent) -> None:
    if event.resource_id is not None:
        recount(event.resource_id, period_of(event))


def ensure_room_by_counters(slot: SlotInstance, *, party: int) -> None:
    """Turn away before any lock who could not fit anyway. Raises SlotFull.

    Only what no expiry can change counts here: confirmed visits and time off. A hold may have lapsed.
    """
    if slot.closed or slot.booked + party > slot.capacity:
        raise SlotFull
