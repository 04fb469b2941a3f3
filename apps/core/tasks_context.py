"""Tasks belong to the request that asked for them: its id travels in their headers.

Connected to Celery's signals by scheduler_project/celery.py.
"""

from contextlib import AbstractContextManager
from typing import Any

from apps.core.context import current_request_id, request_id_scope
from apps.core.middleware import request_id_of

HEADER = "x_request_id"
_scopes: dict[str, AbstractContextManager[None]] = {}


def send_request_id(headers: "dict[str, Any] | None" = None, **_: Any) -> None:
    """`before_task_publish`: say which request the task comes from, unless its sender has said so."""
    if headers is not None and current_request_id():
        headers.setdefault(HEADER, current_request_id())


def begin_scope(task_id: str = "", task: Any = None, **_: Any) -> None:
    """`task_prerun`: a task that no request asked for (beat's) is its own cause."""
    scope = request_id_scope(request_id_of(str(_header(task) or task_id)))
    scope.__enter__()
    _scopes[task_id] = scope


def end_scope(task_id: str = "", **_: Any) -> None:
    """`task_postrun`, which follows each prerun, whatever became of the task."""
    scope = _scopes.pop(task_id, None)
    if scope is not None:
        scope.__exit__(None, None, None)


def _header(task: Any) -> Any:
    request = getattr(task, "request", None)
    given = getattr(request, HEADER, None)
    return given or (getattr(request, "headers", None) or {}).get(HEADER)
