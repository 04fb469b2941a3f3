"""The first page that loads the widget with a key is noted, once."""

from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.organizations.commands import note_first_load as module
from apps.organizations.models import ApiKey, ApiKeyKind
from tests.factories.organizations import ApiKeyFactory

pytestmark = pytest.mark.django_db
SITE = "https://www.example.com"


def new_key(**fields: Any) -> ApiKey:
    key: ApiKey = ApiKeyFactory.create(first_seen_at=None, first_seen_origin="", **fields)
    return key


def load(key: ApiKey, origin: str | None = SITE, token: str = "") -> Any:
    headers = {"X-Api-Key": token or key.publishable_token} | ({"Origin": origin} if origin else {})
    return Client().get("/v1/booking-flow-routers/button-triggers", headers=headers)


class TestFirstLoad:
    def test_is_noted_with_its_time_and_site(self) -> None:
        key = new_key()

        load(key)

        key.refresh_from_db()
        assert key.first_seen_at is not None
        assert key.first_seen_origin == SITE
        assert AuditEntry.objects.get(action="organizations.api_key.first_seen").new["origin"] == SITE

    def test_later_ones_write_nothing(self) -> None:
        key = new_key(allowed_origins=[SITE, "https://other.example.com"])
        load(key)

        with CaptureQueriesContext(connection) as captured:
            load(key, "https://other.example.com")

        key.refresh_from_db()
        assert key.first_seen_origin == SITE
        assert [query for query in captured if "UPDATE" in query["sql"]] == []

    def test_of_a_site_that_is_not_on_the_list_is_none(self) -> None:
        key = new_key()

        assert load(key, "https://stranger.example").status_code == 403

        key.refresh_from_db()
        assert key.first_seen_at is None

    def test_of_a_server_is_none(self) -> None:
        key = ApiKey(organization=new_key().organization, name="Server", kind=ApiKeyKind.SECRET)
        token = key.set_new_token()
        key.save()

        load(key, origin=None, token=token)

        key.refresh_from_db()
        assert key.first_seen_at is None

    def test_that_cannot_be_noted_answers_the_visitor_all_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(**_values: Any) -> None:
            raise DatabaseError("read only")

        monkeypatch.setattr(module, "_note", away)

        assert load(new_key()).status_code == 200
