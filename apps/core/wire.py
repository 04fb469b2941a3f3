"""Statements straight on libpq: prepared once a connection, and as many as wait in one round trip.

psycopg's cursors cost more than most of our statements do. This takes the thread's own Django connection and
psycopg's own conversions of values, so a transaction or a test's stopped clock hold here, too.
"""

import re
import select
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.types.datetime import TimestamptzLoader

# A query with lists of ids is another one for each of their lengths.
MOST_STATEMENTS = 500
PLACEHOLDER = re.compile("%[s%]")
TO_READ, TO_READ_OR_WRITE = select.POLLIN, select.POLLIN | select.POLLOUT

# A column that is read has another type by now, or somebody has deallocated everything. What was prepared is
# of no use any more, so it is prepared anew, under other names.
OUTDATED = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)

# As Django writes it, with `%s` for each of its values.
Statement = tuple[str, Sequence[Any]]
# A text, and the types that its values were given.
Key = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the rows that were returned, and how many were found or written."""

    rows: list[tuple[Any, ...]]
    count: int


@dataclass(frozen=True, slots=True)
class _Dumped:
    """A statement as it is sent."""

    key: Key
    values: Sequence[Any]
    formats: Sequence[Any]


class _InstantLoader(TimestamptzLoader):
    """Reads an instant as the server writes it in UTC, several times as fast as psycopg."""

    def load(self, data: Any) -> datetime:
        """In UTC. What Python's own reader does not know, such as a year before Christ, psycopg may judge."""
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            return super().load(data).astimezone(UTC)


class _Wire:
    """A connection, and what has been prepared on it."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._pgconn: pq.abc.PGconn = raw.pgconn
        self._transformer = _transformer(raw)
        self._known: OrderedDict[Key, bytes] = OrderedDict()
        self._numbers = count(1)
        self._poll = select.poll()

    def run(self, statements: Sequence[Statement], *, commits: bool) -> list[Answer]:
        """Send them all, then read all their answers. Raises psycopg's errors: that of the first to fail."""
        dumped = [self._dumped(*statement) for statement in statements]
        begins = not self.raw.autocommit and self._pgconn.transaction_status == pq.TransactionStatus.IDLE
        self._pgconn.enter_pipeline_mode()
        try:
            prepared = self._send(dumped, begins=begins, commits=commits)
            failed, results = self._read(dumped, prepared, begins=begins, commits=commits)
            self._pgconn.exit_pipeline_mode()
        except BaseException:
            # Answers may be under way that nobody will read: such a connection is of no use any more.
            self._pgconn.finish()
            raise
        if failed is not None:
            error = error_from_result(failed)
            if isinstance(error, OUTDATED):
                self._known.clear()
            raise error
        self._forget_oldest()
        return [self._answer(result) for result in results]

    def _dumped(self, text: str, values: Sequence[Any]) -> _Dumped:
        if not values:
            return _Dumped((text, ()), (), ())
        dumped = self._transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        return _Dumped((text, tuple(self._transformer.types)), dumped, self._transformer.formats)

    def _send(self, dumped: Sequence[_Dumped], *, begins: bool, commits: bool) -> list[bytes | None]:
        """Send everything; returns for each statement under which name it is being prepared, if it is."""
        prepared: list[bytes | None] = []
        new: dict[Key, bytes] = {}
        if begins:
            self._pgconn.send_query_params(b"BEGIN", None)
        for one in dumped:
            name = self._known.get(one.key) or new.get(one.key)
            if name is None:
                name = new[one.key] = b"kept_%d" % next(self._numbers)
                self._pgconn.send_prepare(name, _numbered(one.key[0]), param_types=one.key[1])
                prepared.append(name)
            else:
                prepared.append(None)
            self._pgconn.send_query_prepared(name, one.values, param_formats=one.formats)
        if commits:
            self._pgconn.send_query_params(b"COMMIT", None)
        self._pgconn.pipeline_sync()
        while self._pgconn.flush():
            if self._wait(TO_READ_OR_WRITE) & TO_READ:
                self._pgconn.consume_input()
        return prepared

    def _read(
        self, dumped: Sequence[_Dumped], prepared: Sequence[bytes | None], *, begins: bool, commits: bool
    ) -> tuple[pq.abc.PGresult | None, list[pq.abc.PGresult]]:
        """All results up to the end of the pipeline, and the first failure, after which nothing was run."""
        results: list[pq.abc.PGresult] = []
        failed = _failure(self._whole_result()) if begins else None
        for one, name in zip(dumped, prepared, strict=True):
            if name is not None:
                done = self._whole_result()
                failed = failed or _failure(done)
                if done.status == pq.ExecStatus.COMMAND_OK:
                    self._known[one.key] = name
            found = self._whole_result()
            failed = failed or _failure(found)
            results.append(found)
        if commits:
            done = self._whole_result()
            failed = failed or _failure(done)
        self._result()  # the end of the pipeline
        return failed, results

    def _answer(self, result: pq.abc.PGresult) -> Answer:
        if not result.nfields:
            return Answer([], result.command_tuples or 0)
        self._transformer.set_pgresult(result)
        return Answer(self._transformer.load_rows(0, result.ntuples, tuple), result.ntuples)

    def _whole_result(self) -> pq.abc.PGresult:
        """What one statement of the pipeline has come to."""
        found = self._result()
        if found is None:
            raise psycopg.OperationalError("The connection to the database was lost.")
        self._result()  # nothing: there its answer ends
        return found

    def _result(self) -> pq.abc.PGresult | None:
        while self._pgconn.is_busy():
            self._wait(TO_READ)
            self._pgconn.consume_input()
        return self._pgconn.get_result()

    def _wait(self, event: int) -> int:
        """Let other threads go on meanwhile: one of them may have the lock that is waited for."""
        self._poll.register(self._pgconn.socket, event)
        return self._poll.poll()[0][1]

    def _forget_oldest(self) -> None:
        while len(self._known) > MOST_STATEMENTS:
            _, name = self._known.popitem(last=False)
            # Not by DEALLOCATE: a pooler's name for it is another one, so that would end the transaction.
            self._pgconn.close_prepared(name)


def _transformer(raw: Any) -> Any:
    """psycopg's and Django's conversions, and a quicker one of instants."""
    cursor = raw.cursor()  # a place for adapters that leaves the connection's own alone
    cursor.adapters.register_loader("timestamptz", _InstantLoader)
    return Transformer(cursor)


def _unwatched(_statements: Sequence[Statement]) -> AbstractContextManager[Any]:
    return nullcontext()


# What is put around each round trip; `core/tracing.py` makes a span of it.
watch: Callable[[Sequence[Statement]], AbstractContextManager[Any]] = _unwatched
_own = threading.local()


def run(statements: Sequence[Statement], *, commits: bool = False) -> list[Answer]:
    """Run these statements, one after the other on the server, in one round trip; returns their answers.

    Each sees what was committed until those before it had got their locks. `commits` ends the transaction as
    well, for a caller who is about to: Django's own COMMIT finds nothing left to do. Raises Django's database
    errors; what comes after a statement that fails is not run.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close_if_health_check_failed()  # as Django before the first statement of a request
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None  # noqa: S101  (ensure_connection made it)
    wire: _Wire | None = getattr(_own, "wire", None)
    if wire is None or wire.raw is not raw:
        wire = _own.wire = _Wire(raw)
    with watch(statements), connection.wrap_database_errors:
        answers = wire.run(statements, commits=commits)
    connection.health_check_done = True  # type: ignore[attr-defined]  # it lives: Django need not ask
    if connection.queries_logged:
        log = psycopg.ClientCursor(raw)
        connection.queries_log.extend({"sql": log.mogrify(*one), "time": "0"} for one in statements)
    return answers


@cache
def _numbered(text: str) -> bytes:
    """The text as the server wants it, with `$1`, `$2` and so on for its values."""
    numbers = count(1)
    return PLACEHOLDER.sub(lambda found: "%" if found.group() == "%%" else f"${next(numbers)}", text).encode()


def _failure(result: pq.abc.PGresult) -> pq.abc.PGresult | None:
    return result if result.status == pq.ExecStatus.FATAL_ERROR else None
