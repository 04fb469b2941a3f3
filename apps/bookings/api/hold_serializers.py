"""Shapes of holds on the wire. Times are ISO 8601 in UTC."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.bookings.api.visit_serializers import VisitSerializer, visit_values
from apps.bookings.models import Hold
from apps.bookings.queries import LineInTime
from apps.core.api.serializers import json_of


class HoldSerializer(VisitSerializer):
    """A hold, and the server's clock to count down against."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    expires_at = serializers.DateTimeField()
    refreshes = serializers.IntegerField(help_text="How often it was given more time.")
    now = serializers.DateTimeField()


class HoldsSerializer(serializers.Serializer[Any]):
    """Several holds that were placed together, in the order in which they were asked for."""

    holds = HoldSerializer(many=True)


def hold_body(hold: Hold, lines: Sequence[LineInTime], *, now: datetime) -> str:
    """A hold as JSON."""
    return json_of(HoldSerializer, _hold(hold, lines, now=now))


def holds_body(
    holds: Iterable[Hold], lines: Mapping[UUID | None, Sequence[LineInTime]], *, now: datetime
) -> str:
    """Several holds as JSON, each with its lines."""
    return json_of(HoldsSerializer, {"holds": [_hold(hold, lines[hold.id], now=now) for hold in holds]})


def _hold(hold: Hold, lines: Sequence[LineInTime], *, now: datetime) -> dict[str, Any]:
    return {
        "id": hold.id,
        "status": hold.status,
        "expires_at": hold.expires_at,
        "refreshes": hold.refreshes,
        "now": now,
        **visit_values(hold, lines),
    }
