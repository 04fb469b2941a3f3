"""`/v1/holds` and `/v1/bookings`: parse, one command, render."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.availability.errors import SlotFull
from apps.bookings.api.serializers import (
    BookingInputSerializer,
    BookingSerializer,
    HoldSerializer,
    TimeWantedSerializer,
    booking_body,
    hold_body,
    offer_body,
)
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.hold_booking import book_hold, hold_booking
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.models import Booking, Hold
from apps.bookings.queries import (
    alternatives_to,
    get_hold,
    hold_expires_at,
    in_time,
    lines_of_booking,
    lines_of_holds,
)
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.api.idempotent import answer_once
from apps.core.api.schema import MUTATION_HEADERS, SESSION_TOKEN, problems
from apps.core.clock import app_now
from apps.core.idempotency import Answer
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of, session_actor
from apps.organizations.models import OrganizationPolicy


class WidgetView(APIView):
    """A view that the widget calls: the key names the business."""

    authentication_classes = [ApiKeyAuthentication]


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


class BookingsView(WidgetView):
    """Opens bookings."""

    @extend_schema(
        operation_id="hold_booking",
        tags=["bookings"],
        summary="Book a held time, or hold and book one",
        parameters=MUTATION_HEADERS,
        request=BookingInputSerializer,
        responses={201: BookingSerializer, **problems(400, 401, 403, 404, 409, 410, 413, 415, 422)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Give a customer's name to a hold, or hold a time and do so in one go."""
        actor, organization = session_actor(request), caller_of(request).organization
        data = BookingInputSerializer(data=request.data, context={"country": organization.country})
        data.is_valid(raise_exception=True)
        values = data.validated_data
        wanted = BookingInputSerializer.wanted(values)

        def operation() -> Answer:
            booking = _hold_or_book(actor, organization.policy, wanted, values)
            return _booking_answer(booking, status.HTTP_201_CREATED)

        with offering_alternatives(actor, organization.policy, wanted):
            return answer_once(
                request, actor=actor, endpoint="bookings", payload=request.data, operation=operation
            )


def _hold_or_book(
    actor: Actor, policy: OrganizationPolicy, wanted: TimeWanted, values: dict[str, Any]
) -> Booking:
    details = BookingInputSerializer.details(values)
    if "hold_id" in values:
        return book_hold(actor=actor, hold_id=values["hold_id"], details=details)
    return hold_booking(actor=actor, policy=policy, wanted=wanted, details=details)


def _booking_answer(booking: Booking, status_code: int) -> Answer:
    lines = in_time(booking.organization_id, lines_of_booking(booking))
    return Answer(
        status_code,
        booking_body(booking, lines, hold_expires_at=hold_expires_at(booking), now=app_now()),
    )


def _hold_answer(hold: Hold, status_code: int) -> Answer:
    lines = in_time(hold.organization_id, lines_of_holds(hold.organization_id, [hold.id]))
    return Answer(status_code, hold_body(hold, lines, now=app_now()))


class BookingConfirmView(WidgetView):
    """Confirms bookings."""

    @extend_schema(
        operation_id="confirm_booking",
        tags=["bookings"],
        summary="Confirm a held booking",
        parameters=MUTATION_HEADERS,
        request=None,
        responses={200: BookingSerializer, **problems(400, 401, 403, 404, 409, 410, 422)},
    )
    def post(self, request: Request, booking_id: UUID) -> HttpResponse:
        """The held time becomes the customer's."""
        actor = session_actor(request)

        def operation() -> Answer:
            return _booking_answer(confirm_booking(actor=actor, booking_id=booking_id), status.HTTP_200_OK)

        return answer_once(
            request, actor=actor, endpoint=f"bookings/{booking_id}/confirm", payload=None, operation=operation
        )


@contextmanager
def offering_alternatives(actor: Actor, policy: OrganizationPolicy, wanted: TimeWanted) -> Iterator[None]:
    """A refusal for want of room says what is free nearby; looked up after the transaction has ended."""
    try:
        yield
    except SlotFull as error:
        offers = alternatives_to(actor.organization_id, policy, wanted, now=app_now())
        raise SlotFull(alternatives=[offer_body(offer) for offer in offers]) from error
