"""The state of a booking session: what its row stores, as immutable values (seed 000 §4.4.1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from apps.sessions.events import TimeslotSelectedData, VisitTime
from apps.sessions.shapes import Direction, Shape

# The newest events that a session's row refers to, beside the very first one (seed 000 §9.2).
WINDOW = 50
MAX_HISTORY = 50
MAX_FIELDS = 100
MAX_PATH = 100
# A laptop that slept through the night was not filling in a form.
MAX_STEP_MS = 24 * 60 * 60 * 1000


class ActiveOutcome(Shape):
    """The visit goes on."""

    status: Literal["active"] = "active"


class CompletedOutcome(Shape):
    """The visit ended in a booking."""

    status: Literal["completed"] = "completed"
    completed_at: AwareDatetime
    booking_id: UUID
    selected_service_id: UUID | None
    selected_timeslot: VisitTime


class AbandonedOutcome(Shape):
    """The visit ended without one. `drop_off_step_id` is null if no step was ever entered."""

    status: Literal["abandoned"] = "abandoned"
    abandoned_at: AwareDatetime
    drop_off_step_id: UUID | None
    selected_service_id: UUID | None = None
    selected_timeslot: VisitTime | None = None


Outcome = Annotated[ActiveOutcome | CompletedOutcome | AbandonedOutcome, Field(discriminator="status")]


class NavigationState(Shape):
    """The steps that were entered, newest last, and the direction of the last move."""

    history: tuple[UUID, ...] = ()
    direction: Direction = "forward"


class PathEntry(Shape):
    """One choice in the service-selection graph: with its two nodes it names the edge."""

    question_node_id: UUID
    answer_node_id: UUID


class TempSelections(Shape):
    """What was chosen and is not yet an outcome (seed 000 §7.3).

    `path_length` is how many choices led to the service: changing one of them takes the service back.
    """

    service_id: UUID | None = None
    service_node_id: UUID | None = None
    path_length: int = 0
    timeslot: TimeslotSelectedData | None = None


class StepProgression(Shape):
    """How far the visit came. `step_ids` are the flow version's steps in their order."""

    step_ids: tuple[UUID, ...] = ()
    total_in_flow: int = 0
    completed_step_ids: tuple[UUID, ...] = ()
    completed_count: int = 0
    furthest_step_id: UUID | None = None
    durations_ms: dict[UUID, int] = Field(default_factory=dict)


class Metrics(Shape):
    """Counts over the visit. `duration_ms` is from the start to the last activity, by the server's clock."""

    started_at: AwareDatetime
    duration_ms: int = 0
    event_count: int = 0
    late_events: int = 0
    back_navigations: int = 0
    field_updates: int = 0
    validation_errors: int = 0


class SessionState(Shape):
    """Everything that the events say about a session: the left fold of `projection.apply`. Times are UTC."""

    outcome: Outcome = ActiveOutcome()
    current_step_id: UUID | None = None
    form_data: dict[str, bool] = Field(default_factory=dict)
    navigation: NavigationState = NavigationState()
    service_selection_path: tuple[PathEntry, ...] = ()
    temp_selections: TempSelections = TempSelections()
    progression: StepProgression
    metrics: Metrics
    last_event_id: UUID | None = None
    last_activity_at: AwareDatetime
    first_event_id: UUID | None = None
    recent_event_ids: tuple[UUID, ...] = ()
    last_sequence: int = 0


def initial_state(*, started_at: datetime, step_ids: Sequence[UUID]) -> SessionState:
    """A session before its first event. `started_at` is UTC."""
    return SessionState(
        progression=StepProgression(step_ids=tuple(step_ids), total_in_flow=len(step_ids)),
        metrics=Metrics(started_at=started_at),
        last_activity_at=started_at,
    )
