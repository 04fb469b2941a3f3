"""Redis, which may be away: short timeouts, one breaker a process, and a connection that costs little.

Nothing here is ever needed for a right answer. After a failure Redis is left alone for a moment, so that a
request pays for its absence at most once in a while; then one caller tries it again for all of them.
"""

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.conf import settings
from django.core.signals import setting_changed
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection, ConnectionPool
from redis.exceptions import NoScriptError, RedisError, ResponseError
from redis.retry import Retry

logger = logging.getLogger(__name__)

AWAY_SECONDS = 2.0
TIMEOUT_SECONDS = 0.25
FAILURES = (RedisError, OSError)


class RedisAway(Exception):
    """Redis does not answer, or did not a moment ago. Go on without it."""


class Breaker:
    """Whether a server is worth a try now. `pause` is in seconds; AWAY_SECONDS where none is given."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        what: str = "Redis",
        meanwhile: str = "caches and rate limits pause",
        pause: float | None = None,
    ) -> None:
        self._clock = clock
        self._what, self._meanwhile, self._pause = what, meanwhile, pause
        self._lock = threading.Lock()
        self._away_until: float | None = None

    def may_try(self) -> bool:
        """True while Redis answers; after a pause, True for one caller, whose news the others get."""
        if self._away_until is None:
            return True
        with self._lock:
            now = self._clock()
            if self._away_until is not None and now < self._away_until:
                return False
            if self._away_until is not None:
                self._away_until = now + self._seconds()
            return True

    def failed(self, error: Exception) -> None:
        """Leave it alone for a moment."""
        if self._away_until is None:
            logger.warning("%s is away (%s): %s", self._what, type(error).__name__, self._meanwhile)
        self._away_until = self._clock() + self._seconds()

    def works(self) -> None:
        """It has answered."""
        if self._away_until is not None:
            logger.warning("%s is back", self._what)
            self._away_until = None

    def _seconds(self) -> float:
        return AWAY_SECONDS if self._pause is None else self._pause

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Raises RedisAway where it is away, also when this very use of it finds that out."""
        if not self.may_try():
            raise RedisAway
        try:
            yield
        except ResponseError:
            self.works()  # an answer, if not the one that was hoped for
            raise
        except FAILURES as error:
            self.failed(error)
            raise RedisAway from error
        self.works()


BREAKER = Breaker()


class Link:
    """Connections of one thread each, without a pool's bookkeeping: a third of redis-py's cost for a call."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._pool: ConnectionPool | None = None
        self._threads = threading.local()
        self._pid = os.getpid()

    def call(self, *words: "str | bytes | int") -> Any:
        """One command's answer, bytes as bytes. Raises RedisAway, ResponseError."""
        with BREAKER.watching():
            return self._send(words)

    def call_all(self, commands: "list[tuple[str | bytes | int | float, ...]]") -> list[Any]:
        """The answers of several commands, sent together. Raises RedisAway, ResponseError."""
        with BREAKER.watching():
            connection = self._connection()
            try:
                connection.send_packed_command(connection.pack_commands(commands), check_health=False)
                return [connection.read_response() for _ in commands]
            except FAILURES:
                self._drop()
                raise

    def forget(self) -> None:
        """Connect anew from here on, as a process that was forked must."""
        self._pool, self._threads, self._pid = None, threading.local(), os.getpid()

    def _send(self, words: "tuple[str | bytes | int, ...]") -> Any:
        connection = getattr(self._threads, "connection", None)
        if connection is not None and self._pid == os.getpid():
            try:
                return self._ask(connection, words)
            except ResponseError:
                raise
            except FAILURES:
                self._drop()  # Redis may just have been restarted: one more try, on a new connection
        return self._ask(self._connection(), words)

    def _ask(self, connection: AbstractConnection, words: "tuple[str | bytes | int, ...]") -> Any:
        try:
            connection.send_packed_command([_packed(words)], check_health=False)
            return connection.read_response()
        except ResponseError:
            raise
        except BaseException:
            self._drop()  # half an answer may still be under way
            raise

    def _connection(self) -> AbstractConnection:
        if self._pid != os.getpid():
            self.forget()
        connection: AbstractConnection | None = getattr(self._threads, "connection", None)
        if connection is None:
            if self._pool is None:
                self._pool = ConnectionPool.from_url(
                    self._url(),
                    socket_timeout=TIMEOUT_SECONDS,
                    socket_connect_timeout=TIMEOUT_SECONDS,
                    retry=Retry(NoBackoff(), 0),
                )
            connection = cast("AbstractConnection", self._pool.make_connection())
            connection.connect()
            self._threads.connection = connection
        return connection

    def _drop(self) -> None:
        connection, self._threads.connection = getattr(self._threads, "connection", None), None
        if connection is not None:
            connection.disconnect()


def _packed(words: "tuple[str | bytes | int, ...]") -> bytes:
    """A command as Redis reads it; redis-py's own way to write it takes five times as long."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        raw = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(raw), raw))
    return b"".join(parts)


LINK = Link(lambda: str(settings.REDIS_URL))


class Script:
    """A Lua script, sent by its digest once Redis knows it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()

    def run(self, keys: "list[str]", *values: int) -> Any:
        """What it returns. Raises RedisAway, ResponseError."""
        try:
            return LINK.call("EVALSHA", self.digest, len(keys), *keys, *values)
        except NoScriptError:
            return LINK.call("EVAL", self.source, len(keys), *keys, *values)


def _on_setting_changed(*, setting: str, **_: Any) -> None:
    if setting == "REDIS_URL":
        LINK.forget()
        BREAKER.works()


setting_changed.connect(_on_setting_changed)
