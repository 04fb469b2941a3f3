"""`/v1/bookings/manage/{token}`: what the holder of a link can see and do, without a key or an account."""

from calendar import monthrange
from collections.abc import Callable

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.bookings.api.booking_serializers import BookingSerializer, booking_body
from apps.bookings.api.by_link import LinkView, customer_of
from apps.bookings.api.manage_serializers import (
    CancelInputSerializer,
    ManagedBookingSerializer,
    NewDateQuerySerializer,
    NewMonthQuerySerializer,
    NewMonthSerializer,
    NewTimesSerializer,
    RescheduleInputSerializer,
    managed_values,
    times_values,
)
from apps.bookings.commands.cancel_booking import cancel_booking
from apps.bookings.commands.check_in_booking import check_in_booking
from apps.bookings.commands.reschedule_booking import reschedule_booking
from apps.bookings.models import Booking
from apps.bookings.placing.moving import NewTime
from apps.bookings.queries import hold_expires_at, in_time, lines_of_booking
from apps.bookings.self_service.calendar_files import calendar_of
from apps.bookings.self_service.links import booking_of_link
from apps.bookings.self_service.managed import appearance_of, days_to_move_to, managed, times_to_move_to
from apps.bookings.states import CancelReason
from apps.core.actors import Actor
from apps.core.api.idempotent import answer_once
from apps.core.api.schema import IDEMPOTENCY_KEY, problems
from apps.core.clock import app_now
from apps.core.idempotency import Answer
from apps.routing.queries import brand_kit_json, organization_json

NO_STORE = {"Cache-Control": "no-store"}


class ManagedBookingView(LinkView):
    """A booking."""

    @extend_schema(
        operation_id="get_managed_booking",
        tags=["manage"],
        summary="Read your booking",
        responses={200: ManagedBookingSerializer, **problems(404)},
    )
    def get(self, request: Request, token: str) -> Response:
        """The visit, and what can be done about it until when."""
        booking = booking_of_link(token)
        now = app_now()
        config = appearance_of(booking)
        values = managed_values(
            managed(booking, now=now),
            organization=organization_json(booking.organization),
            brand_kit=brand_kit_json(config.brand_kit, request.build_absolute_uri("/")) if config else None,
            hold_expires_at=hold_expires_at(booking),
            now=now,
        )
        return Response(ManagedBookingSerializer(values).data, headers=NO_STORE)


class ManagedCalendarView(LinkView):
    """A booking's calendar file."""

    @extend_schema(
        operation_id="get_managed_calendar",
        tags=["manage"],
        summary="Your visit for your calendar",
        responses={(200, "text/calendar"): OpenApiResponse(str), **problems(404, 409)},
    )
    def get(self, request: Request, token: str) -> HttpResponse:
        """An .ics file; a later one brings the same entry up to date."""
        booking = booking_of_link(token)
        lines = in_time(booking.organization_id, lines_of_booking(booking))
        url = request.build_absolute_uri(f"/manage/{token}")
        return HttpResponse(
            calendar_of(booking, lines, url=url, now=app_now()),
            content_type="text/calendar; charset=utf-8",
            headers={
                **NO_STORE,
                "Content-Disposition": f'attachment; filename="{booking.reference}.ics"',
            },
        )


class ManagedMonthView(LinkView):
    """The dates to which a booking could move."""

    @extend_schema(
        operation_id="get_managed_month",
        tags=["manage"],
        summary="The dates to which your visit could move",
        parameters=[NewMonthQuerySerializer],
        responses={200: NewMonthSerializer, **problems(400, 404, 409)},
    )
    def get(self, request: Request, token: str) -> Response:
        """Every date of a month with how many starts it has; the visit's own time counts as free."""
        booking = booking_of_link(token)
        query = NewMonthQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        first = query.validated_data["month"]
        days = [first.replace(day=day) for day in range(1, monthrange(first.year, first.month)[1] + 1)]
        found = days_to_move_to(
            booking,
            first=days[0],
            last=days[-1],
            now=app_now(),
            resource_id=query.validated_data.get("resource_id"),
        )
        body = {
            "month": f"{first:%Y-%m}",
            "location_timezone": booking.location.timezone,
            "days": [{"date": day, "available": found.get(day, 0)} for day in days],
        }
        return Response(NewMonthSerializer(body).data, headers=NO_STORE)


class ManagedTimesView(LinkView):
    """The times to which a booking could move."""

    @extend_schema(
        operation_id="get_managed_times",
        tags=["manage"],
        summary="The times of a date to which your visit could move",
        parameters=[NewDateQuerySerializer],
        responses={200: NewTimesSerializer, **problems(400, 404, 409)},
    )
    def get(self, request: Request, token: str) -> Response:
        """All of them, in order."""
        booking = booking_of_link(token)
        query = NewDateQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        day = query.validated_data["date"]
        times = times_to_move_to(
            booking, day=day, now=app_now(), resource_id=query.validated_data.get("resource_id")
        )
        values = times_values(day, booking.location.timezone, times)
        return Response(NewTimesSerializer(values).data, headers=NO_STORE)


class ManagedCancelView(LinkView):
    """Cancels bookings."""

    @extend_schema(
        operation_id="cancel_managed_booking",
        tags=["manage"],
        summary="Cancel your visit",
        parameters=[IDEMPOTENCY_KEY],
        request=CancelInputSerializer,
        responses={200: BookingSerializer, **problems(400, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        """Within the notice window; a refusal says until when it was possible."""
        booking = booking_of_link(token)
        data = CancelInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data

        def change(actor: Actor) -> Booking:
            return cancel_booking(
                actor=actor,
                policy=booking.organization.policy,
                booking_id=booking.id,
                reason=CancelReason(values["reason"]),
                expected_version=values.get("expected_version"),
            )

        return _once(request, booking, "cancel", change)


class ManagedRescheduleView(LinkView):
    """Moves bookings."""

    @extend_schema(
        operation_id="reschedule_managed_booking",
        tags=["manage"],
        summary="Move your visit to another time",
        parameters=[IDEMPOTENCY_KEY],
        request=RescheduleInputSerializer,
        responses={200: BookingSerializer, **problems(400, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        """Within the notice window. If the new time is gone, the old one is still yours."""
        booking = booking_of_link(token)
        data = RescheduleInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data

        def change(actor: Actor) -> Booking:
            return reschedule_booking(
                actor=actor,
                policy=booking.organization.policy,
                booking_id=booking.id,
                wanted=NewTime(start_at=values["start_at"], resource_id=values.get("resource_id")),
                expected_version=values.get("expected_version"),
            )

        return _once(request, booking, "reschedule", change)


class ManagedCheckInView(LinkView):
    """Checks customers in."""

    @extend_schema(
        operation_id="check_in_managed_booking",
        tags=["manage"],
        summary="Say that you are here",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: BookingSerializer, **problems(400, 404, 409, 422)},
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        """Shortly before the visit, and until it is over."""
        booking = booking_of_link(token)

        def change(actor: Actor) -> Booking:
            return check_in_booking(actor=actor, policy=booking.organization.policy, booking_id=booking.id)

        return _once(request, booking, "check-in", change)


def _once(request: Request, booking: Booking, verb: str, change: Callable[[Actor], Booking]) -> HttpResponse:
    """Run a change once per key, as the booking's customer. What is stored for a retry names nobody."""
    actor = customer_of(booking)

    def operation() -> Answer:
        changed = change(actor)
        lines = in_time(changed.organization_id, lines_of_booking(changed))
        body = booking_body(changed, lines, hold_expires_at=None, now=app_now())
        return Answer(status.HTTP_200_OK, body)

    return answer_once(
        request,
        actor=actor,
        endpoint=f"bookings/{booking.id}/{verb}",
        payload=request.data or None,
        operation=operation,
    )
