"""Reading a request's body."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.parsers import BaseParser

from apps.core.errors import MalformedJSON, PayloadTooLarge


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large for a number")
    return number


def _refuse_half_characters(raw: bytes, value: Any) -> None:
    r"""Half of a surrogate pair can be escaped in JSON, but neither stored nor sent back: `\ud800`."""
    if b"\\ud" in raw.lower():
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # UnicodeEncodeError is a ValueError


class BoundedJSONParser(BaseParser):
    """JSON of a bounded size; NaN and Infinity (1e999, too) are refused, and so is what is not UTF-8."""

    media_type = "application/json"

    @property
    def max_bytes(self) -> int:
        """The size above which a body is refused."""
        size: int = settings.API_MAX_BODY_BYTES
        return size

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002  (DRF's signature)
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        """The body's value. Raises PayloadTooLarge, MalformedJSON."""
        raw = stream.read(self.max_bytes + 1)
        if len(raw) > self.max_bytes:
            raise PayloadTooLarge
        try:
            value = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite)
            _refuse_half_characters(raw, value)
        except (ValueError, RecursionError) as error:
            raise MalformedJSON from error
        return value
