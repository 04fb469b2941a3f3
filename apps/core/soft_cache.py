"""The cache that may be away: every failure is a miss, and after one Redis is left alone for a moment.

Nothing here is ever needed for a right answer, only for a fast one.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

AWAY_SECONDS = 2.0
_FAILURES = (RedisError, OSError)
_away_until = 0.0


def get(key: str) -> Any:
    """The value, or None."""
    return get_many([key]).get(key)


def get_many(keys: Iterable[str]) -> dict[str, Any]:
    """The values that are there."""
    if _is_away():
        return {}
    try:
        return dict(cache.get_many(list(keys)))
    except _FAILURES as error:
        _note(error)
        return {}


def set_many(values: Mapping[str, Any], *, seconds: float) -> None:
    """Keep these for so long."""
    if _is_away():
        return
    try:
        cache.set_many(dict(values), timeout=max(1, int(seconds)))
    except _FAILURES as error:
        _note(error)


def add(key: str, value: Any, *, seconds: float) -> bool:
    """Keep it if nobody has kept anything there; whether we did. Without Redis everybody is the first."""
    if _is_away():
        return True
    try:
        return bool(cache.add(key, value, timeout=max(1, int(seconds))))
    except _FAILURES as error:
        _note(error)
        return True


def delete(key: str) -> None:
    """Forget it."""
    if _is_away():
        return
    try:
        cache.delete(key)
    except _FAILURES as error:
        _note(error)


def be_hopeful() -> None:
    """Try Redis again at once."""
    global _away_until  # noqa: PLW0603  (as below)
    _away_until = 0.0


def _is_away() -> bool:
    return time.monotonic() < _away_until


def _note(error: Exception) -> None:
    global _away_until  # noqa: PLW0603  (one flag a process: Redis is away for all of it)
    _away_until = time.monotonic() + AWAY_SECONDS
    logger.warning("the cache is away (%s): answers come from the database", type(error).__name__)
