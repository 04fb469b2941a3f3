"""`/v1/sessions`: start a visit, report what happens in it, and come back to it after a reload."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.schema import SESSION_TOKEN, problems
from apps.core.errors import NotFound
from apps.core.tokens import verify_session_token
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of, session_actor
from apps.sessions.api.parsers import BeaconParser, EventBatchParser
from apps.sessions.api.serializers import (
    AcceptedEventsSerializer,
    SessionStateSerializer,
    StartedSessionSerializer,
    StartSession,
)
from apps.sessions.api.validation import parse
from apps.sessions.commands.record_events import record_events
from apps.sessions.commands.start_session import start_session
from apps.sessions.events import EventBatch
from apps.sessions.queries import get_session


class SessionsView(APIView):
    """Starting a session."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="start_session",
        summary="Start a session",
        description=(
            "Begins a visit on the flow version that `resolve` named; the session stays with that version. "
            "Of the page's address only the path and the `utm_` parameters are kept."
        ),
        request=StartSession,
        responses={201: StartedSessionSerializer, **problems(400, 401, 403, 413, 415)},
        tags=["sessions"],
    )
    def post(self, request: Request) -> Response:
        """Parse, start, answer with the token."""
        wanted = parse(StartSession, request.data)
        started = start_session(
            organization_id=caller_of(request).organization.id,
            config_id=wanted.config_id,
            flow_version_id=wanted.flow_version_id,
            context=wanted.context,
        )
        return _fresh(StartedSessionSerializer(StartedSessionSerializer.body_of(started)).data, status=201)


class SessionView(APIView):
    """One session."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="get_session",
        summary="Where a session stands",
        description="For a page that was reloaded: the state to go on from. Needs the session's own token.",
        parameters=[SESSION_TOKEN],
        responses={200: SessionStateSerializer, **problems(401, 403, 404)},
        tags=["sessions"],
    )
    def get(self, request: Request, session_id: UUID) -> Response:
        """Check the token, read, answer."""
        actor = session_actor(request)
        if actor.session_id != session_id:
            raise NotFound
        session = get_session(actor.organization_id, session_id)
        return _fresh(SessionStateSerializer(SessionStateSerializer.body_of(session)).data)


class EventsView(APIView):
    """What happened in a session. The token is in the body, because a beacon sends no headers."""

    authentication_classes = []
    parser_classes = [EventBatchParser, BeaconParser]

    @extend_schema(
        operation_id="record_session_events",
        summary="Report events",
        description=(
            "Up to 100 events and 64 kB, in their order. All or nothing: what is wrong is "
            "named by its place, as in `events[3].data.field`, and nothing is stored. Events that "
            "came before are dropped by their id, so a batch may be sent again. A finished session counts "
            "late events and stays as it is. No API key is needed, and `text/plain` is read as JSON, so "
            "that `navigator.sendBeacon` works without a preflight."
        ),
        request={"application/json": EventBatch, "text/plain": EventBatch},
        responses={200: AcceptedEventsSerializer, **problems(400, 401, 404, 409, 413, 415)},
        auth=[],
        tags=["sessions"],
    )
    def post(self, request: Request, session_id: UUID) -> Response:
        """Parse, check the token, record, answer."""
        batch = parse(EventBatch, request.data)
        claims = verify_session_token(batch.token)
        if claims.session_id != session_id:
            raise NotFound
        appended = record_events(claims=claims, events=batch.events)
        return _fresh(AcceptedEventsSerializer(AcceptedEventsSerializer.body_of(appended)).data)


def _fresh(body: object, *, status: int = 200) -> Response:
    response = Response(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
