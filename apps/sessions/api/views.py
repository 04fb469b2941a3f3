"""`/v1/sessions`: start a visit, report what happens in it, and come back to it after a reload."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.serializers import ProblemSerializer
from apps.core.errors import NotFound
from apps.core.tokens import verify_session_token
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of, session_actor
from apps.sessions.api.parsers import BeaconParser, EventBatchParser
from apps.sessions.api.serializers import (
    AcceptedEventsSerializer,
    SessionStateSerializer,
    StartedSessionSerializer,
    StartSessionRequest,
)
from apps.sessions.api.validation import parse
from apps.sessions.commands.record_events import record_events
from apps.sessions.commands.start_session import start_session
from apps.sessions.events import EventBatch
from apps.sessions.queries import get_session

SESSION_TOKEN = OpenApiParameter(
    "X-Session-Token",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="This session's token.",
)


def _problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer, description=description)


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
        request=StartSessionRequest,
        responses={
            201: StartedSessionSerializer,
            400: _problem("VALIDATION_ERROR, MALFORMED_JSON"),
            401: _problem("INVALID_API_KEY"),
            403: _problem("ORIGIN_NOT_ALLOWED"),
            413: _problem("PAYLOAD_TOO_LARGE"),
            415: _problem("UNSUPPORTED_MEDIA_TYPE"),
        },
        tags=["sessions"],
    )
    def post(self, request: Request) -> Response:
        """Parse, start, answer with the token."""
        wanted = parse(StartSessionRequest, request.data)
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
        responses={
            200: SessionStateSerializer,
            401: _problem("INVALID_API_KEY, SESSION_EXPIRED"),
            403: _problem("ORIGIN_NOT_ALLOWED"),
            404: _problem("NOT_FOUND"),
        },
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
            "Up to 100 events and 64 kB, in the order in which they happened. All or nothing; events that "
            "came before are dropped by their id, so a batch may be sent again. A finished session counts "
            "late events and stays as it is. No API key is needed, and `text/plain` is read as JSON, so "
            "that `navigator.sendBeacon` works without a preflight."
        ),
        request={"application/json": EventBatch, "text/plain": EventBatch},
        responses={
            200: AcceptedEventsSerializer,
            400: _problem("VALIDATION_ERROR (errors by index: `events[3].data.field`), MALFORMED_JSON"),
            401: _problem("SESSION_EXPIRED"),
            404: _problem("NOT_FOUND"),
            409: _problem("SESSION_EVENT_LIMIT"),
            413: _problem("PAYLOAD_TOO_LARGE"),
            415: _problem("UNSUPPORTED_MEDIA_TYPE"),
        },
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
