"""What can be wrong with a session or its events."""

from http import HTTPStatus

from apps.core.errors import DomainError


class SessionEventLimit(DomainError):
    """No visit has that many events: something sends them in a loop."""

    code = "SESSION_EVENT_LIMIT"
    status = HTTPStatus.CONFLICT
    default_detail = "This session has taken all the events that it can. Start a new one."
