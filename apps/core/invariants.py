"""What must hold at every moment, each as a query that finds what breaks it.

Apps register their own; `manage.py verify_invariants` runs them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule in a few words, and SQL that returns (subject id, detail) for every row that breaks it."""

    rule: str
    meaning: str
    sql: str


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks one rule."""

    rule: str
    subject: str
    detail: str


_invariants: dict[str, Invariant] = {}


def register(invariant: Invariant) -> None:
    """Add a rule; called when an app is ready."""
    _invariants[invariant.rule] = invariant


def registered() -> list[Invariant]:
    """All rules, in the order of their registration."""
    return list(_invariants.values())


def find_violations() -> Iterator[Violation]:
    """Everything that breaks any rule, as one snapshot of the database sees it."""
    for invariant in registered():
        with connection.cursor() as cursor:
            cursor.execute(invariant.sql)
            for subject, detail in cursor.fetchall():
                yield Violation(rule=invariant.rule, subject=str(subject), detail=str(detail))
