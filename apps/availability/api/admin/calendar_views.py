"""`/admin/v1/calendar-events`: what is in the calendars, time off, and reminders (seed 002)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability import staff_queries
from apps.availability.api.admin.calendar_serializers import (
    EventQuerySerializer,
    EventSerializer,
    ReminderChangeSerializer,
    ReminderInputSerializer,
    TimeOffChangeSerializer,
    TimeOffInputSerializer,
    TimeOffQuerySerializer,
    TimeOffResultSerializer,
    TimeOffSerializer,
)
from apps.availability.api.admin.views import READS, READS_ONE, TAG, WRITES, PlacesView
from apps.availability.commands.add_reminder import add_reminder
from apps.availability.commands.add_time_off import add_time_off
from apps.availability.commands.cancel_reminder import cancel_reminder
from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.availability.commands.change_reminder import change_reminder
from apps.availability.commands.change_time_off import change_time_off
from apps.availability.models import CalendarEvent
from apps.availability.time_off.changes import TimeOffResult
from apps.availability.time_off.queries import bookings_in_the_way, get_time_off
from apps.core.actors import Actor
from apps.core.api.pagination import page_of, paginated
from apps.core.api.schema import IDEMPOTENCY_KEY, problems
from apps.core.versions import version_of
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of

ENDS = problems(400, 401, 403, 404, 409, 422)


class CalendarView(PlacesView):
    """The calendars."""

    rights = {"GET": Right.READ}

    @extend_schema(
        operation_id="list_calendar_events",
        tags=TAG,
        summary="What is in the calendars",
        parameters=[EventQuerySerializer],
        responses={200: page_of(EventSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """Visits, holds, time off and reminders of a time, in the order of their beginnings."""
        query = self.query(request, EventQuerySerializer)
        rows = staff_queries.calendar_of(staff_of(request).organization.id, filters=query)
        return paginated(
            request, rows, EventSerializer, ordering=("starts_at", "id"), page_size=query["page_size"]
        )


class TimeOffsView(PlacesView):
    """All time off."""

    rights = {"GET": Right.READ, "POST": Right.CALENDAR}

    @extend_schema(
        operation_id="list_time_off",
        tags=TAG,
        summary="Time off",
        parameters=[TimeOffQuerySerializer],
        responses={200: page_of(TimeOffSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """Vacations, breaks, meetings and blocked times, in the order of their making."""
        query = self.query(request, TimeOffQuerySerializer)
        rows = staff_queries.time_off_of(staff_of(request).organization.id, filters=query)
        return paginated(request, rows, TimeOffSerializer, page_size=query["page_size"])

    @extend_schema(
        operation_id="add_time_off",
        tags=TAG,
        summary="Give somebody time off",
        parameters=[IDEMPOTENCY_KEY],
        request=TimeOffInputSerializer,
        responses={201: TimeOffResultSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """Once or repeatedly. Nothing booked is dropped: the answer lists what has to be moved."""
        values = self.body(request, TimeOffInputSerializer)
        details = TimeOffInputSerializer.details(values)
        return self.once(
            request,
            "time-off",
            lambda actor: add_time_off(actor=actor, resource_id=values["resource_id"], details=details),
            TimeOffResultSerializer,
            code=status.HTTP_201_CREATED,
        )


class TimeOffView(PlacesView):
    """One time off."""

    rights = {"GET": Right.READ, "PATCH": Right.CALENDAR, "DELETE": Right.CALENDAR}

    @extend_schema(
        operation_id="get_time_off",
        tags=TAG,
        summary="One time off and what is in its way",
        responses={200: TimeOffResultSerializer, **READS_ONE},
    )
    def get(self, request: Request, time_off_id: UUID) -> Response:
        """With the visits that still have to be moved."""
        row = get_time_off(staff_of(request).organization.id, time_off_id)
        result = TimeOffResult(time_off=row, in_the_way=bookings_in_the_way(row))
        return Response(TimeOffResultSerializer(result).data)

    @extend_schema(
        operation_id="change_time_off",
        tags=TAG,
        summary="Change a time off",
        parameters=[IDEMPOTENCY_KEY],
        request=TimeOffChangeSerializer,
        responses={200: TimeOffResultSerializer, **WRITES},
    )
    def patch(self, request: Request, time_off_id: UUID) -> HttpResponse:
        """New values for what is named; what has been stays as it was."""
        values = self.body(request, TimeOffChangeSerializer)
        expected = values.pop("expected_version", None)

        def change(actor: Actor) -> TimeOffResult:
            row = get_time_off(actor.organization_id, time_off_id)
            details = TimeOffChangeSerializer.applied(row, values)
            return change_time_off(
                actor=actor,
                time_off_id=time_off_id,
                details=details,
                # What is not named is as it was read: a change in between must not be undone.
                expected_version=version_of(row) if expected is None else expected,
            )

        return self.once(
            request,
            f"time-off/{time_off_id}",
            change,
            TimeOffResultSerializer,
            current=lambda: self.get(request, time_off_id).data,
        )

    @extend_schema(
        operation_id="cancel_time_off",
        tags=TAG,
        summary="Cancel a time off",
        parameters=[IDEMPOTENCY_KEY],
        responses={200: TimeOffSerializer, **ENDS},
    )
    def delete(self, request: Request, time_off_id: UUID) -> HttpResponse:
        """From now on; what has been of it stays as history."""
        return self.once(
            request,
            f"time-off/{time_off_id}",
            lambda actor: cancel_time_off(actor=actor, time_off_id=time_off_id),
            TimeOffSerializer,
        )


class RemindersView(PlacesView):
    """Adds reminders."""

    rights = {"POST": Right.CALENDAR}

    @extend_schema(
        operation_id="add_reminder",
        tags=TAG,
        summary="Put a reminder into a calendar",
        parameters=[IDEMPOTENCY_KEY],
        request=ReminderInputSerializer,
        responses={201: EventSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """For one person or resource, or for everybody. It takes nobody's time."""
        wanted = ReminderInputSerializer.wanted(self.body(request, ReminderInputSerializer))
        return self.once(
            request,
            "reminders",
            lambda actor: add_reminder(actor=actor, **wanted),
            EventSerializer,
            code=status.HTTP_201_CREATED,
        )


class ReminderView(PlacesView):
    """One reminder."""

    rights = {"PATCH": Right.CALENDAR, "DELETE": Right.CALENDAR}

    @extend_schema(
        operation_id="change_reminder",
        tags=TAG,
        summary="Change a reminder",
        parameters=[IDEMPOTENCY_KEY],
        request=ReminderChangeSerializer,
        responses={200: EventSerializer, **WRITES},
    )
    def patch(self, request: Request, event_id: UUID) -> HttpResponse:
        """Another text, time or reader; what is not named stays."""
        values = self.body(request, ReminderChangeSerializer)
        expected = values.pop("expected_version", None)

        def change(actor: Actor) -> CalendarEvent:
            event = staff_queries.reminder_of(actor.organization_id, event_id)
            wanted = ReminderChangeSerializer.applied(event, values)
            version = version_of(event) if expected is None else expected
            return change_reminder(actor=actor, event_id=event_id, expected_version=version, **wanted)

        def current() -> Any:
            event = staff_queries.reminder_of(staff_of(request).organization.id, event_id)
            return EventSerializer(event).data

        return self.once(request, f"reminders/{event_id}", change, EventSerializer, current=current)

    @extend_schema(
        operation_id="cancel_reminder",
        tags=TAG,
        summary="Take a reminder out of the calendar",
        parameters=[IDEMPOTENCY_KEY],
        responses={204: None, **ENDS},
    )
    def delete(self, request: Request, event_id: UUID) -> HttpResponse:
        """The log keeps that there was one."""
        return self.once(
            request,
            f"reminders/{event_id}",
            lambda actor: cancel_reminder(actor=actor, event_id=event_id),
        )
