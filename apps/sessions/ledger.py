"""Writing events: one statement that numbers and inserts what is new, then the fold, then the snapshot.

Every function here wants the session's row locked (`lock_session`); commands share them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.core.errors import NotFound
from apps.sessions.events import AnyEvent
from apps.sessions.models import BookingSession
from apps.sessions.projection import Recorded, fold
from apps.sessions.snapshots import columns_of, state_of

# Numbers only what is not there yet, so that the sequence has no gaps. Under the session's lock nobody else
# inserts for it, so ON CONFLICT never fires; it stays as the last word, should a caller forget the lock.
INSERT_NEW = """
INSERT INTO booking_sessions_bookingsessionevent
    (session_id, sequence, client_event_id, organization_id, event_type, "timestamp", received_at, step_id,
     data)
SELECT %(session_id)s, %(base)s + row_number() OVER (ORDER BY sent.place), sent.id, %(organization_id)s,
       sent.event_type, sent."timestamp", %(received_at)s, sent.step_id, sent.data
FROM unnest(
        %(ids)s::uuid[], %(types)s::text[], %(timestamps)s::timestamptz[], %(steps)s::uuid[],
        %(data)s::jsonb[]
    ) WITH ORDINALITY AS sent (id, event_type, "timestamp", step_id, data, place)
WHERE NOT EXISTS (
    SELECT FROM booking_sessions_bookingsessionevent AS known
    WHERE known.session_id = %(session_id)s AND known.client_event_id = sent.id
)
ON CONFLICT DO NOTHING
RETURNING client_event_id, sequence
"""


@dataclass(frozen=True, slots=True)
class Appended:
    """How many events were new, how many had been there before, and the session's last sequence number."""

    accepted: int
    duplicates: int
    last_sequence: int


def lock_session(organization_id: UUID, session_id: UUID) -> BookingSession:
    """The session's row, locked until the transaction ends. Raises NotFound."""
    session = (
        BookingSession.objects.for_organization(organization_id)
        .select_for_update(no_key=True)
        .filter(id=session_id)
        .first()
    )
    if session is None:
        raise NotFound
    return session


def append(session: BookingSession, events: Sequence[AnyEvent], *, received_at: datetime) -> Appended:
    """Add the events that the locked session does not have yet, and bring its row up to date.

    `received_at` is UTC, read after the lock. The order of `events` is kept; of two with one id the first
    counts.
    """
    distinct = list({event.id: event for event in reversed(events)}.values())[::-1]
    sequences = _insert_new(session, distinct, received_at)
    recorded = [
        Recorded(event=event, sequence=sequences[event.id], received_at=received_at)
        for event in distinct
        if event.id in sequences
    ]
    if recorded:
        columns = columns_of(fold(state_of(session), recorded))
        session.set_columns(columns)
        session.save(update_fields=[*columns, "updated_at"])
    return Appended(
        accepted=len(recorded),
        duplicates=len(events) - len(recorded),
        last_sequence=session.last_sequence,
    )


def _insert_new(
    session: BookingSession, events: Sequence[AnyEvent], received_at: datetime
) -> dict[UUID, int]:
    """The sequence number of each event that was new, by its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_NEW,
            {
                "session_id": session.id,
                "base": session.last_sequence,
                "organization_id": session.organization_id,
                "received_at": received_at,
                "ids": [event.id for event in events],
                "types": [event.event_type for event in events],
                "timestamps": [event.timestamp for event in events],
                "steps": [event.step_id for event in events],
                "data": [json.dumps(event.data.model_dump(mode="json")) for event in events],
            },
        )
        return dict(cursor.fetchall())
