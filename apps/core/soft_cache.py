"""The cache that may be away: every failure is a miss, and after one Redis is left alone for a moment.

Nothing here is ever needed for a right answer, only for a fast one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache

from apps.core.soft_redis import BREAKER, RedisAway


def get(key: str) -> Any:
    """The value, or None."""
    return get_many([key]).get(key)


def get_many(keys: Iterable[str]) -> dict[str, Any]:
    """The values that are there."""
    try:
        with BREAKER.watching():
            return dict(cache.get_many(list(keys)))
    except RedisAway:
        return {}


def set_many(values: Mapping[str, Any], *, seconds: float) -> None:
    """Keep these for so long."""
    try:
        with BREAKER.watching():
            cache.set_many(dict(values), timeout=max(1, int(seconds)))
    except RedisAway:
        return


def be_hopeful() -> None:
    """Try Redis again at once."""
    BREAKER.works()
