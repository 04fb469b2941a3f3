"""The edge of every WebSocket: its frames' logs, audit entries and outbox rows carry one id."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from apps.core.context import request_id_scope
from apps.core.middleware import request_id_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]


class RequestIdSocket:
    """Takes the handshake's `X-Request-Id` or makes one, keeps it while the socket lives, and returns it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        given = dict(scope.get("headers") or []).get(b"x-request-id", b"")
        request_id = request_id_of(given.decode("latin-1"))

        async def send_with_id(message: Message) -> None:
            if message["type"] == "websocket.accept":
                headers = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        with request_id_scope(request_id):
            await self.application(scope, receive, send_with_id)
