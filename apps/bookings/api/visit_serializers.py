"""What a hold and a booking look like on the wire, as far as they are alike. Times are ISO 8601 in UTC."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from apps.bookings.models import Booking, Hold
from apps.bookings.queries import LineInTime


class PlaceSerializer(serializers.Serializer[Any]):
    """A location."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    timezone = serializers.CharField()


class BookedResourceSerializer(serializers.Serializer[Any]):
    """A resource."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class PeriodSerializer(serializers.Serializer[Any]):
    """From when until when; UTC."""

    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()


class LineSerializer(serializers.Serializer[Any]):
    """One service of a visit: by whom, when, and for how much."""

    service_id = serializers.UUIDField(allow_null=True)
    title = serializers.CharField()
    resource = BookedResourceSerializer(allow_null=True)
    price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    periods = PeriodSerializer(many=True, help_text="Several where it is split over days.")


class VisitSerializer(serializers.Serializer[Any]):
    """What a hold and a booking have in common. `resource` and `service_id` are the first line's."""

    start_at = serializers.DateTimeField(allow_null=True)
    end_at = serializers.DateTimeField(allow_null=True)
    location = PlaceSerializer()
    resource = BookedResourceSerializer(allow_null=True)
    service_id = serializers.UUIDField(allow_null=True)
    party_size = serializers.IntegerField()
    currency = serializers.CharField()
    lines = LineSerializer(many=True)


def visit_values(visit: Hold | Booking, lines: Sequence[LineInTime]) -> dict[str, Any]:
    """The fields of `VisitSerializer`."""
    first = lines[0].line
    return {
        "start_at": visit.starts_at,
        "end_at": visit.ends_at,
        "location": visit.location,
        "resource": first.resource,
        "service_id": first.service_id,
        "party_size": visit.party_size,
        "currency": visit.currency,
        "lines": [
            {
                "service_id": timed.line.service_id,
                "title": timed.line.title,
                "resource": timed.line.resource,
                "price": timed.line.amount,
                "periods": [{"start_at": period.start, "end_at": period.end} for period in timed.periods],
            }
            for timed in lines
        ],
    }
