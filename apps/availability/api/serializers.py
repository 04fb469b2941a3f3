"""Shapes of free time on the wire. Times are ISO 8601 in UTC; dates are the location's."""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from apps.availability.api.visits import ServiceIdsField, VisitQuerySerializer
from apps.organizations.models import validate_timezone

MAX_DAYS = 92


class WhereSerializer(VisitQuerySerializer):
    """A location, or one of its people."""

    location_id = serializers.UUIDField(required=False)
    resource_id = serializers.UUIDField(
        required=False,
        help_text="Only this person's times. Of several services they do all that they can, others the rest.",
    )
    service_id = ServiceIdsField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two is needed."""
        if "location_id" not in attrs and "resource_id" not in attrs:
            raise serializers.ValidationError({"location_id": ["Say which location, or which person."]})
        return super().validate(attrs)


def _range_of_dates(first: date, last: date) -> None:
    if last < first:
        raise serializers.ValidationError({"to": ["This date is before the first one."]})
    if last - first > timedelta(days=MAX_DAYS):
        raise serializers.ValidationError({"to": [f"At most {MAX_DAYS} days at once."]})


class DatesQuerySerializer(WhereSerializer):
    """The dates to count."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a keyword, so it can't be written as an attribute."""
        return {
            **super().get_fields(),
            "from": serializers.DateField(),
            "to": serializers.DateField(),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """In order, and not too many."""
        _range_of_dates(attrs["from"], attrs["to"])
        return super().validate(attrs)


class SlotsQuerySerializer(WhereSerializer):
    """The day to list."""

    date = serializers.DateField()
    timezone = serializers.CharField(
        required=False,
        validators=[validate_timezone],
        help_text="The zone of the local times, as in “America/Denver”; the location's if left out.",
    )
    more = serializers.BooleanField(default=False, help_text="All free times instead of a choice of them.")


class DayCountSerializer(serializers.Serializer[Any]):
    """A day and how many starts it has left."""

    date = serializers.DateField()
    available = serializers.IntegerField()


class DatesSerializer(serializers.Serializer[Any]):
    """The days that have free starts."""

    timezone = serializers.CharField(help_text="The location's; the dates are its dates.")
    dates = DayCountSerializer(many=True)
    note = serializers.CharField(
        required=False, allow_null=True, help_text="Of several services: why there can be no time at all."
    )


class SlotResourceSerializer(serializers.Serializer[Any]):
    """Who or what a slot belongs to."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class VisitPeriodSerializer(serializers.Serializer[Any]):
    """From when until when; UTC."""

    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()


class VisitLineSerializer(serializers.Serializer[Any]):
    """One service of a visit: who does it, and when. Hold the visit with the same people."""

    service_id = serializers.UUIDField()
    resource = SlotResourceSerializer(allow_null=True, help_text="Null where a pool is sold.")
    periods = VisitPeriodSerializer(many=True, help_text="Several where it is split over days.")


class SlotSerializer(serializers.Serializer[Any]):
    """A start that can be held."""

    id = serializers.UUIDField()
    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    local_start_at = serializers.DateTimeField(help_text="The same moment in the asked-for zone.")
    local_end_at = serializers.DateTimeField()
    capacity = serializers.IntegerField()
    available = serializers.IntegerField()
    resource = SlotResourceSerializer()
    lines = VisitLineSerializer(
        many=True, required=False, help_text="Of several services: who does what, and when."
    )
    wait_minutes = serializers.IntegerField(
        required=False, help_text="Of several services: how long the customer waits in between."
    )


class SlotsSerializer(serializers.Serializer[Any]):
    """A day's free starts."""

    timezone = serializers.CharField(help_text="Of the local times.")
    location_timezone = serializers.CharField()
    date = serializers.DateField(help_text="The location's date.")
    slots = SlotSerializer(many=True)
    total = serializers.IntegerField(help_text="How many are free in all.")
    has_more = serializers.BooleanField(help_text="Whether `more=1` lists more.")
    exposure_id = serializers.CharField(
        allow_null=True, help_text="Names the choice, so that it can be made again; null for all times."
    )
    note = serializers.CharField(
        required=False, allow_null=True, help_text="Of several services: why there can be no time at all."
    )
