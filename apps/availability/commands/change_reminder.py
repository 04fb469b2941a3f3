"""A note that was about another time, or that somebody else should read."""

from datetime import datetime, timedelta
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from apps.audit import log as audit
from apps.availability.commands.add_reminder import check_reminder, location_of, reminder_subject
from apps.availability.commands.cancel_reminder import lock_reminder
from apps.availability.models import CalendarEvent
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.versions import ensure_version


@command("availability.change_reminder")
def change_reminder(
    *,
    actor: Actor,
    event_id: UUID,
    resource_id: UUID | None,
    starts_at: datetime,
    note: str,
    length: timedelta,
    expected_version: int | None = None,
) -> CalendarEvent:
    """Say anew what a reminder says, when (an aware time) and to whom, None is everybody (REQ-OCC-5).

    Raises NotFound, InvalidInput; StaleVersion where another version was expected.
    """
    event = lock_reminder(actor.organization_id, event_id)
    ensure_version(event, expected_version)
    location_id = location_of(actor.organization_id, resource_id)
    check_reminder(starts_at, note, length)
    old = {"starts_at": event.starts_at.isoformat()}
    event.resource_id, event.note = resource_id, note.strip()
    event.starts_at, event.ends_at = starts_at, starts_at + length
    event.occupied = TimestamptzRange(event.starts_at, event.ends_at)
    event.save(update_fields=["resource", "note", "starts_at", "ends_at", "occupied", "updated_at"])
    audit.record(
        actor,
        "availability.reminder.changed",
        subject=reminder_subject(event, location_id),
        old=old,
        new={"starts_at": starts_at.isoformat()},
    )
    return event
