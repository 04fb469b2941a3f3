"""Between a session's row and the pure state: the row is the state, column by column."""

from typing import Any

from apps.sessions.events import VisitTime
from apps.sessions.models import BookingSession
from apps.sessions.state import (
    AbandonedOutcome,
    ActiveOutcome,
    CompletedOutcome,
    SessionState,
    TempSelections,
)
from apps.sessions.types import (
    AbandonedSession,
    ActiveSession,
    CompletedSession,
    SessionView,
    TimeRange,
)

NO_OUTCOME: dict[str, Any] = {
    "completed_at": None,
    "booking_id": None,
    "abandoned_at": None,
    "drop_off_step_id": None,
    "selected_service_id": None,
    "selected_timeslot_start": None,
    "selected_timeslot_end": None,
}


def columns_of(state: SessionState) -> dict[str, Any]:
    """The columns of BookingSession that hold this state."""
    dumped = state.model_dump(
        mode="json",
        include={
            "form_data",
            "navigation",
            "service_selection_path",
            "temp_selections",
            "progression",
            "metrics",
        },
    )
    temporary = dumped["temp_selections"] if state.temp_selections != TempSelections() else {}
    return {
        "last_sequence": state.last_sequence,
        "first_event_id": state.first_event_id,
        "recent_event_ids": list(state.recent_event_ids),
        "current_step_id": state.current_step_id,
        "current_form_data": dumped["form_data"],
        "navigation_state": dumped["navigation"],
        "service_selection_path": dumped["service_selection_path"],
        "last_event_id": state.last_event_id,
        "temp_selections": temporary,
        "last_activity_at": state.last_activity_at,
        "step_progression": dumped["progression"],
        "metrics": dumped["metrics"],
        "status": state.outcome.status,
        **NO_OUTCOME,
        **_outcome_columns(state.outcome),
    }


def _outcome_columns(outcome: ActiveOutcome | CompletedOutcome | AbandonedOutcome) -> dict[str, Any]:
    if isinstance(outcome, ActiveOutcome):
        return {}
    columns = outcome.model_dump(exclude={"status", "selected_timeslot"})
    timeslot = outcome.selected_timeslot
    columns["selected_timeslot_start"] = timeslot.start_at if timeslot else None
    columns["selected_timeslot_end"] = timeslot.end_at if timeslot else None
    return columns


def state_of(session: BookingSession) -> SessionState:
    """The state that a session's row holds."""
    return SessionState.model_validate(
        {
            "outcome": _outcome_of(session),
            "current_step_id": session.current_step_id,
            "form_data": session.current_form_data,
            "navigation": session.navigation_state,
            "service_selection_path": session.service_selection_path,
            "temp_selections": session.temp_selections,
            "progression": session.step_progression,
            "metrics": session.metrics,
            "last_event_id": session.last_event_id,
            "last_activity_at": session.last_activity_at,
            "first_event_id": session.first_event_id,
            "recent_event_ids": session.recent_event_ids,
            "last_sequence": session.last_sequence,
        }
    )


def _outcome_of(session: BookingSession) -> ActiveOutcome | CompletedOutcome | AbandonedOutcome:
    if session.status == "active":
        return ActiveOutcome()
    timeslot = (
        VisitTime(start_at=session.selected_timeslot_start, end_at=session.selected_timeslot_end)
        if session.selected_timeslot_start and session.selected_timeslot_end
        else None
    )
    if session.status == "completed":
        return CompletedOutcome.model_validate(
            {
                "completed_at": session.completed_at,
                "booking_id": session.booking_id,
                "selected_service_id": session.selected_service_id,
                "selected_timeslot": timeslot,
            }
        )
    return AbandonedOutcome.model_validate(
        {
            "abandoned_at": session.abandoned_at,
            "drop_off_step_id": session.drop_off_step_id,
            "selected_service_id": session.selected_service_id,
            "selected_timeslot": timeslot,
        }
    )


def view_of(session: BookingSession) -> SessionView:
    """The session as its status types it, for readers (seed 000 §5.2)."""
    base: dict[str, Any] = {
        "id": session.id,
        "organization_id": session.organization_id,
        "flow_version_id": session.flow_version_id,
        "current_step_id": session.current_step_id,
        "last_activity_at": session.last_activity_at,
    }
    state = state_of(session)
    match state.outcome:
        case ActiveOutcome():
            chosen = state.temp_selections
            return ActiveSession(**base, service_id=chosen.service_id, timeslot=_time_range(chosen.timeslot))
        case CompletedOutcome() as done:
            return CompletedSession(
                **base,
                completed_at=done.completed_at,
                booking_id=done.booking_id,
                selected_service_id=done.selected_service_id,
                selected_timeslot=TimeRange(done.selected_timeslot.start_at, done.selected_timeslot.end_at),
            )
        case AbandonedOutcome() as left:
            return AbandonedSession(
                **base,
                abandoned_at=left.abandoned_at,
                drop_off_step_id=left.drop_off_step_id,
                selected_service_id=left.selected_service_id,
                selected_timeslot=_time_range(left.selected_timeslot),
            )


def _time_range(timeslot: VisitTime | None) -> TimeRange | None:
    return TimeRange(timeslot.start_at, timeslot.end_at) if timeslot else None
