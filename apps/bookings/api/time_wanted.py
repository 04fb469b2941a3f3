"""Which time a visitor wants, as the widget sends it."""

from typing import Any

from rest_framework import serializers

from apps.bookings.types import TimeWanted
from apps.core.api.fields import IdField
from apps.core.api.serializers import StrictSerializer


class TimeWantedSerializer(StrictSerializer):
    """Which time: a slot, or a start at a location with a person or with anybody who can."""

    slot_id = IdField(required=False)
    location_id = IdField(required=False)
    start_at = serializers.DateTimeField(required=False, help_text="With an offset, such as …T16:00:00Z.")
    resource_id = IdField(required=False)
    service_id = IdField(required=False)
    party_size = serializers.IntegerField(min_value=1, max_value=1000, default=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way to say when, not two and not none."""
        by_slot = "slot_id" in attrs
        by_start = "location_id" in attrs and "start_at" in attrs
        if by_slot and any(name in attrs for name in ("location_id", "start_at", "resource_id")):
            raise serializers.ValidationError(
                {"slot_id": ["Send a slot, or a location and start; not both."]}
            )
        if not by_slot and not by_start and "hold_id" not in attrs:
            raise serializers.ValidationError({"slot_id": ["Say which slot, or which location and start."]})
        return attrs

    @staticmethod
    def wanted(data: dict[str, Any]) -> TimeWanted:
        """The validated values as the command takes them."""
        names = ("slot_id", "location_id", "start_at", "resource_id", "service_id", "party_size")
        return TimeWanted(**{name: data[name] for name in names if name in data})
