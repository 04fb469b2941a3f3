"""Reads of sessions."""

from uuid import UUID

from apps.core.errors import NotFound
from apps.sessions.events import parse_event
from apps.sessions.models import BookingSession, BookingSessionEvent
from apps.sessions.projection import Recorded, fold
from apps.sessions.snapshots import state_of
from apps.sessions.state import SessionState, initial_state


def get_session(organization_id: UUID, session_id: UUID) -> BookingSession:
    """A session of this organization. Raises NotFound."""
    session = BookingSession.objects.for_organization(organization_id).filter(id=session_id).first()
    if session is None:
        raise NotFound
    return session


def replayed_state(session: BookingSession) -> SessionState:
    """The session's state from nothing but its events: what its row must hold."""
    events = BookingSessionEvent.objects.for_organization(session.organization_id).filter(session=session)
    beginning = state_of(session)
    return fold(
        initial_state(started_at=beginning.metrics.started_at, step_ids=beginning.progression.step_ids),
        (_recorded(event) for event in events.order_by("sequence")),
    )


def _recorded(row: BookingSessionEvent) -> Recorded:
    event = parse_event(
        {
            "id": row.client_event_id,
            "event_type": row.event_type,
            "timestamp": row.timestamp,
            "step_id": row.step_id,
            "data": row.data,
        }
    )
    return Recorded(event=event, sequence=row.sequence, received_at=row.received_at)
