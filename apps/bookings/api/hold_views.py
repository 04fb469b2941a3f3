"""`/v1/holds`: parse, one command, render."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.request import Request

from apps.bookings.api.alternatives import offering_alternatives
from apps.bookings.api.hold_serializers import HoldSerializer, HoldsSerializer, hold_body, holds_body
from apps.bookings.api.visits_wanted import HoldsInputSerializer
from apps.bookings.api.widget_view import WidgetView
from apps.bookings.commands.place_hold import place_hold, place_holds
from apps.bookings.commands.refresh_hold import refresh_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.models import Hold
from apps.bookings.queries import LineInTime, get_hold, hold_in_time, in_time, lines_of_holds
from apps.core.api.idempotent import answer_once
from apps.core.api.schema import MUTATION_HEADERS, SESSION_TOKEN, problems
from apps.core.api.serializers import validated
from apps.core.clock import app_now
from apps.core.idempotency import Answer
from apps.organizations.api.authentication import caller_of, session_actor


class HoldsView(WidgetView):
    """Places holds."""

    @extend_schema(
        operation_id="place_hold",
        tags=["holds"],
        summary="Hold a time, or several, for a few minutes",
        parameters=MUTATION_HEADERS,
        request=HoldsInputSerializer,
        responses={
            201: PolymorphicProxySerializer(
                component_name="HoldOrHolds",
                serializers=[HoldSerializer, HoldsSerializer],
                resource_type_field_name=None,
            ),
            **problems(400, 401, 403, 404, 409, 413, 415, 422),
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Hold a slot, a start with one or several services, or (`visits`) several visits, all or nothing."""
        actor, policy = session_actor(request), caller_of(request).organization.policy
        values = validated(HoldsInputSerializer, request.data)
        wanted = HoldsInputSerializer.visits_wanted(values)

        def operation() -> Answer:
            if "visits" in values:
                return _holds_answer(place_holds(actor=actor, policy=policy, wanted=wanted))
            return _hold_answer(
                place_hold(actor=actor, policy=policy, wanted=wanted[0]), status.HTTP_201_CREATED
            )

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


class HoldRefreshView(WidgetView):
    """Gives holds more time."""

    @extend_schema(
        operation_id="refresh_hold",
        tags=["holds"],
        summary="Keep a held time a little longer",
        parameters=MUTATION_HEADERS,
        request=None,
        responses={200: HoldSerializer, **problems(400, 401, 403, 404, 409, 410, 422)},
    )
    def post(self, request: Request, hold_id: UUID) -> HttpResponse:
        """Give the visitor's hold its whole length again, from now; not more often than the business says."""
        actor, policy = session_actor(request), caller_of(request).organization.policy

        def operation() -> Answer:
            hold = refresh_hold(actor=actor, policy=policy, hold_id=hold_id)
            return _hold_answer(hold, status.HTTP_200_OK)

        return answer_once(
            request, actor=actor, endpoint=f"holds/{hold_id}/refresh", payload=None, operation=operation
        )


def _hold_answer(hold: Hold, status_code: int) -> Answer:
    lines = hold_in_time(hold)
    return Answer(status_code, hold_body(hold, lines, now=app_now()))


def _holds_answer(holds: Sequence[Hold]) -> Answer:
    organization_id = holds[0].organization_id
    lines: dict[UUID | None, list[LineInTime]] = defaultdict(list)
    for timed in in_time(organization_id, lines_of_holds(organization_id, [hold.id for hold in holds])):
        lines[timed.line.hold_id].append(timed)
    return Answer(status.HTTP_201_CREATED, holds_body(holds, lines, now=app_now()))
