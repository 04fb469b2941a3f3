"""Shapes of checkout questions for staff."""

from typing import Any

from rest_framework import serializers

from apps.availability.api.admin.fields import VersionField
from apps.availability.api.admin.place_serializers import SomethingToChange
from apps.bookings.api.checkout_serializers import QuestionSerializer
from apps.bookings.models import QuestionKind
from apps.core.api.fields import IdField
from apps.core.api.pagination import PageQuerySerializer

MAX_OPTIONS = 50


class QuestionQuerySerializer(PageQuerySerializer):
    """Which questions."""

    active = serializers.BooleanField(required=False)
    service_id = IdField(required=False)


class QuestionChangeSerializer(SomethingToChange):
    """What is different about a question; what is not named stays. Earlier answers keep their words."""

    service_id = IdField(required=False, allow_null=True, help_text="Null: asked whatever is booked.")
    text = serializers.CharField(max_length=200, required=False)
    help_text = serializers.CharField(max_length=300, required=False, allow_blank=True)  # type: ignore[assignment]  # the field, not DRF's own attribute
    kind = serializers.ChoiceField(choices=QuestionKind.choices, required=False)
    options = serializers.ListField(
        child=serializers.CharField(max_length=120), max_length=MAX_OPTIONS, required=False
    )
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]  # as above
    active = serializers.BooleanField(required=False)
    sort_order = serializers.IntegerField(min_value=0, max_value=100_000, required=False)


class QuestionInputSerializer(QuestionChangeSerializer):
    """A new question."""

    expected_version = None  # type: ignore[assignment]  # DRF's own way to leave a field out
    text = serializers.CharField(max_length=200)


class StaffQuestionSerializer(QuestionSerializer):
    """A question, also one that is no longer asked."""

    active = serializers.BooleanField()
    sort_order = serializers.IntegerField()
    version = VersionField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """A row."""
        return dict(super().to_representation(instance))
