"""What a change would mean, in plain sentences, before it is made. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.errors import CapacityInUse
from apps.availability.models import (
    CalendarEvent,
    EventType,
    Location,
    Resource,
    ResourceKind,
    SellsFrom,
    SlotInstance,
)
from apps.availability.places.capacity import Conflict, room_below
from apps.availability.places.changes import UNSET, LocationChanges, ResourceChanges
from apps.core.clock import app_now
from apps.core.errors import InvalidInput, NotFound

LARGEST_CAPACITY = 1000
SIDES = {SellsFrom.POOL: ResourceKind.POOL, SellsFrom.PEOPLE: ResourceKind.PERSON}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Whether a change is possible, and what it means for staff and customers."""

    possible: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SellingSide:
    """What is booked on one of the two sides of a location, from now on."""

    bookings: int
    holds: int
    times: int


def check_capacity(capacity: int) -> None:
    """Raises InvalidInput."""
    if not 1 <= capacity <= LARGEST_CAPACITY:
        raise InvalidInput({"capacity": [f"Between 1 and {LARGEST_CAPACITY}."]})


def check_sells_from(sells_from: str) -> SellsFrom:
    """The side by its name. Raises InvalidInput."""
    if sells_from not in SellsFrom.values:
        raise InvalidInput({"sells_from": [f"Choose one of {', '.join(SellsFrom.values)}."]})
    return SellsFrom(sells_from)


def refusal(conflict: Conflict, zone: ZoneInfo, capacity: int) -> CapacityInUse:
    """The error that says where a capacity is in use."""
    return CapacityInUse(
        conflict.in_words(zone, capacity),
        starts_at=conflict.starts_at.isoformat().replace("+00:00", "Z"),
        in_use=conflict.in_use,
    )


def preview_capacity(*, organization_id: UUID, resource_id: UUID, capacity: int) -> Preview:
    """What it would mean if a resource served so many at once. Raises NotFound, InvalidInput."""
    check_capacity(capacity)
    resource = (
        Resource.objects.for_organization(organization_id)
        .filter(id=resource_id)
        .select_related("location")
        .first()
    )
    if resource is None:
        raise NotFound("There is no such person or resource.")
    if capacity == resource.capacity:
        return Preview(possible=True, sentences=("That is what it is now: nothing changes.",))
    now, zone = app_now(), ZoneInfo(resource.location.timezone)
    sentences = [f"{resource.name} would serve {capacity} at the same time instead of {resource.capacity}."]
    if capacity > resource.capacity:
        sentences.append("Times whose hours allow more than one get the new places at once.")
        return Preview(possible=True, sentences=(*sentences, "Nothing that is booked changes."))
    room = room_below(resource, capacity, now=now)
    if room.packing.conflict is not None:
        return Preview(possible=False, sentences=(*sentences, room.packing.conflict.in_words(zone, capacity)))
    sentences.append(
        f"Everything fits that is booked from now on ({_bookings(_visits([resource], now)).lower()})."
    )
    return Preview(possible=True, sentences=(*sentences, "No visit changes its time."))


def preview_sells_from(*, organization_id: UUID, location_id: UUID, sells_from: str) -> Preview:
    """What it would mean if a location sold from its pool, or its people. Raises NotFound, InvalidInput."""
    side = check_sells_from(sells_from)
    location = Location.objects.for_organization(organization_id).filter(id=location_id).first()
    if location is None:
        raise NotFound("There is no such location.")
    if location.sells_from == side:
        return Preview(possible=True, sentences=("That is how it is now: nothing changes.",))
    return Preview(possible=True, sentences=switch_in_words(location, side))


def switch_in_words(location: Location, side: SellsFrom) -> tuple[str, ...]:
    """What a switch to this side means, as things are now."""
    now = app_now()
    old = SellsFrom(location.sells_from)
    stopping, starting = (
        list(
            Resource.objects.for_organization(location.organization_id).filter(
                location=location, kind=SIDES[each]
            )
        )
        for each in (old, side)
    )
    stops = side_of(location, stopping, now)
    what = "a person" if side is SellsFrom.PEOPLE else "a place in the pool"
    whose = "its people" if old is SellsFrom.PEOPLE else "the pool"
    sentences = [
        f"Customers of {location.name} would book {what}.",
        f"{_times(stops.times)} of {whose} would not be on offer any more.",
        _stay(stops.bookings),
    ]
    if stops.holds:
        sentences.append(f"{_holds(stops.holds)} just now; they can still finish.")
    if side is SellsFrom.PEOPLE and not any(person.active for person in starting):
        sentences.append("Nobody works here yet: customers would find no times until you add somebody.")
    if side is SellsFrom.POOL:
        places = starting[0].capacity if starting else 1
        sentences.append(f"The pool has {places} {'place' if places == 1 else 'places'}.")
    return tuple(sentences)


def location_consequences(
    *, organization_id: UUID, location_id: UUID, changes: LocationChanges
) -> tuple[str, ...]:
    """What a change of a branch means for its times and bookings; nothing where it means nothing."""
    location = Location.objects.for_organization(organization_id).get(id=location_id)
    resources = list(Resource.objects.for_organization(organization_id).filter(location=location))
    side = side_of(location, resources, app_now())
    sentences: list[str] = []
    if changes.timezone not in {UNSET, location.timezone}:
        sentences.append(
            f"All hours and time off of {location.name} would be read on the clock of {changes.timezone} "
            f"instead of {location.timezone}."
        )
        if side.bookings:
            sentences.append(
                f"{_bookings(side.bookings)} from now on would stay at the very moment as booked."
            )
    if changes.active is False and location.active:
        sentences += _switched_off(location.name, side)
    return tuple(sentences)


def resource_consequences(
    *, organization_id: UUID, resource_id: UUID, changes: ResourceChanges
) -> tuple[str, ...]:
    """What a change of somebody means for their times and bookings; nothing where it means nothing."""
    rows = Resource.objects.for_organization(organization_id).select_related("location")
    resource = rows.get(id=resource_id)
    if changes.active is not False or not resource.active:
        return ()
    return _switched_off(resource.name, side_of(resource.location, [resource], app_now()))


def _switched_off(name: str, side: SellingSide) -> tuple[str, ...]:
    sentences = [
        f"{name} would take no new bookings: {_times(side.times).lower()} would not be on offer any more.",
        _stay(side.bookings),
    ]
    if side.holds:
        sentences.append(f"{_holds(side.holds)} just now; they can still finish.")
    return tuple(sentences)


def side_of(location: Location, resources: Sequence[Resource], now: datetime) -> SellingSide:
    """What is booked, held and on offer of these resources, from now on."""
    slots = SlotInstance.objects.for_organization(location.organization_id)
    return SellingSide(
        bookings=_visits(resources, now),
        holds=_visits(resources, now, kind=EventType.HOLD),
        times=slots.filter(resource__in=resources, start_at__gt=now, closed=False).count(),
    )


def _visits(resources: Sequence[Resource], now: datetime, *, kind: EventType = EventType.CUSTOMER) -> int:
    if not resources:
        return 0
    events = CalendarEvent.objects.for_organization(resources[0].organization_id).occupying(now)
    found = events.filter(resource__in=resources, type=kind, ends_at__gt=now)
    counted: int = found.values("booking" if kind is EventType.CUSTOMER else "hold").distinct().count()
    return counted


def _stay(bookings: int) -> str:
    if not bookings:
        return "Nothing is booked there from now on."
    return f"{_bookings(bookings)} there, from now on, would stay as booked: move those that you want to."


def _bookings(count: int) -> str:
    return "1 booking" if count == 1 else f"{count:,} bookings" if count else "No bookings"


def _times(count: int) -> str:
    return "1 time" if count == 1 else f"{count:,} times" if count else "No times"


def _holds(count: int) -> str:
    return "1 customer is booking" if count == 1 else f"{count} customers are booking"
