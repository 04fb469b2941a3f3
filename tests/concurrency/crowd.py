"""Many people at once, over many rounds: each keeps a thread and a database connection of their own."""

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

from django.db import connection, connections, transaction

from apps.availability import occupancy
from apps.availability.models import CalendarEvent
from apps.bookings.models import Hold
from apps.core.clock import app_now
from apps.core.errors import DomainError

logger = logging.getLogger(__name__)

CLIENTS = 50
# Few by default; ROUNDS=1000 is the long proof. Rounds of planned visits cost ten times as much.
ROUNDS = int(os.environ.get("ROUNDS", "2"))
PLANNED_ROUNDS = max(1, ROUNDS // 10)


class Crowd:
    """Runs calls at the same moment and returns what each returned or raised, in their order."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._pool = ThreadPoolExecutor(max_workers=size)
        self._rounds = 0
        self._outcomes: Counter[str] = Counter()
        self._began = time.monotonic()

    def __call__(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        results = self._at_once(calls)
        self._rounds += 1
        self._outcomes.update(type(result).__name__ for result in results)
        return results

    def _at_once(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        barrier = threading.Barrier(len(calls))

        def one(call: Callable[[], Any]) -> Any:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            try:
                return call()
            except Exception as error:  # noqa: BLE001  (the test looks at what was raised)
                return error

        return list(self._pool.map(one, calls))

    def go_home(self) -> None:
        """Close every thread's connection, and the threads; say what there was."""
        self._at_once([connections.close_all] * self._size)
        self._pool.shutdown()
        seconds = time.monotonic() - self._began
        logger.info(
            "%d rounds of up to %d in %.0f s: %s", self._rounds, self._size, seconds, dict(self._outcomes)
        )


@contextmanager
def crowd_of(size: int) -> Iterator[Crowd]:
    """A crowd for some rounds."""
    crowd = Crowd(size)
    try:
        yield crowd
    finally:
        crowd.go_home()


def lapse(hold: Hold) -> None:
    """Its time is over, and nobody has noted that."""
    with transaction.atomic():
        ids = CalendarEvent.objects.filter(hold=hold).values_list("resource_id", flat=True)
        occupancy.lock_resources(hold.organization_id, {one for one in ids if one is not None})
        over = app_now() - timedelta(minutes=1)
        Hold.objects.filter(id=hold.id).update(expires_at=over)
        CalendarEvent.objects.filter(hold=hold, active=True).update(expires_at=over)


def accidents(results: Sequence[Any]) -> list[Any]:
    """What is neither a success nor a refusal in plain words: each would have been a 500."""
    return [one for one in results if isinstance(one, Exception) and not isinstance(one, DomainError)]


def dice(seed: object) -> Random:
    """Chance that can be repeated."""
    return Random(repr(seed))  # noqa: S311  (rounds, not secrets)
