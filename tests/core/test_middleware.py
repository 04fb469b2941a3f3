"""Every request has an id, and every answer names it."""

from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import RedisError

pytestmark = pytest.mark.django_db


class TestRequestId:
    @pytest.mark.parametrize(
        "given", ["abcdefgh", "a" * 64, "7f9c1a2e-0b7d-4f57-9a39-0c9a0f4b1c11", "req_1.2-3"]
    )
    def test_a_well_formed_one_is_taken(self, client: Client, given: str) -> None:
        assert client.get("/healthz", headers={"X-Request-Id": given})["X-Request-Id"] == given

    @pytest.mark.parametrize("given", ["", "short", "a" * 65, "has space", "abc<script>", "abcdefgh\u00e9"])
    def test_anything_else_is_replaced(self, client: Client, given: str) -> None:
        returned = client.get("/healthz", headers={"X-Request-Id": given})["X-Request-Id"]

        assert returned != given
        assert UUID(returned).version == 7

    def test_each_request_gets_its_own(self, client: Client) -> None:
        assert client.get("/healthz")["X-Request-Id"] != client.get("/healthz")["X-Request-Id"]

    def test_a_refusal_names_it_too(self, client: Client) -> None:
        response = client.get("/v1/slots", headers={"X-Request-Id": "abcdefgh"})

        assert response.status_code == 401
        assert response.json()["request_id"] == response["X-Request-Id"] == "abcdefgh"


class TestHealth:
    def test_alive(self, client: Client) -> None:
        assert client.get("/healthz").json() == {"status": "ok"}

    def test_ready(self, client: Client) -> None:
        assert client.get("/readyz").json() == {"status": "ok", "checks": {"database": True, "redis": True}}

    def test_still_ready_without_redis(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(_key: str) -> None:
            raise RedisError

        monkeypatch.setattr(cache, "get", away)
        response = client.get("/readyz")

        assert response.status_code == 200
        assert response.json()["checks"] == {"database": True, "redis": False}
