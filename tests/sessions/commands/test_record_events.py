from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from apps.core.tokens import SessionClaims
from apps.sessions.commands import record_events as module
from apps.sessions.commands.record_events import record_events
from apps.sessions.errors import SessionEventLimit
from apps.sessions.models import BookingSessionEvent
from apps.sessions.queries import replayed_state
from apps.sessions.snapshots import state_of
from tests.factories.organizations import OrganizationFactory
from tests.factories.sessions import (
    Visit,
    abandoned,
    abandoned_visit,
    event_json,
    new_visit,
    parsed,
    step_completed,
    step_entered,
    timeslot_selected,
)

pytestmark = pytest.mark.django_db


def stored_sequences(visit: Visit) -> list[int]:
    events = BookingSessionEvent.objects.filter(session=visit.session)
    return list(events.order_by("sequence").values_list("sequence", flat=True))


class TestRecordEvents:
    def test_numbers_events_in_the_order_in_which_they_were_sent(self) -> None:
        visit = new_visit()
        first, second, third = step_entered(visit.steps[0]), step_completed(visit.steps[0]), abandoned()
        visit.record(first, second)
        appended = visit.record(third)
        ids = BookingSessionEvent.objects.filter(session=visit.session).order_by("sequence")
        assert [str(event.client_event_id) for event in ids] == [first["id"], second["id"], third["id"]]
        assert stored_sequences(visit) == [1, 2, 3]
        assert appended.last_sequence == 3

    def test_brings_the_row_up_to_date(self) -> None:
        visit = new_visit()
        visit.record(step_entered(visit.steps[0]), step_completed(visit.steps[0]), timeslot_selected())
        assert visit.session.current_step_id == visit.steps[0]
        assert visit.session.step_progression["completed_count"] == 1
        assert visit.session.step_progression["total_in_flow"] == 6
        assert visit.session.temp_selections["timeslot"]["start_at"] == "2030-01-15T16:00:00Z"
        assert visit.session.metrics["event_count"] == 3

    def test_the_row_equals_a_replay_of_the_stored_events(self) -> None:
        visit = new_visit()
        visit.record(
            event_json("session_started"), step_entered(visit.steps[0]), step_completed(visit.steps[0])
        )
        visit.record(
            event_json("field_updated", field="zip", valid=True),
            event_json("question_answered", question_node_id=uuid4(), answer_node_id=uuid4()),
            event_json("service_selected", service_id=uuid4(), node_id=uuid4()),
            timeslot_selected(),
        )
        visit.record(abandoned(), step_entered(visit.steps[1]))
        assert state_of(visit.session) == replayed_state(visit.session)

    def test_drops_what_came_before_and_leaves_no_gap(self) -> None:
        visit = new_visit()
        known, new, newer = step_entered(visit.steps[0]), step_completed(visit.steps[0]), abandoned()
        visit.record(known)
        appended = visit.record(new, known, newer)
        assert (appended.accepted, appended.duplicates, appended.last_sequence) == (2, 1, 3)
        assert stored_sequences(visit) == [1, 2, 3]

    def test_a_batch_that_is_sent_again_changes_nothing(self) -> None:
        visit = new_visit()
        batch = [step_entered(visit.steps[0]), step_completed(visit.steps[0])]
        visit.record(*batch)
        before = visit.session.updated_at, state_of(visit.session)
        appended = visit.record(*batch)
        assert (appended.accepted, appended.duplicates, appended.last_sequence) == (0, 2, 2)
        assert (visit.session.updated_at, state_of(visit.session)) == before

    def test_of_two_events_with_one_id_in_a_batch_the_first_counts(self) -> None:
        visit = new_visit()
        first = step_entered(visit.steps[0])
        twin = {**step_entered(visit.steps[1]), "id": first["id"]}
        appended = visit.record(first, twin)
        assert (appended.accepted, appended.duplicates) == (1, 1)
        assert visit.session.current_step_id == visit.steps[0]

    def test_keeps_the_first_and_the_newest_fifty_ids_on_the_row(self) -> None:
        visit = new_visit()
        events = [event_json("field_updated", field="zip", valid=True) for _ in range(60)]
        visit.record(*events)
        assert str(visit.session.first_event_id) == events[0]["id"]
        assert [str(known) for known in visit.session.recent_event_ids] == [
            event["id"] for event in events[10:]
        ]

    def test_a_finished_session_takes_late_events_and_stays_as_it_is(self) -> None:
        visit = abandoned_visit()
        ended = visit.session.abandoned_at, visit.session.last_activity_at
        appended = visit.record(step_entered(visit.steps[3]), abandoned())
        assert appended.accepted == 2
        assert visit.session.status == "abandoned"
        assert visit.session.drop_off_step_id == visit.steps[0]
        assert (visit.session.abandoned_at, visit.session.last_activity_at) == ended
        assert visit.session.metrics["late_events"] == 2

    def test_refuses_a_step_of_another_flow_and_stores_nothing_of_the_batch(self) -> None:
        visit = new_visit()
        stranger = event_json("navigation_back", from_step_id=visit.steps[0], to_step_id=uuid4())
        with pytest.raises(InvalidInput) as caught:
            visit.record(step_entered(visit.steps[0]), stranger, step_entered(uuid4()))
        assert set(caught.value.data["errors"]) == {"events[1].data.to_step_id", "events[2].step_id"}
        assert stored_sequences(visit) == []

    def test_a_session_of_another_organization_does_not_exist(self) -> None:
        visit = new_visit()
        claims = SessionClaims(session_id=visit.session.id, organization_id=OrganizationFactory.create().id)
        with pytest.raises(NotFound):
            record_events(claims=claims, events=[parsed(step_entered(visit.steps[0]))])

    def test_a_session_that_is_full_takes_no_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "MAX_EVENTS_PER_SESSION", 2)
        visit = new_visit()
        visit.record(event_json("session_started"), step_entered(visit.steps[0]))
        with pytest.raises(SessionEventLimit):
            visit.record(abandoned())

    def test_the_same_event_id_in_two_sessions_is_two_events(self) -> None:
        one, other = new_visit(), new_visit()
        event = event_json("session_started")
        assert one.record(event).accepted == 1
        assert other.record(event).accepted == 1

    @pytest.mark.parametrize("size", [1, 100])
    def test_the_number_of_queries_does_not_depend_on_the_batch(self, size: int) -> None:
        visit = new_visit()
        visit.record(*[event_json("field_updated", field="zip", valid=True) for _ in range(size)])
        batch = [
            parsed({**event_json("field_updated", field="zip", valid=True), "id": str(new_id())})
            for _ in range(size)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            record_events(claims=visit.claims, events=batch)
        work = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        # Lock, clock, insert, update.
        assert len(work) == 4, work
