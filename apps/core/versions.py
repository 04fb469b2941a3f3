"""Which state of a row somebody has seen: so that nobody overwrites what they have not read."""

from datetime import UTC, datetime, timedelta

from apps.core.errors import StaleVersion
from apps.core.models import BaseModel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def version_at(moment: datetime) -> int:
    """The version that a row's `updated_at` stands for: its microseconds, exact also in JavaScript."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def version_of(row: BaseModel) -> int:
    """A number that is another one after every change of the row."""
    return version_at(row.updated_at)


def ensure_version(row: BaseModel, expected: int | None) -> None:
    """Call it under the row's lock; None expects nothing. Raises StaleVersion."""
    if expected is not None and version_of(row) != expected:
        raise StaleVersion(current_version=version_of(row))
