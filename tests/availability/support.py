"""Shorthands of the availability tests."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from apps.availability import occupancy
from apps.availability.lanes import Period
from apps.availability.models import CalendarEvent, EventType, Resource, SlotInstance
from apps.core.clock import app_now
from tests.factories.availability import TEN_O_CLOCK, SlotFactory


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def at(start: int, length: int = 30) -> Period:
    """A period that begins so many minutes after ten o'clock in Denver (17:00 UTC)."""
    return Period(TEN_O_CLOCK + minutes(start), TEN_O_CLOCK + minutes(start + length))


def take(
    resource: Resource, visit: Period, *, kind: EventType = EventType.MEETING, **claim: Any
) -> CalendarEvent:
    """Put an event on a resource, as a command does: under its lock. With `expires_at` it is a hold."""
    expires_at = claim.pop("expires_at", None)
    with transaction.atomic():
        locked = occupancy.lock_resources(resource.organization_id, [resource.id])[resource.id]
        event = CalendarEvent(
            organization_id=resource.organization_id,
            type=EventType.HOLD if expires_at else kind,
            expires_at=expires_at,
        )
        return occupancy.take(locked, occupancy.Claim(visit=visit, **claim), now=app_now(), event=event)


def day_off(resource: Resource, visit: Period) -> CalendarEvent:
    """Time off takes every lane."""
    return take(resource, visit, kind=EventType.VACATION, party=resource.capacity)


def slots_every(
    resource: Resource, *, step: int, length: int, count: int, **fields: Any
) -> list[SlotInstance]:
    """Slots from ten o'clock on, one every `step` minutes."""
    return [
        SlotFactory(
            resource=resource,
            start_at=TEN_O_CLOCK + minutes(number * step),
            end_at=TEN_O_CLOCK + minutes(number * step + length),
            capacity=fields.get("capacity", resource.capacity),
        )
        for number in range(count)
    ]


def counters(slots: Iterable[SlotInstance]) -> list[tuple[int, int, str]]:
    """(booked, hold, status) of each, fresh from the database."""
    fresh = SlotInstance.objects.in_bulk([slot.id for slot in slots])
    return [(fresh[slot.id].booked, fresh[slot.id].hold, fresh[slot.id].status) for slot in slots]


def denver(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2030 in Denver, which is seven hours behind UTC then."""
    return datetime(2030, 1, day, tzinfo=UTC) + timedelta(hours=hour + 7, minutes=minute)
