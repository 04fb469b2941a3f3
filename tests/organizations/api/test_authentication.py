"""The key names the business; the page's origin decides whether a publishable key counts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from apps.core.ids import new_id
from apps.core.tokens import SessionClaims, issue_session_token
from apps.organizations.models import ApiKey, ApiKeyKind
from tests.factories.availability import LocationFactory, SlotFactory
from tests.factories.organizations import ApiKeyFactory, OrganizationFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

DAY = "2030-01-15"


def ask(token: str, *, location_id: Any = None, **headers: str) -> Any:
    """A read with nothing but a key."""
    return Client().get(
        "/v1/slots",
        {"location_id": str(location_id or new_id()), "date": DAY},
        headers={"X-Api-Key": token, **headers},
    )


def secret_key(**parts: Any) -> tuple[ApiKey, str]:
    key = ApiKey(name="Server", kind=ApiKeyKind.SECRET, **parts)
    token = key.set_new_token()
    key.save()
    return key, token


class TestKey:
    def test_a_live_one_opens_its_own_business(self) -> None:
        key = ApiKeyFactory()
        location = LocationFactory(organization=key.organization)

        assert ask(key.publishable_token, location_id=location.id).status_code == 200

    def test_no_other_business(self) -> None:
        assert problem(ask(ApiKeyFactory().publishable_token, location_id=LocationFactory().id)) == (
            404,
            "NOT_FOUND",
        )

    @pytest.mark.parametrize("token", ["", "pk_", "pk_unknown", "x" * 10_000, "\u00e9\u00e9"])
    def test_an_unknown_one_opens_nothing(self, token: str) -> None:
        ApiKeyFactory()

        assert problem(ask(token)) == (401, "INVALID_API_KEY")

    def test_none_at_all_opens_nothing(self) -> None:
        assert problem(Client().get("/v1/slots")) == (401, "INVALID_API_KEY")

    def test_a_revoked_one_opens_nothing(self) -> None:
        key = ApiKeyFactory(revoked_at=datetime(2029, 1, 1, tzinfo=UTC))

        assert problem(ask(key.publishable_token)) == (401, "INVALID_API_KEY")

    def test_that_of_a_closed_business_opens_nothing(self) -> None:
        key = ApiKeyFactory(organization=OrganizationFactory(active=False))

        assert problem(ask(key.publishable_token)) == (401, "INVALID_API_KEY")

    def test_its_digest_is_not_the_key(self) -> None:
        key = ApiKeyFactory()

        assert problem(ask(bytes(key.digest).hex())) == (401, "INVALID_API_KEY")


class TestOrigin:
    @pytest.fixture
    def key(self) -> ApiKey:
        return ApiKeyFactory(allowed_origins=["https://www.example.com", "http://localhost:8000"])

    @pytest.mark.parametrize("origin", ["https://www.example.com", "http://localhost:8000"])
    def test_a_page_on_the_list_may_call(self, key: ApiKey, origin: str) -> None:
        response = ask(key.publishable_token, Origin=origin)

        assert problem(response) == (404, "NOT_FOUND")
        assert response["Access-Control-Allow-Origin"] in {"*", origin}

    @pytest.mark.parametrize(
        "origin",
        [
            "https://example.com",
            "http://www.example.com",
            "https://www.example.com:8443",
            "https://www.example.com.evil.test",
            "https://evil.test",
            "null",
            "",
        ],
    )
    def test_another_page_may_not(self, key: ApiKey, origin: str) -> None:
        assert problem(ask(key.publishable_token, Origin=origin)) == (403, "ORIGIN_NOT_ALLOWED")

    def test_a_page_can_read_why(self, key: ApiKey) -> None:
        response = ask(key.publishable_token, Origin="https://evil.test")

        assert response["Access-Control-Allow-Origin"] == "*"

    def test_a_key_without_a_list_serves_no_page(self) -> None:
        key = ApiKeyFactory(allowed_origins=[])

        assert problem(ask(key.publishable_token, Origin="https://www.example.com"))[0] == 403

    def test_a_call_that_names_no_origin_is_no_foreign_page(self, key: ApiKey) -> None:
        assert problem(ask(key.publishable_token)) == (404, "NOT_FOUND")

    def test_a_server_with_a_secret_key_may_name_any(self) -> None:
        _, token = secret_key(organization=OrganizationFactory())

        assert problem(ask(token, Origin="https://evil.test")) == (404, "NOT_FOUND")


class TestSession:
    def place(self, widget: WidgetClient, token: str) -> Any:
        widget.token = token
        return widget.post("/v1/holds", {"slot_id": str(new_id())})

    @pytest.fixture
    def widget(self) -> WidgetClient:
        return WidgetClient(SlotFactory().organization)

    @pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
    def test_without_one_nothing_is_changed(self, widget: WidgetClient, token: str) -> None:
        assert problem(self.place(widget, token)) == (401, "SESSION_EXPIRED")

    def test_that_of_another_business_does_not_count(self, widget: WidgetClient) -> None:
        foreign = issue_session_token(SessionClaims(new_id(), OrganizationFactory().id))

        assert problem(self.place(widget, foreign)) == (401, "SESSION_EXPIRED")

    def test_its_own_does(self, widget: WidgetClient) -> None:
        assert problem(self.place(widget, widget.token)) == (404, "NOT_FOUND")


class TestPreflight:
    def test_browsers_may_send_our_headers_from_anywhere(self) -> None:
        response = Client().options(
            "/v1/holds",
            headers={
                "Origin": "https://anywhere.test",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "x-api-key,x-session-token,idempotency-key,content-type",
            },
        )

        assert response.status_code == 200
        allowed = response["Access-Control-Allow-Headers"]
        assert all(name in allowed for name in ("x-api-key", "x-session-token", "idempotency-key"))
