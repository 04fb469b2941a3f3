"""From events to state: a pure fold without database, clock or settings (seed 000 §7.2).

What the rules are:

- The order is the server's sequence. `timestamp` is the visitor's clock and moves nothing.
- A finished session stays as it ended. An event that comes late is counted, and stands in the window of
  events; it changes neither outcome, nor current state, nor `last_activity_at`.
- One exception: `session_completed`. A confirmed booking is a fact, so it completes a session that was
  taken for abandoned. It never replaces an earlier booking.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce, singledispatch
from uuid import UUID

from apps.sessions import events
from apps.sessions.state import (
    MAX_FIELDS,
    MAX_HISTORY,
    MAX_PATH,
    MAX_STEP_MS,
    WINDOW,
    AbandonedOutcome,
    CompletedOutcome,
    PathEntry,
    SessionState,
    TempSelections,
)

ONE_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with the place and the time (UTC) that the server gave it."""

    event: events.AnyEvent
    sequence: int
    received_at: datetime


def apply(state: SessionState, recorded: Recorded) -> SessionState:
    """The state after one more event."""
    event, at = recorded.event, recorded.received_at
    counted = _counted(state, recorded)
    if not _is_accepted(state, event):
        return _with_metrics(counted, late_events=counted.metrics.late_events + 1)
    seen = _with_activity(counted, recorded).model_copy(update={"last_event_id": event.id})
    match event:
        case events.SessionAbandoned():
            return _finished(seen, _abandoned(seen, event, at))
        case events.SessionCompleted():
            return _finished(seen, _completed(seen, event, at))
        case _:
            return _moved(event, seen)


def fold(state: SessionState, recorded: Iterable[Recorded]) -> SessionState:
    """The state after these events, which are in the order of their sequence."""
    return reduce(apply, recorded, state)


def _is_accepted(state: SessionState, event: events.AnyEvent) -> bool:
    if isinstance(event, events.SessionCompleted):
        return state.outcome.status != "completed"
    return state.outcome.status == "active"


def _counted(state: SessionState, recorded: Recorded) -> SessionState:
    event_id = recorded.event.id
    counted = state.model_copy(
        update={
            "last_sequence": recorded.sequence,
            "first_event_id": state.first_event_id or event_id,
            "recent_event_ids": (*state.recent_event_ids, event_id)[-WINDOW:],
        }
    )
    return _with_metrics(counted, event_count=state.metrics.event_count + 1)


def _with_activity(state: SessionState, recorded: Recorded) -> SessionState:
    """Note that the visitor was there; that time ran out, or that staff approved later, shows no presence."""
    event = recorded.event
    ran_out = isinstance(event, events.SessionAbandoned) and event.data.reason == "timeout"
    if ran_out or state.outcome.status != "active":
        return state
    duration = (recorded.received_at - state.metrics.started_at) // ONE_MILLISECOND
    present = state.model_copy(update={"last_activity_at": recorded.received_at})
    return _with_metrics(present, duration_ms=max(0, duration))


def _with_metrics(state: SessionState, **values: int) -> SessionState:
    return state.model_copy(update={"metrics": state.metrics.model_copy(update=values)})


@singledispatch
def _moved(event: events.AnyEvent, state: SessionState) -> SessionState:  # noqa: ARG001  (session_started)
    """What an event of this type does to an active session, beside being counted: of itself nothing."""
    return state


@_moved.register
def _step_entered(event: events.StepEntered, state: SessionState) -> SessionState:
    history = state.navigation.history
    if history[-1:] != (event.step_id,):
        history = (*history, event.step_id)[-MAX_HISTORY:]
    navigation = state.navigation.model_copy(update={"history": history, "direction": event.data.direction})
    moved = state.model_copy(update={"navigation": navigation, "current_step_id": event.step_id})
    return _with_furthest(moved, event.step_id)


def _with_furthest(state: SessionState, step_id: UUID) -> SessionState:
    progression = state.progression
    order = progression.step_ids
    if step_id not in order:
        return state
    furthest = progression.furthest_step_id
    if furthest is not None and order.index(step_id) <= order.index(furthest):
        return state
    further = progression.model_copy(update={"furthest_step_id": step_id})
    return state.model_copy(update={"progression": further})


@_moved.register
def _step_completed(event: events.StepCompleted, state: SessionState) -> SessionState:
    progression = state.progression
    if event.step_id not in progression.step_ids:
        return state
    completed = progression.completed_step_ids
    if event.step_id not in completed:
        completed = (*completed, event.step_id)
    spent = progression.durations_ms.get(event.step_id, 0) + min(event.data.duration_ms, MAX_STEP_MS)
    progressed = progression.model_copy(
        update={
            "completed_step_ids": completed,
            "completed_count": len(completed),
            "durations_ms": {**progression.durations_ms, event.step_id: spent},
        }
    )
    return state.model_copy(update={"progression": progressed})


@_moved.register
def _field_updated(event: events.FieldUpdated, state: SessionState) -> SessionState:
    counted = _with_metrics(state, field_updates=state.metrics.field_updates + 1)
    return _with_field(counted, event.data.field, valid=event.data.valid)


@_moved.register
def _validation_error(event: events.ValidationErrorShown, state: SessionState) -> SessionState:
    counted = _with_metrics(state, validation_errors=state.metrics.validation_errors + 1)
    return _with_field(counted, event.data.field, valid=False)


def _with_field(state: SessionState, field: str, *, valid: bool) -> SessionState:
    if field not in state.form_data and len(state.form_data) >= MAX_FIELDS:
        return state
    return state.model_copy(update={"form_data": {**state.form_data, field: valid}})


@_moved.register
def _question_answered(event: events.QuestionAnswered, state: SessionState) -> SessionState:
    kept = _path_before(state.service_selection_path, event.data.question_node_id)
    chosen = PathEntry(question_node_id=event.data.question_node_id, answer_node_id=event.data.answer_node_id)
    selections = state.temp_selections
    if selections.path_length > len(kept):
        # The way to the service was left, and a time for that service with it.
        selections = TempSelections()
    return state.model_copy(
        update={
            "service_selection_path": (*kept, chosen)[:MAX_PATH],
            "temp_selections": selections,
        }
    )


def _path_before(path: tuple[PathEntry, ...], question_node_id: UUID) -> tuple[PathEntry, ...]:
    """The choices before this question was first answered: answering it again leaves the old way."""
    for index, entry in enumerate(path):
        if entry.question_node_id == question_node_id:
            return path[:index]
    return path


@_moved.register
def _service_selected(event: events.ServiceSelected, state: SessionState) -> SessionState:
    same = state.temp_selections.service_id == event.data.service_id
    selections = TempSelections(
        service_id=event.data.service_id,
        service_node_id=event.data.node_id,
        path_length=len(state.service_selection_path),
        timeslot=state.temp_selections.timeslot if same else None,
    )
    return state.model_copy(update={"temp_selections": selections})


@_moved.register
def _navigation_back(event: events.NavigationBack, state: SessionState) -> SessionState:
    navigation = state.navigation.model_copy(update={"direction": "back"})
    moved = state.model_copy(update={"navigation": navigation, "current_step_id": event.data.to_step_id})
    return _with_metrics(moved, back_navigations=state.metrics.back_navigations + 1)


@_moved.register
def _timeslot_selected(event: events.TimeslotSelected, state: SessionState) -> SessionState:
    selections = state.temp_selections.model_copy(update={"timeslot": event.data})
    return state.model_copy(update={"temp_selections": selections})


def _finished(state: SessionState, outcome: AbandonedOutcome | CompletedOutcome) -> SessionState:
    """With an outcome nothing is temporary any more (seed 000 §7.3)."""
    return state.model_copy(update={"outcome": outcome, "temp_selections": TempSelections()})


def _abandoned(state: SessionState, event: events.SessionAbandoned, at: datetime) -> AbandonedOutcome:
    timeslot = state.temp_selections.timeslot
    return AbandonedOutcome(
        abandoned_at=at,
        drop_off_step_id=state.current_step_id or event.step_id,
        selected_service_id=state.temp_selections.service_id,
        selected_timeslot=events.VisitTime(start_at=timeslot.start_at, end_at=timeslot.end_at)
        if timeslot
        else None,
    )


def _completed(state: SessionState, event: events.SessionCompleted, at: datetime) -> CompletedOutcome:
    before = state.outcome if isinstance(state.outcome, AbandonedOutcome) else None
    chosen_before = before.selected_service_id if before else state.temp_selections.service_id
    return CompletedOutcome(
        completed_at=at,
        booking_id=event.data.booking_id,
        selected_service_id=event.data.service_id or chosen_before,
        selected_timeslot=events.VisitTime(start_at=event.data.start_at, end_at=event.data.end_at),
    )
