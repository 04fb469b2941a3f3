"""Rows that a unit of work writes, all in one round trip: collected as they come, sent at its end.

Whoever looks at the database before that finds them there: any other statement on the connection sends them
first. Foreign keys are checked at the commit, so their order does not matter. What a savepoint takes back is
forgotten. An instance that still waits may be changed: it is written as it is when it is sent.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

from apps.core.asking import ask, wait, waiting
from apps.core.functions import AppNow
from apps.core.wire import Answer, Statement

M = TypeVar("M", bound=Model)

# What Django hands on as it is, after looking at it from all sides.
PLAIN_VALUES = {str, int, bool, UUID, datetime, type(None)}
PLAIN_FIELDS = {
    models.BooleanField,
    models.CharField,
    models.DateTimeField,
    models.ForeignKey,
    models.OneToOneField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
    models.UUIDField,
}

_texts: dict[tuple[type[Model], tuple[str, ...]], str] = {}


class _Insert:
    """A row that is to be inserted."""

    def __init__(self, row: Model) -> None:
        self.row = row

    def statement(self) -> Statement:
        """With what the row has become."""
        return _insert_of(self.row)

    def note(self, answer: Answer) -> None:
        """Nothing more to do."""


class _Update:
    """A row some of whose fields are to be written."""

    def __init__(self, row: Model, fields: Sequence[str]) -> None:
        self.row, self.fields = row, fields

    def statement(self) -> Statement:
        """With what the row has become."""
        return _update_of(self.row, self.fields)

    def note(self, answer: Answer) -> None:
        """Nothing more to do."""


def insert(row: M) -> M:
    """Insert a new row at the end of the unit of work; at once where there is none.

    Whatever a constraint has to say comes then, too.
    """
    if waiting() is None:
        row.save(force_insert=True)
        return row
    _is_stored(row)
    wait(_Insert(row))
    return row


def insert_unless_there(row: Model) -> bool:
    """Insert a new row at once, unless a unique constraint knows another; returns whether it did.

    Who is inserting that other one at the moment is waited for.
    """
    text, values = _insert_of(row)
    done = ask(f"{text} ON CONFLICT DO NOTHING", values, lambda answer: answer.count == 1).answer()
    if done:
        _is_stored(row)
    return done


def update(row: Model, *fields: str) -> None:
    """Write these fields of a locked row at the end of the unit of work; at once where there is none.

    One that has yet to be inserted needs none of it.
    """
    if waiting() is None:
        row.save(update_fields=fields)
    elif not waits(row):
        wait(_Update(row, fields))


def waits(row: Model) -> bool:
    """Whether this row has yet to be inserted: what is changed about it needs no UPDATE."""
    return any(isinstance(one, _Insert) and one.row is row for one in waiting() or ())


def _is_stored(row: Model) -> None:
    """Leave it as save() does."""
    row._state.adding = False  # noqa: SLF001
    row._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001


def _insert_of(row: Model) -> tuple[str, Sequence[Any]]:
    """The INSERT of a row and its values."""
    # Not by way of Django's proxy, which looks for the thread's own connection at every touch.
    database = connections[DEFAULT_DB_ALIAS]
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
        plain = type(value) in PLAIN_VALUES and type(field) in PLAIN_FIELDS
        values.append(value if plain else field.get_db_prep_save(value, database))
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
    database = connections[DEFAULT_DB_ALIAS]
    values = [field.get_db_prep_save(field.pre_save(row, add=False), database) for field in changed]
    key = (type(row), ("UPDATE", *fields))
    text = _texts.get(key)
    if text is None:
        assigned = ", ".join(f'"{field.column}" = %s' for field in changed)
        text = f'UPDATE "{row._meta.db_table}" SET {assigned} WHERE "id" = %s'  # noqa: S608, SLF001
        _texts[key] = text
    return text, [*values, row.pk]
