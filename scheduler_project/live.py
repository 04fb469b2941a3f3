"""The WebSocket addresses of all apps, and the socket by which a balancer sees that this process lives."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.urls import URLPattern, path


class HealthConsumer(AsyncJsonWebsocketConsumer):
    """Answers any frame with the channel layer's health, then stays open."""

    async def connect(self) -> None:
        """Accept, and say at once that the process serves sockets."""
        await self.accept()
        await self.send_json({"status": "ok"})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:  # noqa: ARG002  (channels' signature)
        """Answer every frame, so that a probe can measure the round trip."""
        await self.send_json({"status": "ok"})


websocket_urlpatterns: list[URLPattern] = [
    path("ws/healthz", HealthConsumer.as_asgi()),
]
