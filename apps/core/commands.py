"""The frame of every mutation: one durable transaction, a few retries on deadlock, typed errors.

A command is lock → decide → write → audit → publish. It never calls another command, and a unit of work has
one; what two commands share lives in a function below them.
"""

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors as pg_errors

from apps.core import asking
from apps.core.constraints import domain_error_of
from apps.core.measures import DEADLOCKS

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

DEADLOCK_RETRIES = 2


@dataclass(slots=True)
class _Unit:
    """A unit of work: the one command that has joined it, and what runs in it at the moment."""

    command: str | None = None
    running: str | None = None


_unit: ContextVar[_Unit | None] = ContextVar("unit_of_work", default=None)


class NestedCommand(RuntimeError):
    """A second command in one unit of work, mostly inside the first: share a function below them instead."""


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One durable transaction that one command may join: how idempotency commits with the effect."""
    token = _unit.set(_Unit())
    try:
        with transaction.atomic(durable=True), _translated(), asking.collected():
            yield
    finally:
        _unit.reset(token)


def in_unit_of_work() -> bool:
    """Whether what runs here commits only with a transaction that somebody else has opened."""
    return _unit.get() is not None


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
            DEADLOCKS.count(name)
            logger.warning("deadlock: %s is run again (%d)", name, attempt + 1)
    raise AssertionError("unreachable: the last attempt returns or raises")


def command(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a command. `name` is `app.verb` and stands in logs and the audit's metadata."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            unit = _unit.get()
            if unit is None:
                return _in_its_own_unit(run, name, *args, **kwargs)
            other = unit.command or unit.running
            if other is not None:
                raise NestedCommand(f"{name} was called in the unit of work of {other}.")
            unit.command = name
            return _execute(unit, function, name, *args, **kwargs)

        return run

    return decorate


def follow_up(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a transaction that lets stored rows follow what they are computed from.

    It is idempotent, and has no actor, audit entry or event of its own. So in a unit of work any number may
    come, also after its command, but never inside of one.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            unit = _unit.get()
            if unit is None:
                return _in_its_own_unit(run, name, *args, **kwargs)
            if unit.running is not None:
                raise NestedCommand(f"{name} was called inside {unit.running}.")
            return _execute(unit, function, name, *args, **kwargs)

        return run

    return decorate


def _in_its_own_unit(run: Callable[P, R], name: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
    def whole() -> R:
        with unit_of_work():
            return run(*args, **kwargs)

    return retry_on_deadlock(whole, name=name)


def _execute(unit: _Unit, function: Callable[P, R], name: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
    unit.running = name
    try:
        with _translated():
            return function(*args, **kwargs)
    finally:
        unit.running = None


@contextmanager
def _translated() -> Iterator[None]:
    """What a constraint refuses is said in the domain's words, where it has any."""
    try:
        yield
    except IntegrityError as error:
        translated = domain_error_of(error)
        if translated is None:
            raise
        raise translated from error
