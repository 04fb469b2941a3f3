"""Brings rows to what a demo says they are, and counts what that took."""

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

ModelT = TypeVar("ModelT", bound=Model)

NAMESPACE = uuid.UUID("6f2b7c1e-54f1-4c5e-9d3a-0d7f3c1a9b20")


def stable_id(*path: str) -> uuid.UUID:
    """The id of the row that a demo calls by this path: the same on every machine, in every run.

    Names may be edited in the admin; an id made from the demo's own path still finds the row.
    """
    return uuid.uuid5(NAMESPACE, "/".join(path))


class Rows:
    """Creates what is missing, updates what differs, touches nothing else."""

    def __init__(self) -> None:
        self._done: Counter[str] = Counter()

    @property
    def created(self) -> int:
        """How many rows were not there."""
        return self._done["created"]

    @property
    def changed(self) -> int:
        """How many rows were there, but different."""
        return self._done["changed"]

    @property
    def deleted(self) -> int:
        """How many rows the demo does not know any more."""
        return self._done["deleted"]

    def keep(self, rows: QuerySet[ModelT], *, key: Mapping[str, Any], **values: Any) -> ModelT:
        """The one of these rows with this key, created or brought to these values; validated as in the admin.

        Raises ValidationError: the demo's definition is wrong.
        """
        row = rows.filter(**key).first()
        if row is None:
            row = rows.model(**key, **values)
            self._save(row, "created", is_new=True)
            return row
        different = {name: value for name, value in values.items() if not _holds(row, name, value)}
        for name, value in different.items():
            setattr(row, name, value)
        if different:
            self._save(row, "changed", is_new=False)
        return row

    def keep_only(self, rows: QuerySet[ModelT], kept: list[Any]) -> None:
        """Delete those of these rows whose id is not among the kept ones."""
        stale = rows.exclude(pk__in=kept)
        self._done["deleted"] += stale.count()
        stale.delete()

    def _save(self, row: Model, what: str, *, is_new: bool) -> None:
        row.full_clean()
        row.save(force_insert=is_new)
        self._done[what] += 1


def _holds(row: Model, name: str, value: Any) -> bool:
    if isinstance(value, Model):
        return bool(getattr(row, f"{name}_id") == value.pk)
    return bool(getattr(row, name) == value)
