"""Whether this process lives, and whether it can serve."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError


def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  (Django's signature)
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 when PostgreSQL answers; 503 otherwise. Redis may be away: only caches and limits degrade."""
    checks = {"database": _database_answers(), "redis": _redis_answers()}
    ready = checks["database"]
    body = {"status": "ok" if ready else "unavailable", "checks": checks}
    return JsonResponse(body, status=200 if ready else 503)


def _answers(probe: Callable[[], object], *errors: type[Exception]) -> bool:
    try:
        probe()
    except errors:
        return False
    return True


def _database_answers() -> bool:
    def probe() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    return _answers(probe, DatabaseError)


def _redis_answers() -> bool:
    return _answers(lambda: cache.get("readyz"), RedisError, OSError)
