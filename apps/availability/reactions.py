"""What availability does after others' news, and after its own (scheduler_project/reactions.py)."""

from datetime import date
from uuid import UUID

from apps.availability.commands.generate_slots import generate_slots_of_location
from apps.availability.hours.changes import find_location
from apps.availability.hours.rules import days_between
from apps.availability.slots.days import today_at, with_slots
from apps.core.errors import NotFound
from apps.core.events import Message


def generate_after_rules_changed(message: Message) -> None:
    """Make sure that slots followed a change of hours, even if its process died right after the commit.

    Mostly there is nothing left to do, and then it takes no locks. Bears being run twice.
    """
    if message.organization_id is None:
        return
    payload = message.payload
    try:
        location = find_location(message.organization_id, UUID(payload["location_id"]))
    except NotFound:  # deleted since
        return
    first, last = with_slots(location, today=today_at(location))
    first = max(first, date.fromisoformat(payload["first_date"]))
    if payload["last_date"] is not None:
        last = min(last, date.fromisoformat(payload["last_date"]))
    if first > last:
        return
    generate_slots_of_location(
        organization_id=message.organization_id,
        location_id=location.id,
        days=days_between(first, last),
        resource_id=UUID(payload["resource_id"]) if payload["resource_id"] else None,
    )
