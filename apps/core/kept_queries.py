"""Queries that are built once: a queryset's SQL is kept and prepared, and only its values change.

To build a queryset and to plan it costs several times what it costs to run it. What comes back are the same
instances as ever. Rows that wait to be written are sent first, as before any other statement.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from apps.core.asking import Asked, Known, ask, foresee, foreseen

M = TypeVar("M", bound=Model)
Value = UUID | datetime | bytes | Sequence[UUID]

# The stubs are of a later Django.
_populators: Callable[..., Any] = get_related_populators
FAR = datetime(4000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Built:
    """SQL, where each of its parameters comes from, and how its rows become instances."""

    text: str
    parameters: Sequence[Callable[[Sequence[Any]], Any]]
    compiler: Any
    converters: Any
    populators: Sequence[Any]


class KeptQuery(Generic[M]):
    """`build` makes the queryset of its values: ids, moments, and sequences of ids.

    It is called once for each length of the sequences, so nothing else may decide how the queryset looks.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._built: dict[tuple[int, ...], _Built] = {}

    def __call__(self, *values: Value) -> list[M]:
        """The instances, in the queryset's order."""
        asked: Asked[list[M]] | None = foreseen(self._key(values))
        return (asked or self.ask(*values)).answer()

    def foresee(self, *values: Value) -> None:
        """Send it with whatever is sent next: the next call with these values finds its answer there."""
        foresee(self._key(values), lambda: self.ask(*values))

    def _key(self, values: Sequence[Value]) -> Hashable:
        return self, *(tuple(value) if isinstance(value, list) else value for value in values)

    def ask(self, *values: Value) -> Asked[list[M]]:
        """Ask ahead: the instances come with whatever is sent next (`core/asking.py`)."""
        flat = [part for value in values for part in (value if isinstance(value, list) else [value])]
        shape = tuple(len(value) if isinstance(value, list) else -1 for value in values)
        if 0 in shape:
            return Known([])
        built = self._built.get(shape)
        if built is None:
            connection.ensure_connection()
            built = self._built[shape] = self._compile(values)
        return ask(
            built.text,
            [take(flat) for take in built.parameters],
            lambda answer: list(_instances(built, answer.rows)),
        )

    def _compile(self, values: Sequence[Value]) -> _Built:
        """Build it with values that occur nowhere else, to see where each of them goes."""
        marks = [_mark(value, place) for place, value in enumerate(values)]
        flat = [part for mark in marks for part in (mark if isinstance(mark, list) else [mark])]
        compiler = self._build(*marks).query.get_compiler(connection=connection)
        text, parameters = compiler.as_sql()
        parameters = [getattr(parameter, "obj", parameter) for parameter in parameters]  # psycopg's Binary
        if not all(mark in parameters for mark in flat):
            raise ValueError("One of the values has no place of its own in the query.")
        return _Built(
            text=text,
            parameters=[_source(parameter, flat) for parameter in parameters],
            compiler=compiler,
            converters=compiler.get_converters([column[0] for column in compiler.select]),
            populators=_populators(compiler.klass_info, compiler.select, connection.alias),
        )


def _mark(value: Value, place: int) -> Value:
    """A value of the same kind that occurs nowhere else."""
    if isinstance(value, list):
        return [uuid4() for _ in value]
    if isinstance(value, datetime):
        return FAR + timedelta(days=place)
    return uuid4().bytes * 2 if isinstance(value, bytes) else uuid4()


def _source(parameter: Any, marks: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
    """Where a parameter comes from: one of the values, or always the same."""
    if parameter in marks:
        place = marks.index(parameter)
        return lambda values: values[place]
    return lambda _values: parameter


def _instances(built: _Built, rows: list[tuple[Any, ...]]) -> Iterable[Any]:
    """As Django's ModelIterable makes them."""
    compiler = built.compiler
    first, last = compiler.klass_info["select_fields"][0], compiler.klass_info["select_fields"][-1] + 1
    model = compiler.klass_info["model"]
    names = [column[0].target.attname for column in compiler.select[first:last]]
    for row in compiler.apply_converters(rows, built.converters) if built.converters else rows:
        instance = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last])
        for populator in built.populators:
            populator.populate(row, instance)
        yield instance
