"""What staff may read of their own organization: everything, also what no customer is shown."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from apps.availability.hours.rules import days_between
from apps.availability.models import (
    AvailabilityRule,
    CalendarEvent,
    EventType,
    Location,
    Resource,
    SlotInstance,
    TimeOff,
)
from apps.availability.querysets import CalendarEventQuerySet, ResourceQuerySet, SlotQuerySet
from apps.core.clock import app_now
from apps.core.errors import NotFound
from apps.core.querysets import TenantQuerySet


def locations_of(organization_id: UUID, *, active: bool | None = None) -> TenantQuerySet[Location]:
    """The branches, also hidden ones unless `active` says which."""
    rows = Location.objects.for_organization(organization_id)
    return rows if active is None else rows.filter(active=active)


def location_of(organization_id: UUID, location_id: UUID) -> Location:
    """One branch, also a hidden one. Raises NotFound."""
    location = locations_of(organization_id).filter(id=location_id).first()
    if location is None:
        raise NotFound("There is no such location.")
    return location


def resources_of(organization_id: UUID, *, filters: Mapping[str, Any]) -> ResourceQuerySet[Resource]:
    """Resources by `location_id`, `kind`, `active` and `skill`; what is not named does not filter."""
    rows = Resource.objects.for_organization(organization_id)
    same = {name: filters[name] for name in ("location_id", "kind", "active") if name in filters}
    return rows.filter(**same).with_skills([filters["skill"]] if "skill" in filters else [])


def resource_of(organization_id: UUID, resource_id: UUID, *, kind: str | None = None) -> Resource:
    """One resource, also one that is switched off. Raises NotFound."""
    resource = (
        resources_of(organization_id, filters={"kind": kind} if kind else {}).filter(id=resource_id).first()
    )
    if resource is None:
        raise NotFound("There is no such person or resource.")
    return resource


def slots_of(organization_id: UUID, *, filters: Mapping[str, Any]) -> SlotQuerySet[SlotInstance]:
    """Slots of the dates `from` to `to` by `location_id`, `resource_id` and `status`, with their counters.

    Dates are the locations' own, both included. The counters have held times in them until these are swept;
    what customers are offered is counted anew (apps/availability/offering/offers.py).
    """
    rows = SlotInstance.objects.for_organization(organization_id).filter(
        date__range=(filters["from"], filters["to"])
    )
    same = {name: filters[name] for name in ("location_id", "resource_id", "status") if name in filters}
    return rows.filter(**same).select_related("resource")


def ensure_place(organization_id: UUID, *, location_id: UUID | None, resource_id: UUID | None) -> None:
    """Raises NotFound unless the named location and resource are there, and the one is at the other."""
    if location_id is not None:
        location_of(organization_id, location_id)
    if resource_id is not None:
        resource = resource_of(organization_id, resource_id)
        if location_id not in {None, resource.location_id}:
            raise NotFound("That person or resource is at another location.")


def rules_of(organization_id: UUID, *, filters: Mapping[str, Any]) -> TenantQuerySet[AvailabilityRule]:
    """Hours by `location_id`, `resource_id` and `rule_kind`; what is not named does not filter."""
    names = ("location_id", "resource_id", "rule_kind")
    same = {name: filters[name] for name in names if name in filters}
    return AvailabilityRule.objects.for_organization(organization_id).filter(**same)


def calendar_of(organization_id: UUID, *, filters: Mapping[str, Any]) -> CalendarEventQuerySet[CalendarEvent]:
    """What is in the calendars between two instants, by `location_id`, `resource_id` and `type`.

    What has been freed and holds that are past their time are left out. Reminders for everybody are in
    everybody's calendar.
    """
    whose = Q()
    if "resource_id" in filters:
        whose &= Q(resource_id=filters["resource_id"])
    if "location_id" in filters:
        whose &= Q(resource__location_id=filters["location_id"])
    everybody = Q(type=EventType.REMINDER, resource__isnull=True)
    rows = CalendarEvent.objects.for_organization(organization_id)
    there = rows.occupying(app_now()) | rows.filter(type=EventType.REMINDER)
    found = there.overlapping(filters["from"], filters["to"]).filter(whose | everybody if whose else Q())
    return found.filter(type=filters["type"]) if "type" in filters else found


def reminder_of(organization_id: UUID, event_id: UUID) -> CalendarEvent:
    """One reminder. Raises NotFound."""
    rows = CalendarEvent.objects.for_organization(organization_id)
    event = rows.filter(id=event_id, type=EventType.REMINDER).select_related("resource__location").first()
    if event is None:
        raise NotFound("There is no such reminder.")
    return event


def time_off_of(organization_id: UUID, *, filters: Mapping[str, Any]) -> TenantQuerySet[TimeOff]:
    """Time off that has not been cancelled, by `location_id`, `resource_id` and `type`."""
    rows = TimeOff.objects.for_organization(organization_id).filter(cancelled_at__isnull=True)
    names = {"location_id": "resource__location_id", "resource_id": "resource_id", "type": "type"}
    return rows.filter(**{lookup: filters[name] for name, lookup in names.items() if name in filters})


def visits_on_days(location: Location, days: Collection[date]) -> dict[date, int]:
    """How many booked visits each of these days of a branch touches; a day without any is left out."""
    if not days:
        return {}
    zone = ZoneInfo(location.timezone)
    visits = (
        CalendarEvent.objects.for_organization(location.organization_id)
        .filter(resource__location=location, type=EventType.CUSTOMER, active=True, booking__isnull=False)
        .overlapping(
            datetime.combine(min(days), time.min, zone),
            datetime.combine(max(days) + timedelta(days=1), time.min, zone),
        )
    )
    wanted, met = set(days), defaultdict[date, set[UUID]](set)
    for booking_id, starts_at, ends_at in visits.values_list("booking_id", "starts_at", "ends_at"):
        first = starts_at.astimezone(zone).date()
        # A visit that ends at midnight does not touch the day that begins then.
        last = (ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
        for day in wanted.intersection(days_between(first, last)):
            met[day].add(booking_id)
    return {day: len(bookings) for day, bookings in met.items()}
