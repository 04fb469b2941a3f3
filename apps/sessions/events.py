"""What can happen in a booking session: a union that `event_type` tells apart (seed 000 §4.4.2).

An event never holds what a person typed, only that a field changed and whether it was valid.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, TypeAdapter, model_validator

from apps.sessions.shapes import AbandonReason, Direction, FieldName, Moment, Shape, StepKind

MAX_BATCH = 100
MAX_TOKEN_LENGTH = 1000


class NoData(Shape):
    """Nothing beyond the fact."""


class StepEnteredData(Shape):
    """Which kind of step, and from which side."""

    step_type: StepKind
    direction: Direction


class StepCompletedData(Shape):
    """How long the step took by the visitor's clock, in milliseconds."""

    step_type: StepKind
    duration_ms: Annotated[StrictInt, Field(ge=0, le=10**12)]


class FieldUpdatedData(Shape):
    """Which field changed, and whether it is valid now."""

    field: FieldName
    valid: StrictBool


class ValidationErrorData(Shape):
    """Which rule a field broke."""

    field: FieldName
    rule: FieldName


class QuestionAnsweredData(Shape):
    """Which answer node was chosen at which question node."""

    question_node_id: UUID
    answer_node_id: UUID


class ServiceSelectedData(Shape):
    """Which service, and the node that stands for it."""

    service_id: UUID
    node_id: UUID


class NavigationBackData(Shape):
    """From which step back to which."""

    from_step_id: UUID
    to_step_id: UUID


class VisitTime(Shape):
    """From when to when."""

    start_at: Moment
    end_at: Moment

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end_at <= self.start_at:
            raise ValueError("end_at is not after start_at")
        return self


class TimeslotSelectedData(VisitTime):
    """A time that the visitor picked, and the slot that it was shown as, if it was one."""

    slot_id: UUID | None = None


class SessionAbandonedData(Shape):
    """How the visit ended."""

    reason: AbandonReason


class SessionCompletedData(VisitTime):
    """The booking that came of the visit, and its time. Without a service, a bare slot was booked."""

    booking_id: UUID
    service_id: UUID | None


class Envelope(Shape):
    """What every event has. `id` is the sender's: a batch that is sent twice counts once.

    `timestamp` is the sender's clock and only ever compared within a session.
    """

    id: UUID
    timestamp: Moment
    step_id: UUID | None = None


class SessionStarted(Envelope):
    """The widget opened."""

    event_type: Literal["session_started"]
    data: NoData


class StepEntered(Envelope):
    """The visitor came to a step."""

    event_type: Literal["step_entered"]
    step_id: UUID
    data: StepEnteredData


class StepCompleted(Envelope):
    """The visitor finished a step."""

    event_type: Literal["step_completed"]
    step_id: UUID
    data: StepCompletedData


class FieldUpdated(Envelope):
    """A field's value changed; the value itself stays in the browser."""

    event_type: Literal["field_updated"]
    data: FieldUpdatedData


class ValidationErrorShown(Envelope):
    """The visitor was told that a value needs another look."""

    event_type: Literal["validation_error"]
    data: ValidationErrorData


class QuestionAnswered(Envelope):
    """The visitor chose an answer in the service-selection graph."""

    event_type: Literal["question_answered"]
    data: QuestionAnsweredData


class ServiceSelected(Envelope):
    """The visitor's way through the graph came past a service."""

    event_type: Literal["service_selected"]
    data: ServiceSelectedData


class NavigationBack(Envelope):
    """The visitor went back."""

    event_type: Literal["navigation_back"]
    data: NavigationBackData


class TimeslotSelected(Envelope):
    """The visitor picked a time."""

    event_type: Literal["timeslot_selected"]
    data: TimeslotSelectedData


class SessionAbandoned(Envelope):
    """The visit ended without a booking."""

    event_type: Literal["session_abandoned"]
    data: SessionAbandonedData


class SessionCompleted(Envelope):
    """A booking was confirmed. Only the server says so."""

    event_type: Literal["session_completed"]
    data: SessionCompletedData


ClientEvent = Annotated[
    SessionStarted
    | StepEntered
    | StepCompleted
    | FieldUpdated
    | ValidationErrorShown
    | QuestionAnswered
    | ServiceSelected
    | NavigationBack
    | TimeslotSelected
    | SessionAbandoned,
    Field(discriminator="event_type"),
]
AnyEvent = Annotated[ClientEvent | SessionCompleted, Field(discriminator="event_type")]

_any_event: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


class EventBatch(Shape):
    """Events in the order in which they happened. The token is that of the session in the address."""

    token: Annotated[str, Field(max_length=MAX_TOKEN_LENGTH)]
    events: Annotated[list[ClientEvent], Field(min_length=1, max_length=MAX_BATCH)]


def parse_event(values: Any) -> AnyEvent:
    """An event of any of the eleven types, as it was stored. Raises pydantic's ValidationError."""
    return _any_event.validate_python(values)


def steps_named(event: AnyEvent) -> Sequence[tuple[str, UUID]]:
    """The steps that an event speaks of, with the field that names each."""
    named = [("step_id", event.step_id)] if event.step_id else []
    if isinstance(event, NavigationBack):
        named += [("data.from_step_id", event.data.from_step_id), ("data.to_step_id", event.data.to_step_id)]
    return named
