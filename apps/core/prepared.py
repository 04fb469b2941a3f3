"""The hottest reads: prepared once a connection, and answered in binary (beside `core/wire.py`).

Django's and psycopg's cursors cost several times what the database itself needs for such a read. `Statement`
takes the thread's own Django connection, so a transaction or a test's stopped clock hold here, too.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from typing import Any, Literal
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq

from apps.core.asking import flush

BINARY = 1
# Instants are microseconds, and days are days, from PostgreSQL's epoch: the first moment of 2000, UTC.
# Before an array's elements stand five numbers of four bytes, before each element its length.
ARRAY_HEAD_BYTES = 20
LENGTH_BYTES = 4
INSTANT_BYTES = 8

Row = Sequence[bytes | None]
_prepared: WeakKeyDictionary[Any, set[bytes]] = WeakKeyDictionary()


class Statement:
    """A statement with `$1`-parameters, prepared once a connection."""

    def __init__(self, name: str, sql: str, *, reads_tables: bool = True) -> None:
        self.reads_tables = reads_tables
        self.name = name.encode()
        self.sql = sql.encode()

    def rows(self, *values: str | None) -> list[Row]:
        """Run it with these values, written as PostgreSQL reads them; returns binary columns.

        Raises OperationalError, after which the connection is checked before its next use.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        if self.reads_tables:
            flush()
        connection.ensure_connection()
        try:
            answer = self._answer(connection, values)
        except OperationalError:
            # The connection may have died since the last request. Django looks before each request's first
            # statement; here a failure is soon enough, as this only reads.
            connection.close_if_health_check_failed()
            if connection.connection is not None:
                raise
            connection.ensure_connection()
            answer = self._answer(connection, values)
        connection.health_check_done = True  # type: ignore[attr-defined]  # it lives: Django need not ask
        if connection.queries_logged:
            connection.queries_log.append({"sql": _spelled_out(self.sql.decode(), values), "time": "0"})
        return [
            [answer.get_value(row, column) for column in range(answer.nfields)]
            for row in range(answer.ntuples)
        ]

    def _answer(self, connection: BaseDatabaseWrapper, values: Sequence[str | None]) -> pq.abc.PGresult:
        raw = connection.connection
        assert raw is not None  # noqa: S101  (the caller has ensured the connection)
        done = raw.pgconn
        known = _prepared.setdefault(raw, set())
        if self.name not in known:
            _check(connection, done.prepare(self.name, self.sql), pq.ExecStatus.COMMAND_OK)
            known.add(self.name)
        answer: pq.abc.PGresult = done.exec_prepared(
            self.name, [None if value is None else value.encode() for value in values], result_format=BINARY
        )
        _check(connection, answer, pq.ExecStatus.TUPLES_OK)
        return answer


def _spelled_out(sql: str, values: Sequence[str | None]) -> str:
    """The statement with its values in it, for Django's log of queries."""
    for number in range(len(values), 0, -1):
        value = values[number - 1]
        spelled = "NULL" if value is None else "'" + value.replace("'", "''") + "'"
        sql = sql.replace(f"${number}", spelled)
    return sql


def _check(connection: BaseDatabaseWrapper, answer: pq.abc.PGresult, wanted: pq.ExecStatus) -> None:
    if answer.status != wanted:
        # Whatever it is, the next use of the connection looks whether it still lives.
        connection.errors_occurred = True
        raise OperationalError(answer.error_message.decode(errors="replace"))


def number(value: bytes | None) -> int:
    """A `bigint`, or a `timestamptz` in microseconds since PostgreSQL's epoch; 0 for NULL."""
    return 0 if value is None else int.from_bytes(value, "big", signed=True)


def instants(value: bytes | None) -> tuple[int, ...]:
    """A `timestamptz[]` without NULLs, in microseconds since PostgreSQL's epoch."""
    if value is None:
        return ()
    count = (len(value) - ARRAY_HEAD_BYTES) // (LENGTH_BYTES + INSTANT_BYTES)
    return struct.unpack_from(">" + "iq" * count, value, ARRAY_HEAD_BYTES)[1::2] if count > 0 else ()


def strung(value: bytes | None, kind: Literal["q", "i"]) -> Sequence[int]:
    """What `string_agg(…_send(…), '')` makes: numbers in a row, of eight ("q") or four ("i") bytes.

    Smaller than an array, and read at once instead of number by number.
    """
    numbers = array(kind, value or b"")
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
