"""Shapes of slots for staff."""

from datetime import date, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.availability.api.admin.fields import PlanDateField
from apps.availability.models import SlotInstance, SlotStatus
from apps.core.api.fields import IdField
from apps.core.api.pagination import PageQuerySerializer
from apps.core.api.serializers import StrictSerializer

MAX_DAYS = 92
MAX_GENERATED_DAYS = 731


def ensure_range(first: date, last: date, *, at_most: int) -> None:
    """Two dates in order, and not too far apart. Raises ValidationError."""
    if last < first:
        raise serializers.ValidationError({"to": ["This date is before the first one."]})
    if last - first >= timedelta(days=at_most):
        raise serializers.ValidationError({"to": [f"At most {at_most} days at once."]})


class StaffSlotQuerySerializer(PageQuerySerializer):
    """Which slots. Dates are the locations' own, both included."""

    location_id = IdField(required=False)
    resource_id = IdField(required=False)
    status = serializers.ChoiceField(choices=SlotStatus.choices, required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a keyword, so it can't be written as an attribute."""
        return {**super().get_fields(), "from": PlanDateField(), "to": PlanDateField()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """In order, and not too many."""
        ensure_range(attrs["from"], attrs["to"], at_most=MAX_DAYS)
        return attrs


class StaffSlotResourceSerializer(serializers.Serializer[Any]):
    """Who or what a slot belongs to."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()


class StaffSlotSerializer(serializers.Serializer[Any]):
    """A slot with its counters; held times count until they are given back or swept."""

    id = serializers.UUIDField()
    location_id = serializers.UUIDField()
    resource = StaffSlotResourceSerializer()
    date = serializers.DateField(help_text="The location's.")
    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    capacity = serializers.IntegerField()
    booked = serializers.IntegerField()
    hold = serializers.IntegerField()
    available = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=SlotStatus.choices)
    closed = serializers.BooleanField(help_text="No rule makes it any more, but somebody has it.")

    @extend_schema_field(serializers.IntegerField())
    def get_available(self, slot: SlotInstance) -> int:
        """Seats that are left of the slot's own length."""
        if slot.closed or slot.status == SlotStatus.BLOCKED:
            return 0
        return slot.capacity - slot.booked - slot.hold


class GenerateSerializer(StrictSerializer):
    """What to generate: dates of one or all locations, or of one of their people."""

    location_id = IdField(required=False)
    resource_id = IdField(required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a keyword, so it can't be written as an attribute."""
        return {**super().get_fields(), "from": PlanDateField(), "to": PlanDateField()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """In order, and not too many."""
        ensure_range(attrs["from"], attrs["to"], at_most=MAX_GENERATED_DAYS)
        return attrs


class GenerationReportSerializer(serializers.Serializer[Any]):
    """What a run did, in slots. Past ones stay as they were and count nowhere."""

    inserted = serializers.IntegerField()
    updated = serializers.IntegerField()
    deleted = serializers.IntegerField()
    closed = serializers.IntegerField(help_text="Somebody has them, so they stay, closed for others.")
    kept = serializers.IntegerField()
    later = serializers.IntegerField(
        help_text="Days of people that follow within moments, because they are too many for one request."
    )
