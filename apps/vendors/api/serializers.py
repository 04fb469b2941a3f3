"""Shapes of the scheduler endpoints. Times are ISO 8601 in UTC; dates are the location's."""

import re
from datetime import date
from typing import Any

from rest_framework import serializers

from apps.availability.api.serializers import VisitLineSerializer
from apps.availability.api.visits import ServiceIdsField, VisitQuerySerializer
from apps.organizations.models import validate_timezone

MONTH = re.compile(r"(\d{4})-(\d{2})")


class _AvailabilityQuerySerializer(VisitQuerySerializer):
    location_id = serializers.UUIDField()
    service_id = ServiceIdsField()
    resource_id = serializers.UUIDField(
        required=False,
        help_text="Only this person's times. Of several services they do all that they can, others the rest.",
    )
    timezone = serializers.CharField(
        required=False,
        validators=[validate_timezone],
        help_text="The zone that you show times in, as in “America/Denver”; the location's if left out.",
    )


class MonthQuerySerializer(_AvailabilityQuerySerializer):
    """Which month of which service."""

    month = serializers.CharField(help_text="YYYY-MM, a month of the location's calendar.")

    def validate_month(self, value: str) -> date:
        """The month's first day."""
        match = MONTH.fullmatch(value)
        try:
            return date(int(match[1]), int(match[2]), 1) if match else date.fromisoformat(value)
        except ValueError as error:
            raise serializers.ValidationError("Write the month as in 2026-12.") from error


class DateQuerySerializer(_AvailabilityQuerySerializer):
    """Which date of which service."""

    date = serializers.DateField(help_text="A date of the location's calendar.")
    more = serializers.BooleanField(default=False, help_text="All free times instead of a choice of them.")


class DaySerializer(serializers.Serializer[Any]):
    """A day and how much it has left."""

    date = serializers.DateField()
    available = serializers.IntegerField()
    level = serializers.ChoiceField(choices=["none", "few", "many"])


class MonthSerializer(serializers.Serializer[Any]):
    """A month's days."""

    month = serializers.CharField()
    timezone = serializers.CharField()
    location_timezone = serializers.CharField()
    days = DaySerializer(many=True)
    next_available_date = serializers.DateField(allow_null=True)
    note = serializers.CharField(
        required=False, allow_null=True, help_text="Of several services: why there can be no time at all."
    )


class FreePersonSerializer(serializers.Serializer[Any]):
    """Somebody who is free then."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class FreeTimeSerializer(serializers.Serializer[Any]):
    """A start that can be held."""

    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    local_start_at = serializers.DateTimeField(help_text="The same moment in the asked-for zone.")
    local_end_at = serializers.DateTimeField()
    day_part = serializers.ChoiceField(choices=["morning", "afternoon", "evening", "other"])
    seats = serializers.IntegerField()
    resources = FreePersonSerializer(many=True)
    lines = VisitLineSerializer(
        many=True, required=False, help_text="Of several services: who does what, and when."
    )
    wait_minutes = serializers.IntegerField(
        required=False, help_text="Of several services: how long the customer waits in between."
    )


class TimeslotsSerializer(serializers.Serializer[Any]):
    """A day's starts."""

    date = serializers.DateField()
    timezone = serializers.CharField()
    location_timezone = serializers.CharField()
    timeslots = FreeTimeSerializer(many=True)
    total = serializers.IntegerField(help_text="How many are free in all.")
    has_more = serializers.BooleanField(help_text="Whether `more=1` lists more.")
    exposure_id = serializers.CharField(
        allow_null=True, help_text="Names the choice, so that it can be made again; null for all times."
    )
    note = serializers.CharField(
        required=False, allow_null=True, help_text="Of several services: why there can be no time at all."
    )
