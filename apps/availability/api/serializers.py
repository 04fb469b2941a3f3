"""Shapes of free time on the wire. Times are ISO 8601 in UTC; dates are the location's."""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import StrictSerializer

MAX_DAYS = 92


class WhereSerializer(StrictSerializer):
    """A location, or one of its people."""

    location_id = serializers.UUIDField(required=False)
    resource_id = serializers.UUIDField(required=False)
    service_id = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two is needed."""
        if "location_id" not in attrs and "resource_id" not in attrs:
            raise serializers.ValidationError({"location_id": ["Say which location, or which person."]})
        return attrs


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


class DayCountSerializer(serializers.Serializer[Any]):
    """A day and how many starts it has left."""

    date = serializers.DateField()
    available = serializers.IntegerField()


class DatesSerializer(serializers.Serializer[Any]):
    """The days that have free starts."""

    timezone = serializers.CharField(help_text="The location's; the dates are its dates.")
    dates = DayCountSerializer(many=True)


class SlotResourceSerializer(serializers.Serializer[Any]):
    """Who or what a slot belongs to."""

    id = serializers.UUIDField(source="resource_id")
    name = serializers.CharField(source="resource_name")


class SlotSerializer(serializers.Serializer[Any]):
    """A start that can be held."""

    id = serializers.UUIDField(source="slot_id")
    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    capacity = serializers.IntegerField()
    available = serializers.IntegerField(source="seats")
    resource = SlotResourceSerializer(source="*")


class SlotsSerializer(serializers.Serializer[Any]):
    """A day's free starts."""

    timezone = serializers.CharField()
    date = serializers.DateField()
    slots = SlotSerializer(many=True)
    total = serializers.IntegerField()
    has_more = serializers.BooleanField()
