"""The conversations: which answer leads where. Pure; keys as in the business's own questions and services."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ask:
    """A question and the ways out of it, in the order in which they are shown."""

    question: str
    ways: tuple["Way", ...]


@dataclass(frozen=True)
class Book:
    """A service; there may be a question left to ask after it."""

    service: str
    then: Ask | None = None


@dataclass(frozen=True)
class Way:
    """One or more answers that lead to the same place; to none where the answer is the last."""

    answers: tuple[str, ...]
    then: Ask | Book | None = None
