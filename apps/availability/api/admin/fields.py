"""Input fields of places."""

import zoneinfo
from datetime import date, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.phones import InvalidPhone, to_e164
from apps.core.versions import version_at

MAX_SKILLS = 50
FIRST_YEAR, LAST_YEAR = 2000, 2199


class TimezoneField(serializers.CharField):
    """An IANA time zone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, **options)

    def to_internal_value(self, data: Any) -> str:
        """The zone's name. Raises ValidationError."""
        name: str = super().to_internal_value(data)
        if name not in zoneinfo.available_timezones():
            raise serializers.ValidationError(
                f"“{name}” is not a time zone. Write it as in “America/Denver”."
            )
        return name


class SkillsField(serializers.ListField):
    """Words; each counts once, in the order given."""

    child = serializers.CharField(max_length=60)

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_SKILLS, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        """The words without repetitions. Raises ValidationError."""
        return list(dict.fromkeys(super().to_internal_value(data)))


class PhoneField(serializers.CharField):
    """A number as people of the organization's country type it; kept as E.164."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=32, **options)

    def to_internal_value(self, data: Any) -> str:
        """The number as E.164; empty stays empty. Raises ValidationError."""
        text: str = super().to_internal_value(data)
        if not text:
            return ""
        try:
            return to_e164(text, country=self.context["country"])
        except InvalidPhone as error:
            raise serializers.ValidationError(
                "Enter a phone number with its area code, such as 303 555 0142."
            ) from error


class PlanDateField(serializers.DateField):
    """A day that somebody may plan for: calendars run out of numbers at either end of what dates can say."""

    def to_internal_value(self, value: Any) -> date:
        """The day. Raises ValidationError."""
        day: date = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise serializers.ValidationError(f"Between the years {FIRST_YEAR} and {LAST_YEAR}.")
        return day


@extend_schema_field(serializers.CharField)
class WallOrInstantField(serializers.Field[datetime, Any, str, datetime]):
    """A time with an offset, or without one: then it is what the clock on the location's wall shows."""

    def to_internal_value(self, data: Any) -> datetime:
        """An aware or a naive datetime. Raises ValidationError."""
        try:
            moment = datetime.fromisoformat(data)
        except (TypeError, ValueError) as error:
            raise serializers.ValidationError(
                "Write it as in 2026-12-01T09:00 or 2026-12-01T16:00Z."
            ) from error
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise serializers.ValidationError(f"Between the years {FIRST_YEAR} and {LAST_YEAR}.")
        return moment


class VersionField(serializers.IntegerField):
    """A number that is another one after each change; a change may come with it as `expected_version`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="updated_at", read_only=True, **options)

    def to_representation(self, value: Any) -> int:
        """Of the row's `updated_at`."""
        return version_at(value)
