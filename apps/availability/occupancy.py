"""The heart: taking, converting and freeing time on a resource (DESIGN §5, docs/locking.md).

Everything here that writes expects its resources locked by `lock_resources`. The lock is what lets claims
succeed in turn; the exclusion constraint `event_no_lane_twice` is the backstop, and meeting it is a bug.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.range import TimestamptzRange

from apps.availability import counters
from apps.availability.errors import SlotFull
from apps.availability.fields import Lanes
from apps.availability.hours.rules import boundary
from apps.availability.lanes import Occupant, Period, connected, peak_in_use, place
from apps.availability.models import CalendarEvent, EventType, Location, Resource, SlotInstance
from apps.availability.time_off.painting import grow_into, period_of
from apps.core.errors import NotFound

# Counted under the same lock by whoever takes, frees or makes time.
recount = counters.recount
VISITS = frozenset({EventType.CUSTOMER, EventType.HOLD})


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


def lock_resources(organization_id: UUID, resource_ids: Iterable[UUID]) -> dict[UUID, Resource]:
    """Lock these resources until the transaction ends, in the order of their ids.

    `FOR NO KEY UPDATE`: rows that point at a resource can still be inserted by others. Raises NotFound.
    """
    wanted = set(resource_ids)
    locked = {
        resource.id: resource
        for resource in Resource.objects.for_organization(organization_id)
        .filter(id__in=wanted)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    }
    if locked.keys() != wanted:
        raise NotFound
    return locked


def lapsed_hold_ids(resources: Sequence[Resource], *, now: datetime) -> set[UUID]:
    """The holds on locked resources of one organization that are past their time and not yet swept.

    All of them, not only those in a claim's way: re-packing moves neighbours across the lanes that a lapsed
    hold still has in the table.
    """
    lapsed = (
        CalendarEvent.objects.for_organization(resources[0].organization_id)
        .filter(resource__in=resources, hold__isnull=False)
        .lapsed(now)
        .values_list("hold_id", flat=True)
    )
    return {hold_id for hold_id in lapsed if hold_id is not None}


def take(resource: Resource, claim: Claim, *, now: datetime, event: CalendarEvent) -> CalendarEvent:
    """Put an event on a locked resource, in the lowest free lanes, re-packing the others if need be.

    `event` comes with everything but its place. Lapsed holds in the way must have been ended before
    (`lapsed_hold_ids`). Raises SlotFull, also where a visit would exceed the resource's daily cap.
    """
    occupied = claim.occupied
    if event.type in VISITS:
        _check_daily_cap(resource, claim.visit, now=now)
    neighbours = _connected_occupants(resource, occupied, now=now)
    _check_count_limit(neighbours, claim)
    placement = place(neighbours, period=occupied, party=claim.party, capacity=resource.capacity)
    if placement is None:
        raise SlotFull
    if placement.moved:
        move_lanes(resource, placement.moved)
    event.resource = resource
    event.starts_at, event.ends_at = claim.visit.start, claim.visit.end
    event.occupied = TimestamptzRange(occupied.start, occupied.end)
    event.lanes = placement.lanes
    event.lane_limit = resource.capacity
    event.active = True
    event.save(force_insert=True)
    recount(resource.id, occupied)
    return event


def _check_count_limit(neighbours: list[Occupant], claim: Claim) -> None:
    limit = claim.count_limit
    if limit is not None and peak_in_use(neighbours, claim.visit) + claim.party > limit:
        raise SlotFull


def _check_daily_cap(resource: Resource, visit: Period, *, now: datetime) -> None:
    """Visits count on the day of the location on which they start; a hold counts while it lives."""
    if resource.daily_cap is None:
        return
    location = Location.objects.for_organization(resource.organization_id).get(id=resource.location_id)
    day = day_of(visit.start, ZoneInfo(location.timezone))
    visits = (
        CalendarEvent.objects.for_organization(resource.organization_id)
        .filter(resource=resource, starts_at__gte=day.start, starts_at__lt=day.end)
        .visits()
        .occupying(now)
    )
    if visits.count() >= resource.daily_cap:
        raise SlotFull


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


def convert_hold(event: CalendarEvent, *, booking_id: UUID, customer_id: UUID) -> CalendarEvent:
    """Turn a hold's event into the customer's, in place: at no moment is its time free."""
    event.type = EventType.CUSTOMER
    event.expires_at = None
    event.booking_id, event.customer_id = booking_id, customer_id
    event.time_off_id = None  # a visit does not lapse: its time off needs no reminding
    event.save(update_fields=["type", "expires_at", "booking", "customer", "time_off", "updated_at"])
    _recount_around(event)
    return event


def _recount_around(event: CalendarEvent) -> None:
    if event.resource_id is not None:
        recount(event.resource_id, period_of(event))


def ensure_room_by_counters(slot: SlotInstance, *, party: int) -> None:
    """Turn away before any lock who could not fit anyway. Raises SlotFull.

    Only what no expiry can change counts here: confirmed visits and time off. A hold may have lapsed.
    """
    if slot.closed or slot.booked + party > slot.capacity:
        raise SlotFull
