"""What a unit of work has to say to the database, sent together: as late as possible, in its order.

A question waits, like a row that is to be written, until somebody wants an answer, or until any other
statement comes. Then all that waits goes in one round trip. A command that knows what will be asked later on
foresees it: it is sent with the rest, and whoever asks finds the answer there. What a savepoint takes back
is forgotten.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from django.db import connection

from apps.core import wire
from apps.core.wire import Answer, Statement

T = TypeVar("T")


class Waiting(Protocol):
    """Something that waits to be sent."""

    def statement(self) -> Statement:
        """As it is now: it may have changed since it began to wait."""

    def note(self, answer: Answer) -> None:
        """What came back."""


@dataclass(slots=True)
class _Said:
    """What one unit of work has to say, and the answers that wait for their questions."""

    waiting: list[Waiting] = field(default_factory=list)
    foreseen: dict[Hashable, "Asked[Any]"] = field(default_factory=dict)


_said: ContextVar[_Said | None] = ContextVar("said_in_this_unit_of_work", default=None)


class Asked(Generic[T]):
    """A question, whose answer may still have to be fetched."""

    def __init__(self, text: str, values: Sequence[Any], read: Callable[[Answer], T]) -> None:
        self._text, self._values, self._read = text, values, read
        self._found: Answer | None = None

    def statement(self) -> Statement:
        """Nothing about it changes."""
        return self._text, self._values

    def note(self, answer: Answer) -> None:
        """Keep it for whoever asks."""
        self._found = answer

    def waits(self) -> bool:
        """Whether it has yet to be sent."""
        return any(one is self for one in waiting() or ())

    def answer(self) -> T:
        """The answer; sends what waits, if it has not come yet."""
        if self._found is None:
            flush()
        if self._found is None:
            raise RuntimeError("A savepoint has taken this question back.")
        return self._read(self._found)


class Known(Asked[T]):
    """A question that needs no asking."""

    def __init__(self, value: T) -> None:
        self._value = value

    def answer(self) -> T:
        """At once."""
        return self._value


def ask(text: str, values: Sequence[Any], read: Callable[[Answer], T]) -> Asked[T]:
    """Ask ahead; `read` makes the answer of the rows. Outside of a unit of work it is asked at once."""
    asked = Asked(text, values, read)
    wait(asked)
    return asked


def ask_row(text: str, values: Sequence[Any]) -> Asked[tuple[Any, ...]]:
    """Ask ahead for what is one row."""
    return ask(text, values, lambda answer: answer.rows[0])


def wait(one: Waiting) -> None:
    """Let this wait for the end of the unit of work; where there is none, send it."""
    said = _said.get()
    if said is None:
        one.note(wire.run([one.statement()])[0])
    else:
        said.waiting.append(one)


def waiting() -> list[Waiting] | None:
    """What waits; None outside of a unit of work."""
    said = _said.get()
    return None if said is None else said.waiting


def foresee(key: Hashable, question: Callable[[], Asked[Any]]) -> None:
    """Ask already now what will be asked by this key; nothing outside of a unit of work.

    The answer is as old as the statement that it comes with: foresee nothing that must be seen later.
    """
    said = _said.get()
    if said is not None:
        said.foreseen[key] = question()


def foreseen(key: Hashable) -> Asked[Any] | None:
    """What has been asked ahead by this key, once."""
    said = _said.get()
    return None if said is None else said.foreseen.pop(key, None)


def flush(*, commits: bool = False) -> None:
    """Send what waits, and the COMMIT with it if that comes next anyway."""
    said = _said.get()
    if said is None or not said.waiting:
        return
    sent = [*said.waiting]
    said.waiting.clear()
    for one, answer in zip(sent, wire.run([one.statement() for one in sent], commits=commits), strict=True):
        one.note(answer)


@contextmanager
def collected() -> Iterator[None]:
    """Collect what is said inside, and send it at the end; forget it if an exception ends it."""
    token = _said.set(_Said())
    try:
        with connection.execute_wrapper(_send_first):
            yield
            flush(commits=_ends_here())
    finally:
        _said.reset(token)


def _ends_here() -> bool:
    """Whether the transaction ends with this unit of work: not where a test, or a savepoint, is around it."""
    return connection.in_atomic_block and not connection.savepoint_ids and not connection.needs_rollback


def _send_first(execute: Callable[..., Any], text: Any, values: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
    """Django's hook around every statement of its cursors."""
    said = _said.get()
    if said is not None:
        if str(text).startswith("ROLLBACK TO SAVEPOINT"):
            said.waiting.clear()  # whatever came before the savepoint was sent when it began
            said.foreseen.clear()
        elif not str(text).startswith("RELEASE SAVEPOINT"):
            flush()
    return execute(text, values, many, context)
