"""Shorthands of the tests of time off. Times are those of Monday 14 January 2030 in Denver."""

from datetime import date, datetime, time
from typing import Any

from apps.availability.commands.add_time_off import add_time_off
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import CalendarEvent, Resource, TimeOff
from apps.availability.time_off.changes import TimeOffDetails, TimeOffResult
from apps.core.actors import Actor
from tests.availability.support import denver

MONDAY = date(2030, 1, 14)


def staff(resource: Resource) -> Actor:
    return Actor.system(resource.organization_id, "Dana at the front desk")


def details(hour: int = 12, minutes: int = 60, **parts: Any) -> TimeOffDetails:
    given: dict[str, Any] = {
        "start_date": MONDAY,
        "start_time": time(hour),
        "duration_minutes": minutes,
        "type": "vacation",
    }
    return TimeOffDetails(**given | parts)


def away(resource: Resource, hour: int = 12, minutes: int = 60, **parts: Any) -> TimeOffResult:
    """Somebody is away on Monday, from an hour of Denver's clock on."""
    return add_time_off(
        actor=staff(resource), resource_id=resource.id, details=details(hour, minutes, **parts)
    )


def pieces(time_off: TimeOff) -> list[tuple[datetime, datetime]]:
    """The active events of a time off, in order."""
    events = CalendarEvent.objects.pieces_of_time_off().filter(time_off=time_off).order_by("starts_at")
    return list(events.values_list("starts_at", "ends_at"))


def span(first: float, last: float, *, day: int = 14) -> tuple[datetime, datetime]:
    """From hour to hour of Denver's clock; 9.5 is half past nine."""
    return (
        denver(day, int(first), round(first % 1 * 60)),
        denver(day, int(last), round(last % 1 * 60)),
    )


def generate(resource: Resource) -> None:
    generate_slots(organization=resource.organization)
