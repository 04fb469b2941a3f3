"""`/v1/bookings`: parse, one command, render."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request

from apps.bookings.api.alternatives import offering_alternatives
from apps.bookings.api.booking_serializers import BookingInputSerializer, BookingSerializer, booking_body
from apps.bookings.api.callers import KEY_OR_BOTH, KeyPerhapsCustomer, account_of
from apps.bookings.api.widget_view import WidgetView
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.hold_booking import book_hold, hold_booking
from apps.bookings.models import Booking
from apps.bookings.queries import booking_in_time
from apps.bookings.types import BookingDetails, TimeWanted
from apps.core.actors import Actor
from apps.core.api.idempotent import answer_once
from apps.core.api.schema import MUTATION_HEADERS, problems
from apps.core.api.serializers import validated
from apps.core.clock import app_now
from apps.core.idempotency import Answer
from apps.organizations.api.authentication import caller_of, session_actor
from apps.organizations.models import OrganizationPolicy


class BookingsView(WidgetView):
    """Opens bookings."""

    authentication_classes = [KeyPerhapsCustomer]

    @extend_schema(
        operation_id="hold_booking",
        tags=["bookings"],
        summary="Book a held time, or hold and book one",
        auth=KEY_OR_BOTH,
        parameters=MUTATION_HEADERS,
        request=BookingInputSerializer,
        responses={201: BookingSerializer, **problems(400, 401, 403, 404, 409, 410, 413, 415, 422)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Give a customer's name to a hold, or hold a time and do so in one go.

        A signed-in customer sends their token as well.
        """
        actor, organization = session_actor(request), caller_of(request).organization
        values = validated(BookingInputSerializer, request.data, context={"country": organization.country})
        wanted = BookingInputSerializer.wanted(values)
        details = replace(BookingInputSerializer.details(values), user_id=account_of(request))

        def operation() -> Answer:
            booking = _hold_or_book(actor, organization.policy, wanted, details, values.get("hold_id"))
            return _booking_answer(booking, status.HTTP_201_CREATED)

        with offering_alternatives(actor, organization.policy, [wanted]):
            return answer_once(
                request, actor=actor, endpoint="bookings", payload=request.data, operation=operation
            )


def _hold_or_book(
    actor: Actor,
    policy: OrganizationPolicy,
    wanted: TimeWanted,
    details: BookingDetails,
    hold_id: UUID | None,
) -> Booking:
    if hold_id is not None:
        return book_hold(actor=actor, hold_id=hold_id, details=details)
    return hold_booking(actor=actor, policy=policy, wanted=wanted, details=details)


def _booking_answer(booking: Booking, status_code: int) -> Answer:
    lines, held_until = booking_in_time(booking)
    now = booking.known_at or app_now()
    return Answer(status_code, booking_body(booking, lines, hold_expires_at=held_until, now=now))


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
