"""Shapes of holds on the wire. Times are ISO 8601 in UTC."""

from collections.abc import Sequence
from datetime import datetime

from rest_framework import serializers

from apps.bookings.api.visit_serializers import VisitSerializer, visit_values
from apps.bookings.models import Hold
from apps.bookings.queries import LineInTime
from apps.core.api.serializers import to_json


class HoldSerializer(VisitSerializer):
    """A hold, and the server's clock to count down against."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    expires_at = serializers.DateTimeField()
    now = serializers.DateTimeField()


def hold_body(hold: Hold, lines: Sequence[LineInTime], *, now: datetime) -> str:
    """A hold as JSON."""
    return to_json(
        HoldSerializer(
            {
                "id": hold.id,
                "status": hold.status,
                "expires_at": hold.expires_at,
                "now": now,
                **visit_values(hold, lines),
            }
        )
    )
