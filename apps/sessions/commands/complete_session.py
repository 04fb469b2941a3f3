"""A booking was confirmed in a session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.sessions.events import SessionCompleted, SessionCompletedData
from apps.sessions.ledger import Appended, append, lock_session

# The event's id follows from the booking's: told twice, it counts once.
COMPLETIONS = UUID("0f9d1c1e-6a4b-5b7e-9c55-3f1f0d6d2a11")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedBooking:
    """What the session learns of its booking. Times are UTC."""

    booking_id: UUID
    service_id: UUID | None
    starts_at: datetime
    ends_at: datetime


@command("sessions.complete")
def complete_session(*, actor: Actor, session_id: UUID, booking: ConfirmedBooking) -> Appended:
    """Complete the session with its booking, also if it was taken for abandoned. May be repeated.

    A second booking of one session is recorded and changes nothing. Raises NotFound.
    """
    session = lock_session(actor.organization_id, session_id)
    now = app_now()
    event = SessionCompleted(
        id=uuid5(COMPLETIONS, str(booking.booking_id)),
        timestamp=now,
        step_id=session.current_step_id,
        event_type="session_completed",
        data=SessionCompletedData(
            booking_id=booking.booking_id,
            service_id=booking.service_id,
            start_at=booking.starts_at,
            end_at=booking.ends_at,
        ),
    )
    return append(session, [event], received_at=now)
