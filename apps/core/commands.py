"""The frame of every mutation: one durable transaction, a few retries on deadlock, typed errors.

A command is lock → decide → write → audit → publish. It never calls another command; what two commands
share lives in a function below them.
"""

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors as pg_errors

from apps.core.constraints import domain_error_of

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

DEADLOCK_RETRIES = 2

# The name of the running command; None outside a unit of work, "" in one whose command has not begun.
_running: ContextVar[str | None] = ContextVar("running_command", default=None)


class NestedCommand(RuntimeError):
    """A command called a command: share a function below them instead."""


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One durable transaction that one command may join: how idempotency commits with the effect."""
    token = _running.set("")
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        _running.reset(token)


def is_deadlock(error: BaseException) -> bool:
    """Whether PostgreSQL broke a deadlock by ending this transaction (40P01)."""
    return isinstance(error.__cause__, pg_errors.DeadlockDetected)


def retry_on_deadlock(run: Callable[[], R], *, name: str) -> R:
    """Run a whole transaction, again if it was a deadlock's victim; each retry is logged and counted."""
    for attempt in range(DEADLOCK_RETRIES + 1):
        try:
            return run()
        except OperationalError as error:
            if not is_deadlock(error) or attempt == DEADLOCK_RETRIES:
                raise
            logger.warning("deadlock: %s is run again (%d)", name, attempt + 1)
    raise AssertionError("unreachable: the last attempt returns or raises")


def command(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a command. `name` is `app.verb` and stands in logs and the audit's metadata."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            running = _running.get()
            if running:
                raise NestedCommand(f"{name} was called inside {running}.")
            if running == "":
                return _execute(function, name, *args, **kwargs)

            def whole() -> R:
                with unit_of_work():
                    return _execute(function, name, *args, **kwargs)

            return retry_on_deadlock(whole, name=name)

        return run

    return decorate


def _execute(function: Callable[P, R], name: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
    token = _running.set(name)
    try:
        return function(*args, **kwargs)
    except IntegrityError as error:
        translated = domain_error_of(error)
        if translated is None:
            raise
        raise translated from error
    finally:
        _running.reset(token)
