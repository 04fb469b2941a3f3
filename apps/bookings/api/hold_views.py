"""`/v1/holds`: parse, one command, render."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request

from apps.bookings.api.alternatives import offering_alternatives
from apps.bookings.api.hold_serializers import HoldSerializer, hold_body
from apps.bookings.api.time_wanted import TimeWantedSerializer
from apps.bookings.api.widget_view import WidgetView
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.models import Hold
from apps.bookings.queries import get_hold, in_time, lines_of_holds
from apps.core.api.idempotent import answer_once
from apps.core.api.schema import MUTATION_HEADERS, SESSION_TOKEN, problems
from apps.core.clock import app_now
from apps.core.idempotency import Answer
from apps.organizations.api.authentication import caller_of, session_actor


class HoldsView(WidgetView):
    """Places holds."""

    @extend_schema(
        operation_id="place_hold",
        tags=["holds"],
        summary="Hold a time for a few minutes",
        parameters=MUTATION_HEADERS,
        request=TimeWantedSerializer,
        responses={201: HoldSerializer, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Hold a slot, or a start at a location with a person or with anybody who can."""
        actor, policy = session_actor(request), caller_of(request).organization.policy
        data = TimeWantedSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        wanted = TimeWantedSerializer.wanted(data.validated_data)

        def operation() -> Answer:
            hold = place_hold(actor=actor, policy=policy, wanted=wanted)
            return _hold_answer(hold, status.HTTP_201_CREATED)

        with offering_alternatives(actor, policy, wanted):
            return answer_once(
                request, actor=actor, endpoint="holds", payload=request.data, operation=operation
            )


class HoldView(WidgetView):
    """Reads one hold."""

    @extend_schema(
        operation_id="get_hold",
        tags=["holds"],
        summary="Read your hold",
        parameters=[SESSION_TOKEN],
        responses={200: HoldSerializer, **problems(401, 403, 404)},
    )
    def get(self, request: Request, hold_id: UUID) -> HttpResponse:
        """The visitor's own hold."""
        hold = get_hold(session_actor(request), hold_id)
        answer = _hold_answer(hold, status.HTTP_200_OK)
        return HttpResponse(answer.body, content_type="application/json")


class HoldReleaseView(WidgetView):
    """Releases holds."""

    @extend_schema(
        operation_id="release_hold",
        tags=["holds"],
        summary="Give a held time back",
        parameters=MUTATION_HEADERS,
        request=None,
        responses={200: HoldSerializer, **problems(400, 401, 403, 404, 409, 410, 422)},
    )
    def post(self, request: Request, hold_id: UUID) -> HttpResponse:
        """End the visitor's hold, so that others can have the time."""
        actor = session_actor(request)

        def operation() -> Answer:
            hold = release_hold(actor=actor, hold_id=hold_id)
            return _hold_answer(hold, status.HTTP_200_OK)

        return answer_once(
            request, actor=actor, endpoint=f"holds/{hold_id}/release", payload=None, operation=operation
        )


def _hold_answer(hold: Hold, status_code: int) -> Answer:
    lines = in_time(hold.organization_id, lines_of_holds(hold.organization_id, [hold.id]))
    return Answer(status_code, hold_body(hold, lines, now=app_now()))
