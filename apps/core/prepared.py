"""One round trip for the hottest reads: prepared statements straight on libpq, with binary answers.

Django's and psycopg's cursors cost several times what the database itself needs for such a read. This
takes the thread's own Django connection, so a transaction or a test's stopped clock hold here, too.
"""

import struct
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import OperationalError, connection
from psycopg import pq

BINARY = 1
# Instants are microseconds, and days are days, from PostgreSQL's epoch: the first moment of 2000, UTC.
ARRAY_HEAD = struct.Struct(">iiiii")
ID_BYTES = 16
LENGTH_BYTES = 4

Row = Sequence[bytes | None]
_prepared: WeakKeyDictionary[Any, set[bytes]] = WeakKeyDictionary()


class Statement:
    """A statement with `$1`-parameters, prepared once a connection."""

    def __init__(self, name: str, sql: str) -> None:
        self.name = name.encode()
        self.sql = sql.encode()

    def rows(self, *values: str | None) -> list[Row]:
        """Run it with these values, written as PostgreSQL reads them; returns binary columns.

        Raises OperationalError, after which the connection is checked before its next use.
        """
        connection.ensure_connection()
        raw = connection.connection
        assert raw is not None  # noqa: S101  (ensure_connection made it)
        done = raw.pgconn
        known = _prepared.setdefault(raw, set())
        if self.name not in known:
            self._check(done.prepare(self.name, self.sql), pq.ExecStatus.COMMAND_OK)
            known.add(self.name)
        answer = done.exec_prepared(
            self.name, [None if value is None else value.encode() for value in values], result_format=BINARY
        )
        self._check(answer, pq.ExecStatus.TUPLES_OK)
        if connection.queries_logged:
            connection.queries_log.append({"sql": self.sql.decode(), "time": "0"})
        return [
            [answer.get_value(row, column) for column in range(answer.nfields)]
            for row in range(answer.ntuples)
        ]

    def _check(self, answer: pq.abc.PGresult, wanted: pq.ExecStatus) -> None:
        if answer.status != wanted:
            # Whatever it is, the next use of the connection looks whether it still lives.
            connection.errors_occurred = True
            raise OperationalError(answer.error_message.decode(errors="replace"))


def instant(value: bytes | None) -> int | None:
    """A `timestamptz` in microseconds since PostgreSQL's epoch; the infinities stay far away."""
    return None if value is None else int.from_bytes(value, "big", signed=True)


def instants(value: bytes | None) -> tuple[int, ...]:
    """A `timestamptz[]` without NULLs, in microseconds since PostgreSQL's epoch."""
    return _elements(value, "q", 8)


def large_numbers(value: bytes | None) -> tuple[int, ...]:
    """A `bigint[]` without NULLs."""
    return _elements(value, "q", 8)


def days(value: bytes | None) -> tuple[int, ...]:
    """A `date[]` without NULLs, in days since PostgreSQL's epoch."""
    return _elements(value, "i", 4)


def numbers(value: bytes | None) -> tuple[int, ...]:
    """An `integer[]` without NULLs."""
    return _elements(value, "i", 4)


def small_numbers(value: bytes | None) -> tuple[int, ...]:
    """A `smallint[]` without NULLs."""
    return _elements(value, "h", 2)


def ids(value: bytes | None) -> list[bytes]:
    """A `uuid[]` without NULLs, each as its sixteen bytes."""
    if value is None:
        return []
    first = ARRAY_HEAD.size + LENGTH_BYTES
    return [value[at : at + ID_BYTES] for at in range(first, len(value), ID_BYTES + LENGTH_BYTES)]


def large_array(values: Sequence[int]) -> bytes:
    """A `bigint[]` as PostgreSQL sends it; what `large_numbers` reads."""
    head = ARRAY_HEAD.pack(1, 0, 20, len(values), 1)
    return head + b"".join(struct.pack(">iq", 8, value) for value in values)


def _elements(value: bytes | None, kind: str, size: int) -> tuple[int, ...]:
    """The elements of a one-dimensional array, each of which stands behind its length."""
    if value is None:  # array_agg over nothing
        return ()
    count = (len(value) - ARRAY_HEAD.size) // (LENGTH_BYTES + size)
    return struct.unpack_from(">" + f"i{kind}" * count, value, ARRAY_HEAD.size)[1::2]
