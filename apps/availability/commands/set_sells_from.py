"""A location sells places, or people's time."""

from dataclasses import dataclass
from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.availability.models import Location, Resource, ResourceKind, SellsFrom
from apps.availability.places.changes import lock_location, resource_ids_at
from apps.availability.places.events import LocationChanged
from apps.availability.places.previews import check_sells_from, switch_in_words
from apps.availability.slots.generation import GenerationReport
from apps.availability.slots.regeneration import regenerate, repaint_time_off
from apps.availability.subjects import subject_of_location
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.outbox import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class SellsFromResult:
    """The location as it is now, what the switch meant in words, and what became of its slots."""

    location: Location
    sentences: tuple[str, ...]
    slots: GenerationReport


@command("availability.set_sells_from")
def set_sells_from(*, actor: Actor, location_id: UUID, sells_from: str) -> SellsFromResult:
    """Let customers of a location book its people, or places in its pool (REQ-OCC-8, DESIGN §4).

    Bookings and holds of the other side stay; its slots go, or are closed where somebody has them. Nobody
    can book both sides against each other for a moment. Raises NotFound, InvalidInput.
    """
    side = check_sells_from(sells_from)
    ids = resource_ids_at(actor.organization_id, location_id)
    resources = occupancy.lock_resources(actor.organization_id, ids)
    location = lock_location(actor.organization_id, location_id)
    old = location.sells_from
    if old == side:
        return SellsFromResult(location=location, sentences=(), slots=GenerationReport())

    sentences = switch_in_words(location, side)
    location.sells_from = side
    location.save(update_fields=["sells_from", "updated_at"])
    _ensure_pool(location, resources)
    repaint_time_off(location, resources.values())
    report = regenerate(location, resources.values())

    audit.record(
        actor,
        "availability.location.sells_from_set",
        subject=subject_of_location(location, resources),
        old={"sells_from": old},
        new={"sells_from": side},
    )
    publish(LocationChanged(organization_id=location.organization_id, location_id=location.id))
    return SellsFromResult(location=location, sentences=sentences, slots=report)


def _ensure_pool(location: Location, resources: dict[UUID, Resource]) -> None:
    """Locations from before they came with one get their pool; nobody else can see it before the commit."""
    if location.sells_from == SellsFrom.PEOPLE or any(
        resource.kind == ResourceKind.POOL for resource in resources.values()
    ):
        return
    pool = Resource.objects.create(
        organization_id=location.organization_id,
        location=location,
        kind=ResourceKind.POOL,
        name=f"{location.name}: pool"[:120],
    )
    resources[pool.id] = pool
