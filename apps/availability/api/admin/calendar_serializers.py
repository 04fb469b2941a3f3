"""Shapes of the calendar for staff: events as instants in UTC, time off as wall time of its location."""

from datetime import datetime, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.availability.api.admin.fields import PlanDateField, VersionField
from apps.availability.api.admin.place_serializers import SomethingToChange
from apps.availability.fields import Lanes
from apps.availability.models import CalendarEvent, EventType, TimeOff, TimeOffType
from apps.availability.time_off.changes import LONGEST_MINUTES, TimeOffDetails
from apps.core.api.fields import IdField
from apps.core.api.pagination import PageQuerySerializer
from apps.core.api.serializers import StrictSerializer

MAX_SPAN = timedelta(days=93)


class EventQuerySerializer(PageQuerySerializer):
    """Whose calendar, and of which time: instants with an offset; events that share a moment with it."""

    location_id = IdField(required=False)
    resource_id = IdField(required=False)
    type = serializers.ChoiceField(choices=EventType.choices, required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a keyword, so it can't be written as an attribute."""
        return {
            **super().get_fields(),
            "from": serializers.DateTimeField(),
            "to": serializers.DateTimeField(),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """In order, and not too long."""
        since: datetime = attrs["from"]
        until: datetime = attrs["to"]
        if until <= since:
            raise serializers.ValidationError({"to": ["This is not after the first moment."]})
        if until - since > MAX_SPAN:
            raise serializers.ValidationError({"to": [f"At most {MAX_SPAN.days} days at once."]})
        return attrs


class EventSerializer(serializers.Serializer[Any]):
    """What is in a calendar. Whom a visit is for is behind `booking_id`, for those who may see it."""

    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=EventType.choices)
    resource_id = serializers.UUIDField(allow_null=True, help_text="Null: a reminder for everybody.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    occupied_from = serializers.DateTimeField(source="occupied.lower", help_text="With the buffer before.")
    occupied_until = serializers.DateTimeField(source="occupied.upper", help_text="With the buffer after.")
    seats = serializers.SerializerMethodField()
    booking_id = serializers.UUIDField(allow_null=True)
    time_off_id = serializers.UUIDField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="A hold's end.")
    note = serializers.CharField()
    version = VersionField()

    @extend_schema_field(serializers.IntegerField())
    def get_seats(self, event: CalendarEvent) -> int:
        """How many places it takes; a reminder takes none."""
        lanes: Lanes = event.lanes
        return len(lanes) if event.active else 0


class TimeOffQuerySerializer(PageQuerySerializer):
    """Whose time off."""

    location_id = IdField(required=False)
    resource_id = IdField(required=False)
    type = serializers.ChoiceField(choices=TimeOffType.choices, required=False)


class TimeOffChangeSerializer(SomethingToChange):
    """What is different about a time off; what is not named stays."""

    type = serializers.ChoiceField(choices=TimeOffType.choices, required=False)
    start_date = PlanDateField(required=False)
    start_time = serializers.TimeField(required=False)
    duration_minutes = serializers.IntegerField(
        min_value=1, max_value=LONGEST_MINUTES, required=False, help_text="By the clock on the wall."
    )
    rrule = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        help_text="RFC 5545, such as FREQ=WEEKLY;BYDAY=MO. Empty: it does not repeat.",
    )
    note = serializers.CharField(max_length=120, required=False, allow_blank=True)

    @staticmethod
    def applied(row: TimeOff, values: dict[str, Any]) -> TimeOffDetails:
        """What it says now, with these values."""
        names = ("type", "start_date", "start_time", "duration_minutes", "rrule", "note")
        return TimeOffDetails(**{name: values.get(name, getattr(row, name)) for name in names})


class TimeOffInputSerializer(TimeOffChangeSerializer):
    """Somebody will be away: a vacation, a break, a meeting, or blocked for another reason."""

    expected_version = None  # type: ignore[assignment]  # DRF's own way to leave a field out
    resource_id = IdField()
    type = serializers.ChoiceField(choices=TimeOffType.choices)
    start_date = PlanDateField()
    start_time = serializers.TimeField()
    duration_minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES)

    @staticmethod
    def details(values: dict[str, Any]) -> TimeOffDetails:
        """As the command takes them."""
        return TimeOffDetails(**{name: value for name, value in values.items() if name != "resource_id"})


class TimeOffSerializer(serializers.Serializer[Any]):
    """A time off."""

    id = serializers.UUIDField()
    resource_id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=TimeOffType.choices)
    start_date = serializers.DateField()
    start_time = serializers.TimeField()
    duration_minutes = serializers.IntegerField()
    rrule = serializers.CharField()
    note = serializers.CharField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    version = VersionField()


class InTheWaySerializer(serializers.Serializer[Any]):
    """A visit that was booked before: it stays until somebody moves it."""

    booking_id = serializers.UUIDField()
    event_id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class TimeOffResultSerializer(serializers.Serializer[Any]):
    """A time off, and the visits to move out of its way."""

    time_off = TimeOffSerializer()
    in_the_way = InTheWaySerializer(many=True)


class ReminderInputSerializer(StrictSerializer):
    """A note in somebody's calendar, or in everybody's. It occupies nothing."""

    resource_id = IdField(required=False, allow_null=True)
    starts_at = serializers.DateTimeField(help_text="With an offset, such as …T16:00:00Z.")
    duration_minutes = serializers.IntegerField(min_value=1, max_value=1440, default=15)
    note = serializers.CharField(max_length=120)

    @staticmethod
    def wanted(values: dict[str, Any]) -> dict[str, Any]:
        """As the command takes them."""
        return {
            "resource_id": values.get("resource_id"),
            "starts_at": values["starts_at"],
            "note": values["note"],
            "length": timedelta(minutes=values["duration_minutes"]),
        }


class ReminderChangeSerializer(SomethingToChange):
    """What is different about a reminder; what is not named stays."""

    resource_id = IdField(required=False, allow_null=True, help_text="Null: everybody's.")
    starts_at = serializers.DateTimeField(required=False, help_text="With an offset, such as …T16:00:00Z.")
    duration_minutes = serializers.IntegerField(min_value=1, max_value=1440, required=False)
    note = serializers.CharField(max_length=120, required=False)

    @staticmethod
    def applied(event: CalendarEvent, values: dict[str, Any]) -> dict[str, Any]:
        """What it says now, with these values, as the command takes it."""
        minutes = values.get("duration_minutes")
        return {
            "resource_id": values.get("resource_id", event.resource_id),
            "starts_at": values.get("starts_at", event.starts_at),
            "note": values.get("note", event.note),
            "length": event.ends_at - event.starts_at if minutes is None else timedelta(minutes=minutes),
        }
