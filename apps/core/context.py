"""What runs alongside a call without being passed: the request's id."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request that caused what is happening now; empty outside one."""
    return _request_id.get()


@contextmanager
def request_id_scope(request_id: str) -> Iterator[None]:
    """Everything inside is caused by this request: logs, audit entries and outbox rows carry its id."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)
