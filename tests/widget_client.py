"""A test's stand-in for the widget: the headers that every call carries, on Django's own test client."""

import uuid
from typing import Any

from django.test import Client

from apps.core.ids import new_id
from apps.core.tokens import SessionClaims, issue_session_token
from apps.organizations.models import ApiKey, Organization
from tests.factories.organizations import ApiKeyFactory

ORIGIN = "https://www.example.com"


class WidgetClient:
    """One visitor of one business's site."""

    def __init__(self, organization: Organization, *, api_key: ApiKey | None = None) -> None:
        self.organization = organization
        self.api_key = api_key or ApiKeyFactory(organization=organization)
        self.session_id = new_id()
        self.token = issue_session_token(SessionClaims(self.session_id, organization.id))
        self.client = Client(raise_request_exception=False)

    def headers(self, **extra: str) -> dict[str, str]:
        """What the widget sends with everything."""
        return {
            "X-Api-Key": self.api_key.publishable_token,
            "X-Session-Token": self.token,
            "Origin": ORIGIN,
            **extra,
        }

    def get(self, path: str, params: dict[str, Any] | None = None, **headers: str) -> Any:
        """A read."""
        return self.client.get(path, params, headers=self.headers(**headers))

    def post(self, path: str, body: Any = None, *, key: str | None = "", **headers: str) -> Any:
        """A mutation with a new key; `key` names one to repeat, None sends none."""
        extra = {} if key is None else {"Idempotency-Key": key or str(uuid.uuid4())}
        data = body if isinstance(body, bytes | str) else body if body is not None else {}
        return self.client.post(
            path, data, content_type="application/json", headers=self.headers(**extra, **headers)
        )


def problem(response: Any) -> tuple[int, str]:
    """An error answer's status and code, after a look at its shape."""
    assert response["Content-Type"] == "application/problem+json", response.content
    body = response.json()
    assert body["status"] == response.status_code
    assert body["request_id"] == response["X-Request-Id"]
    assert body["detail"]
    return response.status_code, body["code"]
