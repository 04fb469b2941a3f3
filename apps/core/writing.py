"""Rows that a unit of work writes, all in one round trip: collected as they come, sent at its end.

Whoever looks at the database before that finds them there: any other statement on the connection sends them
first. Foreign keys are checked at the commit, so their order does not matter. What a savepoint takes back is
forgotten. An instance that still waits may be changed: it is written as it is when it is sent.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

from apps.core.functions import AppNow

M = TypeVar("M", bound=Model)

# A row, and which of its fields are to be updated; None where all of it is to be inserted.
Write = tuple[Model, Sequence[str] | None]
_waiting: ContextVar[list[Write] | None] = ContextVar("rows_to_write", default=None)
_texts: dict[tuple[type[Model], tuple[str, ...]], str] = {}


def insert(row: M) -> M:
    """Insert a new row at the end of the unit of work; at once where there is none.

    Whatever a constraint has to say comes then, too.
    """
    waiting = _waiting.get()
    if waiting is None:
        row.save(force_insert=True)
        return row
    _is_stored(row)
    waiting.append((row, None))
    return row


def insert_unless_there(row: Model) -> bool:
    """Insert a new row at once, unless a unique constraint knows another; returns whether it did.

    Who is inserting that other one at the moment is waited for.
    """
    flush()
    text, values = _insert_of(row)
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None  # noqa: S101  (ensure_connection made it)
    statement = (f"{text} ON CONFLICT DO NOTHING", values)
    with connection.wrap_database_errors:
        done = psycopg.Cursor(raw).execute(*statement, prepare=True).rowcount == 1
    _note(raw, [statement])
    if done:
        _is_stored(row)
    return done


def update(row: Model, *fields: str) -> None:
    """Write these fields of a locked row at the end of the unit of work; at once where there is none.

    One that has yet to be inserted needs none of it.
    """
    waiting = _waiting.get()
    if waiting is None:
        row.save(update_fields=fields)
    elif not waits(row):
        waiting.append((row, fields))


def waits(row: Model) -> bool:
    """Whether this row has yet to be inserted: what is changed about it needs no UPDATE."""
    return any(row is other and fields is None for other, fields in _waiting.get() or ())


def _is_stored(row: Model) -> None:
    """Leave it as save() does."""
    row._state.adding = False  # noqa: SLF001
    row._state.db = connection.alias  # noqa: SLF001


def flush() -> None:
    """Send what waits."""
    waiting = _waiting.get()
    if not waiting:
        return
    rows = [*waiting]
    waiting.clear()
    statements = [_insert_of(row) if fields is None else _update_of(row, fields) for row, fields in rows]
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None  # noqa: S101  (ensure_connection made it)
    with connection.wrap_database_errors:
        # Django's own cursor puts values into the text; this one prepares each statement once.
        cursor = psycopg.Cursor(raw)
        if len(statements) == 1:
            cursor.execute(*statements[0], prepare=True)
        else:
            with raw.pipeline():
                for text, values in statements:
                    cursor.execute(text, values, prepare=True)
    _note(raw, statements)


@contextmanager
def collected() -> Iterator[None]:
    """Collect rows inside, and send them at the end; forget them if an exception ends it."""
    rows: list[Write] = []
    token = _waiting.set(rows)
    try:
        with connection.execute_wrapper(_send_first):
            yield
            flush()
    finally:
        _waiting.reset(token)


def _send_first(execute: Callable[..., Any], text: Any, values: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
    """Django's hook around every statement of its cursors."""
    waiting = _waiting.get()
    if waiting:
        if str(text).startswith("ROLLBACK TO SAVEPOINT"):
            waiting.clear()  # whatever came before the savepoint was sent when it began
        elif not str(text).startswith("RELEASE SAVEPOINT"):
            flush()
    return execute(text, values, many, context)


def _insert_of(row: Model) -> tuple[str, Sequence[Any]]:
    """The INSERT of a row and its values."""
    names, spelled, values = [], [], []
    for field in row._meta.concrete_fields:  # noqa: SLF001  (Django's documented API)
        value = field.pre_save(row, add=True)
        if isinstance(value, DatabaseDefault):
            continue
        names.append(str(field.column))
        if isinstance(value, AppNow):
            spelled.append("app_now()")
            continue
        spelled.append("%s")
        values.append(field.get_db_prep_save(value, connection))
    key = (type(row), (*names, *spelled))
    text = _texts.get(key)
    if text is None:
        columns = ", ".join(f'"{name}"' for name in names)
        text = f'INSERT INTO "{row._meta.db_table}" ({columns}) VALUES ({", ".join(spelled)})'  # noqa: S608, SLF001
        _texts[key] = text
    return text, values


def _update_of(row: Model, fields: Sequence[str]) -> tuple[str, Sequence[Any]]:
    """The UPDATE of these fields and its values."""
    named = {field.name: field for field in row._meta.concrete_fields}  # noqa: SLF001  (Django's documented API)
    changed = [named[name] for name in fields]
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in changed]
    key = (type(row), ("UPDATE", *fields))
    text = _texts.get(key)
    if text is None:
        assigned = ", ".join(f'"{field.column}" = %s' for field in changed)
        text = f'UPDATE "{row._meta.db_table}" SET {assigned} WHERE "id" = %s'  # noqa: S608, SLF001
        _texts[key] = text
    return text, [*values, row.pk]


def _note(raw: Any, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Let Django's log of queries see them, where somebody looks."""
    if not connection.queries_logged:
        return
    cursor = psycopg.ClientCursor(raw)
    for text, values in statements:
        connection.queries_log.append({"sql": cursor.mogrify(text, values), "time": "0"})
