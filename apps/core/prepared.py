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
# Microseconds from the Unix epoch to PostgreSQL's, the first moment of 2000.
POSTGRES_EPOCH = 946_684_800_000_000
ARRAY_HEAD = struct.Struct(">iiiii")
INSTANTS = struct.Struct(">iq")
SMALL_NUMBERS = struct.Struct(">ih")
NUMBERS = struct.Struct(">ii")
LARGE_NUMBERS = struct.Struct(">iq")
IDS = struct.Struct(">i16s")

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
    """A `timestamptz` in microseconds since the Unix epoch; minus infinity and infinity stay far away."""
    return None if value is None else int.from_bytes(value, "big", signed=True) + POSTGRES_EPOCH


def instants(value: bytes | None) -> list[int]:
    """A `timestamptz[]` without NULLs, in microseconds since the Unix epoch."""
    return [number + POSTGRES_EPOCH for _, number in INSTANTS.iter_unpack(_elements(value))]


def days(value: bytes | None) -> list[int]:
    """A `date[]` without NULLs, as proleptic ordinals (`date.fromordinal`)."""
    return [number + 730_120 for _, number in NUMBERS.iter_unpack(_elements(value))]


def numbers(value: bytes | None) -> list[int]:
    """An `integer[]` without NULLs."""
    return [number for _, number in NUMBERS.iter_unpack(_elements(value))]


def small_numbers(value: bytes | None) -> list[int]:
    """A `smallint[]` without NULLs."""
    return [number for _, number in SMALL_NUMBERS.iter_unpack(_elements(value))]


def large_numbers(value: bytes | None) -> list[int]:
    """A `bigint[]` without NULLs."""
    return [number for _, number in LARGE_NUMBERS.iter_unpack(_elements(value))]


def ids(value: bytes | None) -> list[bytes]:
    """A `uuid[]` without NULLs, each as its sixteen bytes."""
    return [raw for _, raw in IDS.iter_unpack(_elements(value))]


def _elements(value: bytes | None) -> bytes:
    # An empty array has no dimension and no elements; array_agg over nothing is NULL.
    return b"" if value is None else value[ARRAY_HEAD.size :]
