"""Fewer or more at once: whether what is booked still fits, and how it is moved together (DESIGN §5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.fields import Lanes
from apps.availability.lanes import Occupant, Period
from apps.availability.models import CalendarEvent, Resource
from apps.availability.time_off.painting import period_of
from apps.availability.time_off.pieces import FOREVER


@dataclass(frozen=True, slots=True)
class Conflict:
    """The first moment (UTC) at which more is taken than there would be."""

    starts_at: datetime
    in_use: int

    def in_words(self, zone: ZoneInfo, capacity: int) -> str:
        """For staff, in the location's time."""
        when = self.starts_at.astimezone(zone)
        places = "place is" if self.in_use == 1 else "places are"
        return (
            f"On {when:%A}, {when.day} {when:%B %Y} at {when:%H:%M} ({zone.key}), {self.in_use} {places} "
            f"taken at the same time: more than {capacity}. Move or cancel visits there first."
        )


@dataclass(frozen=True, slots=True)
class Packing:
    """Which lanes everybody gets below a new limit, or the first moment at which they don't fit."""

    moved: dict[UUID, Lanes]
    conflict: Conflict | None = None


def pack(occupants: Sequence[Occupant], *, capacity: int) -> Packing:
    """Lanes below a limit for all of these; whoever sits there already, and is in nobody's way, stays.

    Earliest first: intervals are a perfect graph, so this fits whenever the peak does.
    """
    if all(max(occupant.lanes) < capacity for occupant in occupants):
        return Packing({})
    seated: list[Occupant] = []
    moved: dict[UUID, Lanes] = {}
    for one in sorted(occupants, key=lambda occupant: (occupant.period, occupant.id)):
        seated = [other for other in seated if other.period.end > one.period.start]
        taken = {lane for other in seated for lane in other.lanes}
        free = [lane for lane in range(capacity) if lane not in taken]
        if len(free) < len(one.lanes):
            return Packing({}, Conflict(one.period.start, len(taken) + len(one.lanes)))
        lanes = one.lanes if set(one.lanes) <= set(free) else tuple(free[: len(one.lanes)])
        seated.append(replace(one, lanes=lanes))
        if lanes != one.lanes:
            moved[one.id] = lanes
    return Packing(moved)


@dataclass(frozen=True, slots=True)
class Room:
    """What would become of a resource with another capacity. `since` is where the moving begins (UTC)."""

    packing: Packing
    since: datetime


def room_below(resource: Resource, capacity: int, *, now: datetime) -> Room:
    """How what is on a resource from now on, beside its time off, fits below a capacity.

    What is over by now counts as far as it was there together with something that goes on. A
    lapsed hold counts no more: who moves the others ends it first.
    """
    hull = Period(now, FOREVER)
    while True:
        occupants = _beside_time_off(resource, hull, now=now)
        begins = min([hull.start, *(one.period.start for one in occupants)])
        if begins == hull.start:
            break
        hull = Period(begins, FOREVER)
    packing = pack(occupants, capacity=capacity)
    return Room(packing, since=hull.start if packing.moved else now)


def _beside_time_off(resource: Resource, period: Period, *, now: datetime) -> list[Occupant]:
    events = (
        CalendarEvent.objects.for_organization(resource.organization_id)
        .filter(resource=resource)
        .occupying(now)
        .exclude(expires_at__lte=now)  # whatever waits behind it is time off
        .overlapping(period.start, period.end)
    )
    return [
        Occupant(event.id, period_of(event), event.lanes)
        for event in events
        if not event.is_piece_of_time_off
    ]
