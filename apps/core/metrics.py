"""What is counted, for /metrics: added up in the process, kept in Redis, told by whichever process is asked.

Processes come and go (granian's workers, Celery's children, other machines), and many have no port to ask.
So each adds what it has counted to one hash in Redis every two seconds, on a thread of its own: to count
costs a request a microsecond. What cannot be sent waits. If Redis is emptied, the counters begin anew, as
after a restart.
"""

import atexit
import json
import logging
import os
import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from django.conf import settings
from redis.exceptions import ResponseError

from apps.core.soft_redis import LINK, RedisAway

logger = logging.getLogger(__name__)

HASH = "metrics:1"
SUM = "sum"
Name = tuple[str, tuple[str, ...], str]  # the metric, its labels' values, and which of its parts
Totals = dict[Name, float]

_lock = threading.Lock()
_pending: Totals = {}
_known: Totals = {}
_flusher: threading.Thread | None = None
_stop = threading.Event()


class Metric:
    """What has a name, a help text and labels. Made once, when its module is imported."""

    def __init__(self, name: str, help_text: str, labels: Sequence[str] = ()) -> None:
        self.name, self.help_text, self.labels = name, help_text, tuple(labels)
        REGISTRY[name] = self


REGISTRY: dict[str, Metric] = {}


class Counter(Metric):
    """How often something happened; `_total` is added to its name."""

    def count(self, *labels: str, by: float = 1) -> None:
        """It happened."""
        _add([((self.name, labels, ""), by)])


class Histogram(Metric):
    """How large something was, in buckets of these upper bounds."""

    def __init__(
        self, name: str, help_text: str, *, bounds: Sequence[float], labels: Sequence[str] = ()
    ) -> None:
        super().__init__(name, help_text, labels)
        self.bounds = tuple(bounds)
        self.parts = (*(str(float(bound)) for bound in bounds), "+Inf")

    def observe(self, value: float, *labels: str) -> None:
        """It was so large."""
        part = self.parts[bisect_left(self.bounds, value)]
        _add([((self.name, labels, part), 1), ((self.name, labels, SUM), value)])


def _add(amounts: "Sequence[tuple[Name, float]]") -> None:
    with _lock:
        for name, amount in amounts:
            _pending[name] = _pending.get(name, 0) + amount
    if _flusher is None:
        _start()


def _start() -> None:
    """Begin to send what is counted every METRICS_FLUSH_SECONDS; 0 leaves that to whoever calls `flush`."""
    global _flusher  # noqa: PLW0603  (one thread a process)
    if not settings.METRICS_FLUSH_SECONDS:
        return
    with _lock:
        if _flusher is not None:
            return
        _flusher = threading.Thread(target=_flush_forever, name="metrics", daemon=True)
    _flusher.start()


def _flush_forever() -> None:
    while not _stop.wait(settings.METRICS_FLUSH_SECONDS):
        flush()


def flush() -> bool:
    """Send what this process has counted; whether Redis took it."""
    global _pending
    with _lock:
        sending, _pending = _pending, {}
    if not sending:
        return True
    try:
        LINK.call_all(
            [("HINCRBYFLOAT", HASH, _field(name), repr(float(amount))) for name, amount in sending.items()]
        )
    except (RedisAway, ResponseError):
        _add(list(sending.items()))
        return False
    return True


def totals() -> tuple[Totals, bool]:
    """What all processes have counted, and whether Redis said so; else what it said last, and our own."""
    global _known  # noqa: PLW0603  (else Redis's absence would look like a restart of all counters)
    flushed = flush()
    try:
        raw = LINK.call("HGETALL", HASH)
    except (RedisAway, ResponseError):
        flushed = False
    else:
        _known = dict(_read(raw))
    found = dict(_known)
    if not flushed:
        with _lock:
            for name, amount in _pending.items():
                found[name] = found.get(name, 0) + amount
    return found, flushed


def _field(name: Name) -> str:
    return json.dumps(name, separators=(",", ":"))


def _read(raw: "dict[bytes, bytes] | list[bytes]") -> Iterator[tuple[Name, float]]:
    pairs = raw.items() if isinstance(raw, dict) else zip(raw[::2], raw[1::2], strict=True)
    for field, value in pairs:
        name, labels, part = json.loads(field)
        yield (name, tuple(labels), part), float(value)


def _after_fork() -> None:
    """A child counts from zero: what was pending is its parent's to send."""
    global _lock, _pending, _flusher
    _lock, _pending, _flusher = threading.Lock(), {}, None


def _at_exit() -> None:
    if _flusher is not None:
        flush()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
