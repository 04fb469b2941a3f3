"""More, or fewer, at the same time."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F

from apps.audit import log as audit
from apps.availability import occupancy
from apps.availability.lanes import Period
from apps.availability.lapsed import end_lapsed_holds
from apps.availability.models import Resource
from apps.availability.places.capacity import Room, room_below
from apps.availability.places.changes import lock_location
from apps.availability.places.events import ResourceChanged
from apps.availability.places.previews import check_capacity, refusal
from apps.availability.slots.generation import GenerationReport
from apps.availability.slots.regeneration import regenerate
from apps.availability.subjects import subject_of_resource
from apps.availability.time_off.painting import paint, reach
from apps.availability.time_off.pieces import FOREVER
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityResult:
    """The resource as it is now, how many visits changed places, and what became of its slots."""

    resource: Resource
    moved: int
    slots: GenerationReport


@command("availability.set_capacity")
def set_capacity(*, actor: Actor, resource_id: UUID, capacity: int) -> CapacityResult:
    """Let a resource serve so many at once (REQ-OCC-7, DESIGN §5).

    More is always possible. Fewer only where what is booked, held and going on fits: visits may change
    places, never times. Slots follow at once. Raises NotFound, InvalidInput, CapacityInUse.
    """
    check_capacity(capacity)
    resource = occupancy.lock_resources(actor.organization_id, [resource_id])[resource_id]
    location = lock_location(actor.organization_id, resource.location_id)
    old = resource.capacity
    if capacity == old:
        return CapacityResult(resource=resource, moved=0, slots=GenerationReport())
    now = app_now()
    end_lapsed_holds([resource], now=now)
    room = room_below(resource, capacity, now=now)
    if room.packing.conflict is not None:
        raise refusal(room.packing.conflict, ZoneInfo(location.timezone), capacity)

    resource.capacity = capacity
    resource.save(update_fields=["capacity", "updated_at"])
    _settle(resource, room)
    report = regenerate(location, [resource])

    audit.record(
        actor,
        "availability.resource.capacity_set",
        subject=subject_of_resource(resource),
        old={"capacity": old},
        new={"capacity": capacity},
        at=now,
    )
    publish(
        ResourceChanged(
            organization_id=resource.organization_id, location_id=location.id, resource_id=resource.id
        )
    )
    return CapacityResult(resource=resource, moved=len(room.packing.moved), slots=report)


def _settle(resource: Resource, room: Room) -> None:
    """Give visits their new places, and time off all that are left.

    In between the two share lanes: so the constraint looks once, when both are done.
    """
    _check_lanes("DEFERRED")
    occupancy.move_lanes(resource, room.packing.moved)
    window = Period(room.since, FOREVER)
    until = reach(resource.organization_id, [resource.id], now=room.since)
    paint(resource.organization_id, [resource.id], window, repeat_until=until)
    _check_lanes("IMMEDIATE")
    Resource.objects.for_organization(resource.organization_id).filter(id=resource.id).update(
        version=F("version") + 1
    )


def _check_lanes(when: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS event_no_lane_twice {when}")
