"""A note that is done with."""

from uuid import UUID

from apps.audit import log as audit
from apps.availability.commands.add_reminder import reminder_subject
from apps.availability.models import CalendarEvent, EventType
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import NotFound


@command("availability.cancel_reminder")
def cancel_reminder(*, actor: Actor, event_id: UUID) -> None:
    """Take a reminder out of the calendar; the log remembers it (REQ-OCC-5). Raises NotFound."""
    event = lock_reminder(actor.organization_id, event_id)
    subject = reminder_subject(event, event.resource.location_id if event.resource else None)
    old = {"starts_at": event.starts_at.isoformat()}
    event.delete()
    audit.record(actor, "availability.reminder.cancelled", subject=subject, old=old)


def lock_reminder(organization_id: UUID, event_id: UUID) -> CalendarEvent:
    """A reminder with its resource; nothing but its own row needs a lock. Raises NotFound."""
    event = (
        CalendarEvent.objects.for_organization(organization_id)
        .filter(id=event_id, type=EventType.REMINDER)
        .select_for_update(no_key=True, of=("self",))
        .select_related("resource")
        .first()
    )
    if event is None:
        raise NotFound("There is no such reminder.")
    return event
