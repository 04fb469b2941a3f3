"""Shapes of "why is this time missing?"."""

from typing import Any

from rest_framework import serializers

from apps.availability.api.admin.fields import WallOrInstantField
from apps.availability.explaining.types import Code, Verdict
from apps.core.api.fields import IdField
from apps.core.api.serializers import StrictSerializer


class ExplainQuerySerializer(StrictSerializer):
    """Which time, where or with whom, and for what."""

    at = WallOrInstantField(help_text="2026-12-01T09:00 by the location's clock, or with an offset.")
    location_id = IdField(required=False)
    resource_id = IdField(required=False)
    service_id = IdField(required=False)
    party = serializers.IntegerField(min_value=1, max_value=1000, default=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two is needed."""
        if "location_id" not in attrs and "resource_id" not in attrs:
            raise serializers.ValidationError({"location_id": ["Say which location, or which person."]})
        return attrs


class ReasonSerializer(serializers.Serializer[Any]):
    """One link of the chain; `data` says the same to programs."""

    code = serializers.ChoiceField(choices=[code.value for code in Code])
    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    sentence = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]  # the answer's word hides DRF's property


class ResourceExplanationSerializer(serializers.Serializer[Any]):
    """What one resource says to the time."""

    resource_id = serializers.UUIDField()
    name = serializers.CharField()
    offered = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    """What concerns everybody, then each resource."""

    headline = serializers.CharField()
    start_at = serializers.DateTimeField(allow_null=True, help_text="Null: that time does not exist there.")
    timezone = serializers.CharField()
    offered = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)
    resources = ResourceExplanationSerializer(many=True)
