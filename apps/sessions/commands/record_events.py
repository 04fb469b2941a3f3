"""A visitor's widget reports what happened."""

from collections.abc import Sequence

from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.core.tokens import SessionClaims
from apps.sessions.errors import SessionEventLimit
from apps.sessions.events import AnyEvent, steps_named
from apps.sessions.ledger import Appended, append, lock_session
from apps.sessions.models import BookingSession

# Far beyond any real visit: a booking takes some fifty events.
MAX_EVENTS_PER_SESSION = 5000


@command("sessions.record_events")
def record_events(*, claims: SessionClaims, events: Sequence[AnyEvent]) -> Appended:
    """Add a batch to the session of the token; events that it has already are dropped.

    All or nothing. Raises NotFound, InvalidInput for a step that the session's flow does not have,
    SessionEventLimit. A finished session takes late events without changing its outcome.
    """
    session = lock_session(claims.organization_id, claims.session_id)
    _ensure_within_limit(session)
    _ensure_steps_are_the_flows(session, events)
    return append(session, events, received_at=app_now())


def _ensure_within_limit(session: BookingSession) -> None:
    if session.last_sequence >= MAX_EVENTS_PER_SESSION:
        raise SessionEventLimit


def _ensure_steps_are_the_flows(session: BookingSession, events: Sequence[AnyEvent]) -> None:
    known = set(session.step_progression["step_ids"])
    errors = {
        f"events[{index}].{field}": ["This session's flow has no such step."]
        for index, event in enumerate(events)
        for field, step_id in steps_named(event)
        if str(step_id) not in known
    }
    if errors:
        raise InvalidInput(errors)
