"""Shapes of the sessions API. Requests are pydantic, as events are; answers are DRF's."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.sessions.commands.start_session import StartedSession
from apps.sessions.context import SessionContext
from apps.sessions.ledger import Appended
from apps.sessions.models import BookingSession, SessionStatus
from apps.sessions.shapes import Shape
from apps.sessions.snapshots import view_of
from apps.sessions.types import ActiveSession, SessionView


class StartSession(Shape):
    """The scheduler and the flow version as `resolve` named them, and where the visit comes from."""

    config_id: UUID | None
    flow_version_id: UUID
    context: SessionContext = SessionContext()


class StartedSessionSerializer(serializers.Serializer[Any]):
    """A new session. Keep the token in the tab; it is what lets this visitor hold and book."""

    id = serializers.UUIDField()
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
    last_sequence = serializers.IntegerField()

    @staticmethod
    def body_of(started: StartedSession) -> dict[str, Any]:
        """The values of a started session."""
        return {
            "id": started.session.id,
            "token": started.token,
            "expires_at": started.expires_at,
            "last_sequence": started.session.last_sequence,
        }


class AcceptedEventsSerializer(serializers.Serializer[Any]):
    """What became of a batch."""

    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    last_sequence = serializers.IntegerField()

    @staticmethod
    def body_of(appended: Appended) -> dict[str, int]:
        """The counts of a batch."""
        return {
            "accepted": appended.accepted,
            "duplicates": appended.duplicates,
            "last_sequence": appended.last_sequence,
        }


class PickedTimeSerializer(serializers.Serializer[Any]):
    """A time that was picked, in UTC."""

    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()


class SessionNavigationSerializer(serializers.Serializer[Any]):
    """The steps entered, newest last, and the direction of the last move."""

    history = serializers.ListField(child=serializers.UUIDField())
    direction = serializers.ChoiceField(choices=["forward", "back"])


class SessionChoiceSerializer(serializers.Serializer[Any]):
    """One choice in the service-selection graph."""

    question_node_id = serializers.UUIDField()
    answer_node_id = serializers.UUIDField()


class SessionSelectionsSerializer(serializers.Serializer[Any]):
    """What was chosen so far; in a finished session, what it ended with."""

    service_id = serializers.UUIDField(allow_null=True)
    timeslot = PickedTimeSerializer(allow_null=True)


class SessionStateSerializer(serializers.Serializer[Any]):
    """What a reloaded page needs to go on. Values that were typed are only in the tab's own storage."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=SessionStatus.choices)
    config_id = serializers.UUIDField(allow_null=True)
    flow_version_id = serializers.UUIDField()
    current_step_id = serializers.UUIDField(allow_null=True)
    form_data = serializers.DictField(
        child=serializers.BooleanField(),
        help_text="Which fields were filled in, and whether each was valid.",
    )
    navigation = SessionNavigationSerializer()
    service_selection_path = SessionChoiceSerializer(many=True)
    completed_step_ids = serializers.ListField(child=serializers.UUIDField())
    selections = SessionSelectionsSerializer()
    booking_id = serializers.UUIDField(allow_null=True)
    last_activity_at = serializers.DateTimeField()
    last_sequence = serializers.IntegerField()

    @staticmethod
    def body_of(session: BookingSession) -> dict[str, Any]:
        """The session's state, as JSON types where the row has them already."""
        return {
            "id": session.id,
            "status": session.status,
            "config_id": session.scheduler_config_id,
            "flow_version_id": session.flow_version_id,
            "current_step_id": session.current_step_id,
            "form_data": session.current_form_data,
            "navigation": session.navigation_state,
            "service_selection_path": session.service_selection_path,
            "completed_step_ids": session.step_progression["completed_step_ids"],
            "selections": _selections_of(view_of(session)),
            "booking_id": session.booking_id,
            "last_activity_at": session.last_activity_at,
            "last_sequence": session.last_sequence,
        }


def _selections_of(view: SessionView) -> dict[str, Any]:
    if isinstance(view, ActiveSession):
        service_id, timeslot = view.service_id, view.timeslot
    else:
        service_id, timeslot = view.selected_service_id, view.selected_timeslot
    picked = {"start_at": timeslot.start_at, "end_at": timeslot.end_at} if timeslot else None
    return {"service_id": service_id, "timeslot": picked}
