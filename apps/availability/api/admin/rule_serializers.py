"""Shapes of hours for staff. Times and dates are wall time of the rule's location."""

from dataclasses import replace
from datetime import time
from typing import Any

from rest_framework import serializers

from apps.availability.api.admin.fields import PlanDateField, VersionField
from apps.availability.api.admin.place_serializers import SomethingToChange
from apps.availability.api.admin.slot_serializers import GenerationReportSerializer
from apps.availability.hours.policies import RuleFields
from apps.availability.models import RuleKind
from apps.core.api.fields import IdField
from apps.core.api.pagination import PageQuerySerializer
from apps.core.api.serializers import StrictSerializer

MAX_PREVIEW_DAYS = 92
MAX_YEARS = 5


class RuleQuerySerializer(PageQuerySerializer):
    """Which hours."""

    location_id = IdField(required=False)
    resource_id = IdField(required=False)
    rule_kind = serializers.ChoiceField(choices=RuleKind.choices, required=False)


class RuleChangeSerializer(SomethingToChange):
    """What is different about hours; what is not named stays. They may go to somebody else, not elsewhere."""

    resource_id = IdField(required=False, allow_null=True, help_text="Null: the location's own hours.")
    rule_kind = serializers.ChoiceField(choices=RuleKind.choices, required=False)
    days_of_week = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7),
        max_length=7,
        required=False,
        help_text="1 is Monday. Empty: every day of the dates.",
    )
    start_time = serializers.TimeField(required=False)
    end_time = serializers.TimeField(
        required=False, help_text="At or before the start: on the next day. 00:00 ends the day."
    )
    slot_capacity = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    slot_granularity_minutes = serializers.IntegerField(min_value=1, max_value=1440, required=False)
    slot_duration_minutes = serializers.IntegerField(min_value=1, max_value=1440, required=False)
    valid_from = PlanDateField(required=False, allow_null=True)
    valid_to = PlanDateField(required=False, allow_null=True, help_text="The last day.")
    is_closed = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=120, required=False, allow_blank=True)

    @staticmethod
    def applied(fields: RuleFields, values: dict[str, Any]) -> RuleFields:
        """The fields with these values."""
        return replace(fields, **_as_fields(values))


class RuleInputSerializer(RuleChangeSerializer):
    """New hours of a location, or of somebody there. A closed day needs no times."""

    expected_version = None  # type: ignore[assignment]  # DRF's own way to leave a field out
    location_id = IdField()
    rule_kind = serializers.ChoiceField(choices=RuleKind.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Open hours say from when to when."""
        if not attrs.get("is_closed"):
            missing = [name for name in ("start_time", "end_time") if name not in attrs]
            if missing:
                raise serializers.ValidationError({name: ["This field is required."] for name in missing})
        return super().validate(attrs)

    @staticmethod
    def fields_of(values: dict[str, Any]) -> RuleFields:
        """As the commands take them."""
        return RuleFields(**_as_fields(values))


def _as_fields(values: dict[str, Any]) -> dict[str, Any]:
    typed = dict(values)
    if "rule_kind" in typed:
        typed["rule_kind"] = RuleKind(typed["rule_kind"])
    if "days_of_week" in typed:
        typed["days_of_week"] = tuple(typed["days_of_week"])
    for name in ("start_time", "end_time"):
        if isinstance(typed.get(name), time):
            typed[name] = typed[name].replace(second=0, microsecond=0)
    return typed


class RuleSerializer(serializers.Serializer[Any]):
    """Hours."""

    id = serializers.UUIDField()
    location_id = serializers.UUIDField()
    resource_id = serializers.UUIDField(allow_null=True)
    rule_kind = serializers.ChoiceField(choices=RuleKind.choices)
    days_of_week = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    start_time = serializers.TimeField()
    end_time = serializers.TimeField()
    slot_capacity = serializers.IntegerField()
    slot_granularity_minutes = serializers.IntegerField()
    slot_duration_minutes = serializers.IntegerField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    is_closed = serializers.BooleanField()
    note = serializers.CharField()
    updated_at = serializers.DateTimeField()
    version = VersionField()


class RuleChangedSerializer(serializers.Serializer[Any]):
    """Hours as they are now (removed: as they were), and what became of the slots."""

    rule = RuleSerializer()
    report = GenerationReportSerializer()


class CopyWeekSerializer(StrictSerializer):
    """Whose weekly hours, and who gets them, too: all at one location."""

    source_id = IdField()
    target_ids = serializers.ListField(child=IdField(), min_length=1, max_length=500)


class WeekCopiedSerializer(serializers.Serializer[Any]):
    """The weekly hours that the others have now, and what became of their slots."""

    rules = RuleSerializer(many=True)
    report = GenerationReportSerializer()


class PreviewInputSerializer(StrictSerializer):
    """What to look at: `rule` alone adds, with `rule_id` it replaces that one, `rule_id` alone removes."""

    location_id = IdField()
    rule_id = IdField(required=False)
    rule = RuleInputSerializer(required=False)
    days = serializers.IntegerField(
        min_value=1, max_value=MAX_PREVIEW_DAYS, default=28, help_text="From the location's today on."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Something has to change, at one location."""
        if "rule" not in attrs and "rule_id" not in attrs:
            raise serializers.ValidationError({"rule": ["Send the hours, or which to take away."]})
        if "rule" in attrs and attrs["rule"]["location_id"] != attrs["location_id"]:
            raise serializers.ValidationError({"rule.location_id": ["This is another location."]})
        return attrs


class PreviewSlotSerializer(serializers.Serializer[Any]):
    """A start time of somebody."""

    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    date = serializers.DateField()
    resource_id = serializers.UUIDField()
    resource_name = serializers.CharField()
    capacity = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer[Any]):
    """What saving would add, take away and change; `conflict` says why it would be refused."""

    first = serializers.DateField()
    last = serializers.DateField()
    added = PreviewSlotSerializer(many=True)
    removed = PreviewSlotSerializer(many=True)
    changed = PreviewSlotSerializer(many=True)
    closed_with_bookings = PreviewSlotSerializer(many=True)
    kept = serializers.IntegerField()
    conflict = serializers.CharField(allow_null=True)


class HolidayImportSerializer(StrictSerializer):
    """Whose public holidays close a location, in which years."""

    location_id = IdField()
    country = serializers.RegexField(r"^[A-Za-z]{2}$", help_text="Two letters, such as US.")
    subdivision = serializers.CharField(
        max_length=10, required=False, help_text="As in ISO 3166-2 without the country, such as CO."
    )
    years = serializers.ListField(
        child=serializers.IntegerField(min_value=2000, max_value=2099), min_length=1, max_length=MAX_YEARS
    )


class HolidaySerializer(serializers.Serializer[Any]):
    """A day and its name."""

    date = serializers.DateField(source="day")
    name = serializers.CharField()


class HolidaysImportedSerializer(serializers.Serializer[Any]):
    """What was added, and where the location had an exception already, which was kept."""

    added = HolidaySerializer(many=True)
    kept = HolidaySerializer(many=True)
    report = GenerationReportSerializer()
