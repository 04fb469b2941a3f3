"""A test's stand-in for a program of the business: signed in, on Django's own test client."""

import json
import uuid
from typing import Any

from django.test import Client

from apps.organizations.models import Membership, Organization, Role
from apps.organizations.staff_tokens import TokenPair, issue_pair
from tests.factories.organizations import MembershipFactory, OrganizationFactory


class StaffClient:
    """Somebody who works for a business and calls `/admin/v1`."""

    def __init__(
        self,
        organization: Organization | None = None,
        role: str = Role.ADMIN,
        *,
        membership: Membership | None = None,
    ) -> None:
        self.membership: Membership = membership or MembershipFactory.create(
            organization=organization or OrganizationFactory.create(), role=role
        )
        self.organization = self.membership.organization
        self.tokens: TokenPair = issue_pair(self.membership)
        self.access = self.tokens.access
        self.client = Client(raise_request_exception=False)

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = "", **headers: str) -> Any:
        """Any method. A mutation gets a new key; `key` names one to repeat, None sends none."""
        sent = {"Authorization": f"Bearer {self.access}"} if self.access else {}
        if key is not None and method != "GET":
            sent["Idempotency-Key"] = key or str(uuid.uuid4())
        data = (
            body if isinstance(body, bytes | str) else json.dumps({} if body is None else body, default=str)
        )
        return self.client.generic(
            method,
            f"/admin/v1/{path}",
            "" if method == "GET" else data,
            content_type="application/json",
            headers={**sent, **headers},
        )

    def get(self, path: str, params: dict[str, Any] | None = None) -> Any:
        """A read."""
        return self.client.get(
            f"/admin/v1/{path}", params, headers={"Authorization": f"Bearer {self.access}"}
        )

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """Something new."""
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Any:
        """A change."""
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> Any:
        """An end."""
        return self.call("DELETE", path, **options)
