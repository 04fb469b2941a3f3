"""Lanes in the database: an `int4multirange`, which Django has no field for."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from psycopg.types.multirange import Int4Multirange
from psycopg.types.range import Int4Range

Lanes = tuple[int, ...]


def to_multirange(lanes: Iterable[int]) -> Int4Multirange:
    """Lane numbers as the multirange that PostgreSQL stores: 0, 1, 3 → `{[0,2),[3,4)}`."""
    ranges: list[Int4Range] = []
    for lane in sorted(set(lanes)):
        if ranges and ranges[-1].upper == lane:
            ranges[-1] = Int4Range(ranges[-1].lower, lane + 1)
        else:
            ranges.append(Int4Range(lane, lane + 1))
    return Int4Multirange(ranges)


def from_multirange(value: Int4Multirange) -> Lanes:
    """The lane numbers of a stored multirange, in order."""
    return tuple(
        lane
        for part in value
        if part.lower is not None and part.upper is not None
        for lane in range(part.lower, part.upper)
    )


class LanesField(models.Field[Iterable[int], Lanes]):
    """The lanes of a resource that an event takes, as a sorted tuple of numbers from 0."""

    description = "A set of lane numbers"

    def db_type(self, connection: Any) -> str:  # noqa: ARG002  (Django's signature)
        return "int4multirange"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Lanes | None:  # noqa: ARG002
        return None if value is None else from_multirange(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else to_multirange(value)

    def to_python(self, value: Any) -> Any:
        return from_multirange(value) if isinstance(value, Int4Multirange) else value
