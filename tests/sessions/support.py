"""The API as the widget calls it."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from apps.organizations.models import ApiKey, Organization


@dataclass
class Widget:
    """A page that embeds the widget of one organization."""

    api_key: ApiKey
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    @property
    def organization(self) -> Organization:
        return self.api_key.organization

    def headers(self, **more: str) -> dict[str, str]:
        return {"X-Api-Key": self.api_key.publishable_token, **more}

    def start(self, body: Any, **headers: str) -> Any:
        return self.client.post(
            "/v1/sessions",
            data=json.dumps(body),
            content_type="application/json",
            headers=self.headers(**headers),
        )

    def read(self, session_id: object, *, token: str | None = None) -> Any:
        more = {"X-Session-Token": token} if token is not None else {}
        return self.client.get(f"/v1/sessions/{session_id}", headers=self.headers(**more))

    def send(self, session_id: object, body: Any, *, content_type: str = "application/json") -> Any:
        """A batch; no API key goes with it. `body` is JSON, or the raw bytes."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(f"/v1/sessions/{session_id}/events", data=raw, content_type=content_type)
