"""Reads for the API, the commands of higher layers, and the admin."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from apps.availability.hours.rules import Rule, days_between, working_time
from apps.availability.lanes import Period
from apps.availability.models import Location, Resource, SlotInstance
from apps.availability.offering.offers import (
    booking_window,
    buffers,
    days_after,
    eligible_resources,
    rules_by_resource,
)
from apps.availability.offering.search import find_offers
from apps.availability.planning.free_time import stretch_of
from apps.availability.types import Offer, VisitNeed
from apps.content.models import BookingService
from apps.core.errors import NotFound
from apps.core.kept_queries import KeptQuery
from apps.organizations.models import OrganizationPolicy

ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many starts a day of the location still has."""

    date: date
    available: int


def get_location(organization_id: UUID, location_id: UUID) -> Location:
    """An active location of this organization. Raises NotFound."""
    location = Location.objects.for_organization(organization_id).filter(id=location_id, active=True).first()
    if location is None:
        raise NotFound("There is no such location.")
    return location


def get_resource(organization_id: UUID, resource_id: UUID) -> Resource:
    """A resource that can be booked, with its location. Raises NotFound."""
    resource = (
        Resource.objects.for_organization(organization_id)
        .in_service()
        .filter(id=resource_id)
        .select_related("location")
        .first()
    )
    if resource is None:
        raise NotFound("There is no such person or resource.")
    return resource


SLOT = KeptQuery(
    lambda organization_id, slot_id: (
        SlotInstance.objects.for_organization(organization_id)
        .filter(id=slot_id)
        .select_related("location", "resource")
    )
)
SLOTS = KeptQuery(
    lambda organization_id, ids: SlotInstance.objects.for_organization(organization_id).filter(id__in=ids)
)


def get_slot(organization_id: UUID, slot_id: UUID) -> SlotInstance:
    """A slot with its location and resource. Raises NotFound."""
    found = SLOT(organization_id, slot_id)
    if not found:
        raise NotFound("There is no such slot.")
    return found[0]


def slots_at(
    location: Location, start_at: datetime, need: VisitNeed, *, resource_id: UUID | None = None
) -> list[SlotInstance]:
    """The slots that start at this instant with anyone who could serve the need."""
    resources = {r.id: r for r in eligible_resources(location, need, resource_id=resource_id)}
    slots = list(
        SlotInstance.objects.for_organization(location.organization_id)
        .filter(location=location, start_at=start_at, resource__in=resources.values(), closed=False)
        .order_by("id")
    )
    for slot in slots:
        slot.location, slot.resource = location, resources[slot.resource_id]
    return slots


def count_by_day(offers: list[Offer]) -> list[DayCount]:
    """The number of different starts on each date that has one."""
    starts = Counter(day for day, _ in {(offer.date, offer.start_at) for offer in offers})
    return [DayCount(date=day, available=starts[day]) for day in sorted(starts)]


def alternatives(
    *,
    location: Location,
    policy: OrganizationPolicy,
    need: VisitNeed,
    start_at: datetime,
    now: datetime,
    resource_id: UUID | None = None,
) -> list[Offer]:
    """Up to three offers nearest to a time that is gone, one a start, in the order of time."""
    day = start_at.astimezone(ZoneInfo(location.timezone)).date()
    nearby = find_offers(
        location=location,
        policy=policy,
        need=need,
        first=day - timedelta(days=1),
        last=day + timedelta(days=3),
        now=now,
        resource_id=resource_id,
    )
    by_start = {offer.start_at: offer for offer in reversed(nearby)}
    nearest = sorted(by_start.values(), key=lambda offer: abs(offer.start_at - start_at))[:ALTERNATIVES]
    return sorted(nearest, key=lambda offer: offer.start_at)


def visit_period(slot: SlotInstance, need: VisitNeed) -> Period:
    """The visit that a need makes of a slot's start."""
    return Period(slot.start_at, slot.end_at if need.duration is None else slot.start_at + need.duration)


def occupied_period(slot: SlotInstance, need: VisitNeed, policy: OrganizationPolicy) -> Period:
    """The visit with its buffers."""
    before, after = buffers(need, slot.resource, policy)
    visit = visit_period(slot, need)
    return Period(visit.start - before, visit.end + after)


def within_working_time(slots: Sequence[SlotInstance], need: VisitNeed) -> list[SlotInstance]:
    """Of these slots of one location, those whose resource works through the whole visit.

    A visit within its slot always does. One query, however many slots.
    """
    longer = [slot for slot in slots if visit_period(slot, need).end > slot.end_at]
    if not longer:
        return list(slots)
    location = longer[0].location
    rules = rules_by_resource(location, [slot.resource_id for slot in longer])
    outside = {slot.id for slot in longer if not _works_through(slot, need, rules[slot.resource_id])}
    return [slot for slot in slots if slot.id not in outside]


def _works_through(slot: SlotInstance, need: VisitNeed, rules: Sequence[Rule]) -> bool:
    visit = visit_period(slot, need)
    days = days_between(slot.date - timedelta(days=1), slot.date + days_after(visit.end - visit.start))
    return stretch_of(working_time(rules, ZoneInfo(slot.location.timezone), days), visit) is not None


def may_begin(slot: SlotInstance, policy: OrganizationPolicy, *, now: datetime) -> bool:
    """Whether a visit may begin then: neither past, nor too soon, nor too far ahead."""
    return booking_window(policy, now=now).allows(slot.start_at)


def peaks_now(wanted: Sequence[tuple[UUID, Period]]) -> list[int]:
    """For each resource and period the most lanes that are taken at one moment of it; takes no lock.

    By the database's clock: a hold past its time counts no more, unless time off waits behind it. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT peaks.total
            FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[])
                 WITH ORDINALITY AS wanted (resource_id, from_at, to_at, place),
                 LATERAL availability_peaks(wanted.resource_id, from_at, to_at, app_now()) AS peaks
            ORDER BY wanted.place
            """,
            [
                [resource_id for resource_id, _ in wanted],
                [period.start for _, period in wanted],
                [period.end for _, period in wanted],
            ],
        )
        return [int(total) for (total,) in cursor.fetchall()]


def location_id_of(organization_id: UUID, *, location_id: UUID | None, resource_id: UUID | None) -> UUID:
    """The location that is meant, which may be named by one of its people. Raises NotFound."""
    if resource_id is None:
        if location_id is None:
            raise NotFound("Say which location, or which person.")
        return location_id
    found = get_resource(organization_id, resource_id).location_id
    if location_id is not None and found != location_id:
        raise NotFound("That person does not work there.")
    return found


def get_service(organization_id: UUID, service_id: UUID | None) -> BookingService | None:
    """The service that is wanted, if one is. Raises NotFound."""
    return None if service_id is None else require_service(organization_id, service_id)


def require_service(organization_id: UUID, service_id: UUID) -> BookingService:
    """An active service of this organization. Raises NotFound."""
    service = BookingService.objects.for_organization(organization_id).active().filter(id=service_id).first()
    if service is None:
        raise NotFound("There is no such service.")
    return service
