"""Input fields that are stricter than DRF's own."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from rest_framework import serializers

MONTH = re.compile(r"(\d{4})-(\d{2})")


class IdField(serializers.UUIDField):
    """A UUID as text; DRF alone would take the number 7 for one, too."""

    def to_internal_value(self, data: Any) -> UUID:
        """The UUID. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        value: UUID = super().to_internal_value(data)
        return value


class MonthField(serializers.CharField):
    """A month as `2026-12`; the value is its first day."""

    def to_internal_value(self, data: Any) -> Any:
        """The first day. Raises ValidationError."""
        match = MONTH.fullmatch(super().to_internal_value(data))
        try:
            if match:
                return date(int(match[1]), int(match[2]), 1)
        except ValueError:
            pass
        raise serializers.ValidationError("Write the month as in 2026-12.")
