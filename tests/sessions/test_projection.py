"""The fold: what each event does, and what holds for every sequence of events."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from apps.sessions.events import parse_event
from apps.sessions.models import BookingSession
from apps.sessions.projection import Recorded, apply, fold
from apps.sessions.snapshots import columns_of, state_of
from apps.sessions.state import WINDOW, AbandonedOutcome, CompletedOutcome, SessionState, initial_state

START = datetime(2030, 1, 14, 15, 0, tzinfo=UTC)
STEPS = [UUID(int=number) for number in range(1, 7)]
NODES = [UUID(int=number) for number in range(100, 106)]
SERVICES = [UUID(int=number) for number in range(200, 203)]
SLOT: dict[str, Any] = {"start_at": "2030-01-15T16:00:00Z", "end_at": "2030-01-15T17:30:00Z"}


def new_state() -> SessionState:
    return initial_state(started_at=START, step_ids=STEPS)


def event(event_type: str, step_id: UUID | None = None, **data: Any) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "event_type": event_type,
        "timestamp": START,
        "step_id": step_id,
        "data": data,
    }


def entered(step_id: UUID, direction: str = "forward") -> dict[str, Any]:
    return event("step_entered", step_id, step_type="details", direction=direction)


def answered(question: UUID, answer: UUID) -> dict[str, Any]:
    return event("question_answered", question_node_id=question, answer_node_id=answer)


def completed(booking_id: UUID | None = None, service_id: UUID | None = None) -> dict[str, Any]:
    return event("session_completed", booking_id=booking_id or uuid4(), service_id=service_id, **SLOT)


def recorded(*events: dict[str, Any], first: int = 1) -> list[Recorded]:
    """The events a minute apart, numbered from `first`."""
    return [
        Recorded(event=parse_event(values), sequence=number, received_at=START + timedelta(minutes=number))
        for number, values in enumerate(events, start=first)
    ]


def after(*events: dict[str, Any]) -> SessionState:
    return fold(new_state(), recorded(*events))


class TestSteps:
    def test_entering_a_step_makes_it_the_current_one(self) -> None:
        state = after(entered(STEPS[0]), entered(STEPS[1]))
        assert state.current_step_id == STEPS[1]
        assert state.navigation.history == (STEPS[0], STEPS[1])

    def test_going_back_moves_the_visitor_but_not_the_furthest_step(self) -> None:
        back = event("navigation_back", from_step_id=STEPS[1], to_step_id=STEPS[0])
        state = after(entered(STEPS[0]), entered(STEPS[1]), back, entered(STEPS[0], "back"))
        assert state.current_step_id == STEPS[0]
        assert state.progression.furthest_step_id == STEPS[1]
        assert state.metrics.back_navigations == 1
        assert state.navigation.direction == "back"

    def test_completing_a_step_twice_counts_it_once_and_adds_up_its_time(self) -> None:
        done: dict[str, Any] = {"step_type": "details", "duration_ms": 1500}
        state = after(event("step_completed", STEPS[0], **done), event("step_completed", STEPS[0], **done))
        assert state.progression.completed_count == 1
        assert state.progression.durations_ms == {STEPS[0]: 3000}

    def test_a_night_on_one_step_counts_as_a_day_at_most(self) -> None:
        state = after(event("step_completed", STEPS[0], step_type="details", duration_ms=10**11))
        assert state.progression.durations_ms[STEPS[0]] == 86_400_000

    def test_a_step_of_another_flow_is_no_progress(self) -> None:
        foreign = uuid4()
        state = after(entered(foreign), event("step_completed", foreign, step_type="details", duration_ms=1))
        assert state.progression.completed_count == 0
        assert state.progression.furthest_step_id is None


class TestFields:
    def test_a_field_is_remembered_by_whether_it_is_valid(self) -> None:
        state = after(
            event("field_updated", field="zip", valid=True),
            event("field_updated", field="phone", valid=True),
            event("validation_error", field="phone", rule="phone_number"),
        )
        assert state.form_data == {"zip": True, "phone": False}
        assert (state.metrics.field_updates, state.metrics.validation_errors) == (2, 1)

    def test_a_page_cannot_make_the_form_grow_without_end(self) -> None:
        state = after(*[event("field_updated", field=f"field{n}", valid=True) for n in range(150)])
        assert len(state.form_data) == 100
        assert state.metrics.field_updates == 150


class TestSelections:
    def test_the_path_and_the_service_are_kept(self) -> None:
        state = after(
            answered(NODES[0], NODES[1]),
            event("service_selected", service_id=SERVICES[0], node_id=NODES[1]),
        )
        assert [entry.answer_node_id for entry in state.service_selection_path] == [NODES[1]]
        assert state.temp_selections.service_id == SERVICES[0]

    def test_answering_a_question_again_leaves_the_old_way_and_its_service_and_time(self) -> None:
        state = after(
            answered(NODES[0], NODES[1]),
            answered(NODES[2], NODES[3]),
            event("service_selected", service_id=SERVICES[0], node_id=NODES[3]),
            event("timeslot_selected", slot_id=None, **SLOT),
            answered(NODES[0], NODES[4]),
        )
        assert [entry.answer_node_id for entry in state.service_selection_path] == [NODES[4]]
        assert state.temp_selections.service_id is None
        assert state.temp_selections.timeslot is None

    def test_a_question_after_the_service_leaves_the_service_alone(self) -> None:
        state = after(
            answered(NODES[0], NODES[1]),
            event("service_selected", service_id=SERVICES[0], node_id=NODES[1]),
            answered(NODES[2], NODES[3]),
            answered(NODES[2], NODES[4]),
        )
        assert state.temp_selections.service_id == SERVICES[0]
        assert [entry.answer_node_id for entry in state.service_selection_path] == [NODES[1], NODES[4]]

    def test_another_service_takes_the_chosen_time_back(self) -> None:
        state = after(
            event("service_selected", service_id=SERVICES[0], node_id=NODES[0]),
            event("timeslot_selected", slot_id=None, **SLOT),
            event("service_selected", service_id=SERVICES[1], node_id=NODES[1]),
        )
        assert state.temp_selections.timeslot is None


class TestOutcomes:
    def test_abandoning_keeps_the_step_and_what_was_chosen(self) -> None:
        state = after(
            entered(STEPS[3]),
            event("service_selected", service_id=SERVICES[0], node_id=NODES[0]),
            event("timeslot_selected", slot_id=None, **SLOT),
            event("session_abandoned", reason="closed"),
        )
        assert isinstance(state.outcome, AbandonedOutcome)
        assert state.outcome.drop_off_step_id == STEPS[3]
        assert state.outcome.selected_service_id == SERVICES[0]
        assert state.outcome.selected_timeslot is not None
        assert state.temp_selections.service_id is None

    def test_running_out_of_time_is_no_activity(self) -> None:
        state = after(entered(STEPS[0]), event("session_abandoned", reason="timeout"))
        assert state.last_activity_at == START + timedelta(minutes=1)
        assert isinstance(state.outcome, AbandonedOutcome)
        assert state.outcome.abandoned_at == START + timedelta(minutes=2)

    def test_completing_takes_the_bookings_own_service_and_time(self) -> None:
        booking_id = uuid4()
        state = after(
            event("service_selected", service_id=SERVICES[0], node_id=NODES[0]),
            completed(booking_id, SERVICES[1]),
        )
        assert isinstance(state.outcome, CompletedOutcome)
        assert state.outcome.booking_id == booking_id
        assert state.outcome.selected_service_id == SERVICES[1]

    def test_a_booking_completes_a_session_that_was_taken_for_abandoned(self) -> None:
        chosen = event("service_selected", service_id=SERVICES[0], node_id=NODES[0])
        state = after(chosen, event("session_abandoned", reason="timeout"), completed())
        assert isinstance(state.outcome, CompletedOutcome)
        assert state.outcome.selected_service_id == SERVICES[0]

    def test_a_second_booking_never_replaces_the_first(self) -> None:
        first = uuid4()
        state = after(completed(first), completed())
        assert isinstance(state.outcome, CompletedOutcome)
        assert state.outcome.booking_id == first
        assert state.metrics.late_events == 1


uuids = st.uuids(version=4)
steps = st.sampled_from(STEPS)
nodes = st.sampled_from(NODES)
step_kinds = st.sampled_from(["zipcode", "service_selection", "details", "timeslot", "customer", "summary"])
fields = st.sampled_from(["zip", "phone", "name", "notes"])
CLIENT_EVENTS = st.one_of(
    st.builds(lambda: event("session_started")),
    st.builds(
        lambda step, kind, way: event("step_entered", step, step_type=kind, direction=way),
        steps,
        step_kinds,
        st.sampled_from(["forward", "back"]),
    ),
    st.builds(
        lambda step, kind, spent: event("step_completed", step, step_type=kind, duration_ms=spent),
        steps,
        step_kinds,
        st.integers(0, 10**12),
    ),
    st.builds(lambda name, valid: event("field_updated", field=name, valid=valid), fields, st.booleans()),
    st.builds(lambda name: event("validation_error", field=name, rule="required"), fields),
    st.builds(answered, nodes, nodes),
    st.builds(
        lambda service, node: event("service_selected", service_id=service, node_id=node),
        st.sampled_from(SERVICES),
        nodes,
    ),
    st.builds(lambda one, other: event("navigation_back", from_step_id=one, to_step_id=other), steps, steps),
    st.builds(lambda slot: event("timeslot_selected", slot_id=slot, **SLOT), st.none() | uuids),
)
ENDS = st.one_of(
    st.builds(
        lambda reason: event("session_abandoned", reason=reason),
        st.sampled_from(["closed", "timeout", "navigated_away"]),
    ),
    st.builds(completed, uuids, st.none() | st.sampled_from(SERVICES)),
)
HISTORIES = st.lists(CLIENT_EVENTS | ENDS, max_size=70)


def through_the_database(state: SessionState) -> SessionState:
    """The state as a row gives it back: JSON columns included."""
    row = BookingSession()
    row.set_columns(columns_of(state))
    return state_of(row)


class TestForEveryHistory:
    @given(history=HISTORIES, cut=st.integers(0, 70))
    def test_snapshot_and_new_events_equal_a_full_replay(
        self, history: list[dict[str, Any]], cut: int
    ) -> None:
        events = recorded(*history)
        snapshot = through_the_database(fold(new_state(), events[:cut]))
        assert fold(snapshot, events[cut:]) == fold(new_state(), events)

    @given(history=HISTORIES, late=st.lists(CLIENT_EVENTS, min_size=1, max_size=10), end=ENDS)
    def test_late_events_never_change_a_finished_session(
        self, history: list[dict[str, Any]], late: list[dict[str, Any]], end: dict[str, Any]
    ) -> None:
        finished = fold(new_state(), recorded(*history, end))
        then = fold(finished, recorded(*late, first=finished.last_sequence + 1))
        only_counted = {"metrics", "recent_event_ids", "first_event_id", "last_sequence"}
        assert then.model_dump(exclude=only_counted) == finished.model_dump(exclude=only_counted)
        assert then.metrics.late_events == finished.metrics.late_events + len(late)
        assert then.metrics.duration_ms == finished.metrics.duration_ms

    @given(history=HISTORIES)
    def test_the_counts_add_up_and_everything_stays_bounded(self, history: list[dict[str, Any]]) -> None:
        state = fold(new_state(), recorded(*history))
        assert state.metrics.event_count == state.last_sequence == len(history)
        assert len(state.recent_event_ids) == min(WINDOW, len(history))
        assert state.progression.completed_count <= state.progression.total_in_flow
        assert state.outcome.status == "active" or state.temp_selections.service_id is None
        if history:
            assert state.first_event_id == history[0]["id"]

    @given(history=HISTORIES, one_more=CLIENT_EVENTS)
    def test_applying_changes_no_earlier_state(
        self, history: list[dict[str, Any]], one_more: dict[str, Any]
    ) -> None:
        state = fold(new_state(), recorded(*history))
        before = state.model_dump_json()
        apply(state, recorded(one_more, first=state.last_sequence + 1)[0])
        assert state.model_dump_json() == before
