"""What runs alongside a call without being passed: the request's id, and what of it no log may say."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

# A page that lists more customers than this is not logged line by line.
MOST_PRIVATE_TEXTS = 500

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_private: ContextVar["deque[str] | None"] = ContextVar("private_texts", default=None)


def current_request_id() -> str:
    """The id of the request that caused what is happening now; empty outside one."""
    return _request_id.get()


def outgoing_headers() -> dict[str, str]:
    """What every call to a vendor or a webhook carries, so that their logs can be matched with ours."""
    request_id = current_request_id()
    return {"X-Request-Id": request_id} if request_id else {}


@contextmanager
def request_id_scope(request_id: str) -> Iterator[None]:
    """Everything inside is caused by this request: logs, audit entries and outbox rows carry its id."""
    token = _request_id.set(request_id)
    private = _private.set(None)
    try:
        yield
    finally:
        _private.reset(private)
        _request_id.reset(token)


def note_private(text: str) -> None:
    """Keep this text out of whatever is logged until the request ends."""
    known = _private.get()
    if known is None:
        known = deque(maxlen=MOST_PRIVATE_TEXTS)
        _private.set(known)
    known.append(text)


def private_texts() -> Sequence[str]:
    """What was noted so far."""
    return tuple(_private.get() or ())
