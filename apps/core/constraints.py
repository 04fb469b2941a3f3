"""From a violated constraint's name to the error that it means to a caller."""

from django.db import IntegrityError
from psycopg import Error as PsycopgError

from apps.core.errors import DomainError

_meanings: dict[str, type[DomainError]] = {}


def constraint_means(name: str, error: type[DomainError]) -> None:
    """Say what a violation of this constraint means. Called where the error is defined."""
    _meanings[name] = error


def violated_constraint(error: IntegrityError) -> str | None:
    """The constraint's name as PostgreSQL reports it."""
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, PsycopgError) else None


def domain_error_of(error: IntegrityError) -> DomainError | None:
    """The domain error of a violation, or None if no caller can be blamed for it."""
    meaning = _meanings.get(violated_constraint(error) or "")
    return meaning() if meaning else None
