"""What must hold at every moment, each as a query or a function that finds what breaks it.

Apps register their own; `manage.py verify_invariants` runs them all.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule in a few words, and what finds (subject id, detail) of everything that breaks it.

    That is SQL, or a function for what SQL cannot say.
    """

    rule: str
    meaning: str
    finds: str | Callable[[], Iterable[tuple[object, object]]]

    def broken(self) -> Iterable[tuple[object, object]]:
        """(subject id, detail) of everything that breaks it now."""
        if not isinstance(self.finds, str):
            return self.finds()
        with connection.cursor() as cursor:
            cursor.execute(self.finds)
            return list(cursor.fetchall())


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
        for subject, detail in invariant.broken():
            yield Violation(rule=invariant.rule, subject=str(subject), detail=str(detail))
