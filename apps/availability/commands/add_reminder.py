"""A note in the calendar."""

from datetime import datetime, timedelta
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from apps.audit import log as audit
from apps.audit.log import Subject
from apps.availability.models import CalendarEvent, EventType, Resource
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput, NotFound

LONGEST = timedelta(days=1)
LONGEST_NOTE = 120


@command("availability.add_reminder")
def add_reminder(
    *,
    actor: Actor,
    resource_id: UUID | None,
    starts_at: datetime,
    note: str,
    length: timedelta = timedelta(minutes=15),
) -> CalendarEvent:
    """Put a reminder into somebody's calendar, for None into everybody's (REQ-OCC-5, seed 002).

    `starts_at` is an aware time. A reminder occupies nothing, so it takes no lock. Raises NotFound,
    InvalidInput.
    """
    location_id = location_of(actor.organization_id, resource_id)
    check_reminder(starts_at, note, length)
    event = CalendarEvent.objects.create(
        organization_id=actor.organization_id,
        resource_id=resource_id,
        type=EventType.REMINDER,
        note=note.strip(),
        starts_at=starts_at,
        ends_at=starts_at + length,
        occupied=TimestamptzRange(starts_at, starts_at + length),
        # Every event has lanes; those of one that is never active mean nothing.
        lanes=(0,),
        lane_limit=1,
        active=False,
    )
    audit.record(
        actor,
        "availability.reminder.added",
        subject=reminder_subject(event, location_id),
        new={"starts_at": starts_at.isoformat()},
    )
    return event


def reminder_subject(event: CalendarEvent, location_id: UUID | None) -> Subject:
    """How the log names a reminder; its text is personal and stays out."""
    ids = (event.resource_id,) if event.resource_id else ()
    return Subject(type="availability.reminder", id=event.id, location_id=location_id, resource_ids=ids)


def location_of(organization_id: UUID, resource_id: UUID | None) -> UUID | None:
    """Where a reminder for somebody is; None for everybody's. Raises NotFound."""
    if resource_id is None:
        return None
    resource = Resource.objects.for_organization(organization_id).filter(id=resource_id).first()
    if resource is None:
        raise NotFound("There is no such person or resource.")
    return resource.location_id


def check_reminder(starts_at: datetime, note: str, length: timedelta) -> None:
    """Raises InvalidInput."""
    errors: dict[str, list[str]] = {}
    if starts_at.tzinfo is None:
        errors["starts_at"] = ["Say the zone, such as 2030-01-14T17:00:00Z."]
    if not timedelta(0) < length <= LONGEST:
        errors["length"] = ["Between a minute and a day."]
    if not note.strip() or len(note.strip()) > LONGEST_NOTE:
        errors["note"] = [f"Say what to remember, in {LONGEST_NOTE} characters at most."]
    if errors:
        raise InvalidInput(errors)
