"""The frame's page: for those who may see drafts, inside our own pages only, with nothing inline."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from apps.organizations.models import Role
from tests.factories.backoffice import Business, whole_business

pytestmark = pytest.mark.django_db
URL = "/admin/preview/frame/"


@pytest.fixture
def acme() -> Business:
    return whole_business()


@pytest.fixture
def built(settings: LazySettings, tmp_path: Path) -> None:
    settings.WIDGET_ROOT = tmp_path
    manifest = {"version": "abc", "preview": "abc/js/scheduler-preview.12345678.js"}
    (tmp_path / "version-manifest.json").write_text(json.dumps(manifest))


@pytest.mark.usefixtures("built")
class TestFrame:
    def test_brings_the_preview_and_nothing_inline(self, acme: Business) -> None:
        answer = acme.client().get(URL)

        page = answer.content.decode()
        assert 'src="/static/widget/abc/js/scheduler-preview.12345678.js"' in page
        assert "<style" not in page
        assert "style=" not in page
        assert answer["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in answer["Content-Security-Policy"]

    def test_stands_only_inside_our_own_pages(self, acme: Business) -> None:
        answer = acme.client().get(URL)

        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]

    @pytest.mark.parametrize("role", [Role.SCHEDULER, Role.FRONTDESK])
    def test_is_not_for_those_who_do_not_write_flows(self, acme: Business, role: str) -> None:
        assert acme.client(role).get(URL).status_code == 403

    def test_asks_strangers_to_sign_in(self) -> None:
        answer = Client().get(URL)

        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_says_so_where_the_widget_was_not_built(
    acme: Business, settings: LazySettings, tmp_path: Path
) -> None:
    settings.WIDGET_ROOT = tmp_path

    answer = acme.client().get(URL)

    assert answer.status_code == 503
    assert "make widget" in answer.content.decode()
