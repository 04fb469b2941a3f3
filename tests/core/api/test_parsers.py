"""Bodies are JSON of a bounded size, and nothing else."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings

from apps.core.api.parsers import BoundedJSONParser
from apps.core.errors import MalformedJSON, PayloadTooLarge


def parse(raw: bytes) -> Any:
    return BoundedJSONParser().parse(BytesIO(raw))


class TestBoundedJSONParser:
    def test_reads_json(self) -> None:
        assert parse('{"name": "Ünï 日本", "n": [1, -2.5e3, null, true]}'.encode()) == {
            "name": "Ünï 日本",
            "n": [1, -2500.0, None, True],
        }

    def test_reads_characters_that_are_escaped_as_pairs(self) -> None:
        assert parse(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"{",
            b"{'a': 1}",
            b'{"a": 1,}',
            b'{"a": NaN}',
            b'{"a": Infinity}',
            b'{"a": -Infinity}',
            b'{"a": 1e999}',
            b'{"a": -1e999}',
            b'{"a": "\xff"}',
            b'{"a": "\\ud800"}',
            b'{"\\uDFFF": 1}',
            b"\xef\xbb\xbf{}",
            b"{} {}",
            b"[" * 100_000,
            b'{"a":' * 50_000,
            b"1" * 5_000,
        ],
        ids=lambda raw: raw[:12].decode("latin-1"),
    )
    def test_refuses_what_is_not_json(self, raw: bytes) -> None:
        with pytest.raises(MalformedJSON):
            parse(raw)

    def test_the_limit_itself_is_allowed(self) -> None:
        filler = settings.API_MAX_BODY_BYTES - 2
        assert parse(b'"' + b"x" * filler + b'"') == "x" * filler

    def test_one_byte_more_is_too_large(self) -> None:
        with pytest.raises(PayloadTooLarge):
            parse(b'"' + b"x" * (settings.API_MAX_BODY_BYTES - 1) + b'"')
