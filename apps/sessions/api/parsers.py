"""Reading a batch of events, however it was sent."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from apps.core.api.parsers import BoundedJSONParser
from apps.core.errors import PayloadTooLarge

MAX_BATCH_BYTES = 64 * 1024


class EventBatchParser(BoundedJSONParser):
    """JSON of at most 64 kB, which is also the most that a browser's `sendBeacon` takes."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body's value. Raises PayloadTooLarge, MalformedJSON."""
        raw = stream.read(MAX_BATCH_BYTES + 1)
        if len(raw) > MAX_BATCH_BYTES:
            raise PayloadTooLarge
        return super().parse(BytesIO(raw), media_type, parser_context)


class BeaconParser(EventBatchParser):
    """The same JSON as `text/plain`: so a beacon needs no preflight, for which a closing page has no time."""

    media_type = "text/plain"
