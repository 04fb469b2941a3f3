"""Bases of every input and output shape."""

import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.renderers import JSONRenderer


class StrictSerializer(serializers.Serializer[Any]):
    """Input that refuses fields it does not know, so that a typing error is never silently ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """DRF's validation, after a look for strangers. Raises ValidationError."""
        if isinstance(data, dict):
            strangers = sorted(str(key) for key in data.keys() - self.fields.keys())
            if strangers:
                raise serializers.ValidationError({key: ["There is no such field."] for key in strangers})
        return super().to_internal_value(data)


class ProblemSerializer(serializers.Serializer[Any]):
    """Any error: RFC 9457 problem details. `code` is stable; docs/errors.md lists all of them."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # RFC 9457's word hides DRF's property
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="With VALIDATION_ERROR: what is wrong with which field.",
    )


_own = threading.local()


def validated(
    kind: type[serializers.Serializer[Any]], data: Any, *, context: Mapping[str, Any] | None = None
) -> Any:
    """The values of valid input. Raises ValidationError, as `is_valid(raise_exception=True)`.

    By a serializer that each thread makes once: to copy its fields costs more than to read the input.
    """
    kept: dict[type[serializers.Serializer[Any]], serializers.Serializer[Any]]
    kept = _own.__dict__.setdefault("kept", {})
    serializer = kept.get(kind) or kept.setdefault(kind, kind())
    serializer.initial_data, serializer._context = data, dict(context or {})  # noqa: SLF001  (DRF's only door)
    try:
        return serializer.run_validation(data)
    except serializers.ValidationError:
        # DRF has its own way of telling what is wrong.
        again = kind(data=data, context=dict(context or {}))
        again.is_valid(raise_exception=True)
        return again.validated_data
    finally:
        del serializer.initial_data
        serializer._context = {}  # noqa: SLF001


@cache
def _shape(kind: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    return kind()


def json_of(kind: type[serializers.Serializer[Any]], values: Any) -> str:
    """As `to_json`, by a serializer that is made once: to copy its fields costs more than to use them."""
    return JSONRenderer().render(_shape(kind).to_representation(values)).decode()


def to_json(serializer: serializers.BaseSerializer[Any]) -> str:
    """A serializer's output as JSON text: what an idempotent answer sends, stores and replays."""
    return JSONRenderer().render(serializer.data).decode()
