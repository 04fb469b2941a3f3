"""Nothing has happened in a session for a long time."""

from datetime import timedelta
from uuid import UUID

from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.ids import new_id
from apps.sessions.events import SessionAbandoned, SessionAbandonedData
from apps.sessions.ledger import append
from apps.sessions.models import BookingSession

STALE_AFTER = timedelta(minutes=30)


@command("sessions.abandon_stale")
def abandon_stale_session(*, actor: Actor, session_id: UUID, stale_after: timedelta = STALE_AFTER) -> bool:
    """End the session if it is active and has been idle for longer than `stale_after`; whether it was.

    A session that somebody is writing to at this moment is not idle, so a locked row is passed over.
    """
    session = (
        BookingSession.objects.for_organization(actor.organization_id)
        .idle_since(app_now() - stale_after)
        .select_for_update(no_key=True, skip_locked=True)
        .filter(id=session_id)
        .first()
    )
    if session is None:
        return False
    now = app_now()
    event = SessionAbandoned(
        id=new_id(),
        timestamp=now,
        step_id=session.current_step_id,
        event_type="session_abandoned",
        data=SessionAbandonedData(reason="timeout"),
    )
    append(session, [event], received_at=now)
    return True
