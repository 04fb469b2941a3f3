"""The WebSocket addresses of all apps, and the socket by which a balancer sees that this process lives."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import URLRouter
from django.urls import path


class HealthConsumer(AsyncJsonWebsocketConsumer):
    """Answers any frame with the process's health, then stays open."""

    async def connect(self) -> None:
        """Accept, and say at once that the process serves sockets."""
        await self.accept()
        await self.send_json({"status": "ok"})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:  # noqa: ARG002  (channels' signature)
        """Answer every frame, so that a probe can measure the round trip."""
        await self.send_json({"status": "ok"})


websocket_router = URLRouter(
    [path("ws/healthz", HealthConsumer.as_asgi())]  # type: ignore[list-item, arg-type]  # sockets, not views
)
