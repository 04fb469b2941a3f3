"""Two tabs, or a retry that overtakes its first try, write to one session at the same moment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from apps.sessions import ledger
from apps.sessions.commands import record_events as module
from apps.sessions.commands.record_events import record_events
from apps.sessions.ledger import Appended
from apps.sessions.models import BookingSession, BookingSessionEvent
from apps.sessions.queries import replayed_state
from apps.sessions.snapshots import state_of
from tests.factories.sessions import Visit, event_json, new_visit, parsed

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
Race = Callable[[list[Callable[[], Any]]], list[Any]]
ROUNDS = 10


def overlapping_batches(visit: Visit) -> list[Callable[[], Any]]:
    """Four batches of which each shares half of its events with its neighbour."""
    events = [parsed(event_json("field_updated", field=f"field{n}", valid=True)) for n in range(50)]
    batches = [events[start : start + 20] for start in (0, 10, 20, 30)]
    return [partial(record_events, claims=visit.claims, events=batch) for batch in batches]


class TestOverlappingBatches:
    def test_every_event_counts_once_and_the_sequence_has_no_gap(self, race: Race) -> None:
        visit = new_visit()
        for round_number in range(1, ROUNDS + 1):
            answers = race(overlapping_batches(visit))

            assert all(isinstance(answer, Appended) for answer in answers), answers
            assert sum(answer.accepted for answer in answers) == 50
            assert sum(answer.duplicates for answer in answers) == 30
            session = BookingSession.objects.get(id=visit.session.id)
            sequences = BookingSessionEvent.objects.filter(session=session).values_list("sequence", flat=True)
            assert sorted(sequences) == list(range(1, 50 * round_number + 1))
            assert session.last_sequence == 50 * round_number
        assert state_of(session) == replayed_state(session)

    def test_without_the_lock_events_are_lost_or_the_row_is_wrong(
        self, race: Race, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The twin of the test above: the guard is what it proves."""

        def look_without_lock(organization_id: Any, session_id: Any) -> BookingSession:
            return BookingSession.objects.for_organization(organization_id).get(id=session_id)

        monkeypatch.setattr(module, "lock_session", look_without_lock)
        damaged = False
        for _ in range(ROUNDS):
            visit = new_visit()
            answers = race(overlapping_batches(visit))
            refused = any(isinstance(answer, IntegrityError) for answer in answers)
            stored = BookingSessionEvent.objects.filter(session=visit.session).count()
            session = BookingSession.objects.get(id=visit.session.id)
            damaged = refused or stored != 50 or session.metrics["event_count"] != 50
            if damaged:
                break
        assert damaged
        assert ledger.lock_session is not look_without_lock
