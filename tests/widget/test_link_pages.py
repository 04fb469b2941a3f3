import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

PAGES = ["/manage/mb_secret", "/offers/wo_secret"]
BUILT = "0123456789ab/js/scheduler-pages.ABCDEFGH.js"


@pytest.fixture
def built(settings: LazySettings, tmp_path: Path) -> None:
    settings.WIDGET_ROOT = tmp_path
    (tmp_path / "version-manifest.json").write_text(json.dumps({"pages": BUILT}))


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", PAGES)
class TestPageBehindALink:
    def test_is_a_shell_that_loads_one_script_of_ours(self, path: str) -> None:
        page = Client().get(path).content.decode()

        assert f'<script type="module" src="/static/widget/{BUILT}"></script>' in page
        assert page.count("<script") == 1
        assert "<style" not in page

    def test_tells_nobody_its_address(self, path: str) -> None:
        response = Client().get(path)

        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "no-store"
        assert response["X-Robots-Tag"] == "noindex"
        assert "secret" not in response.content.decode()
        assert "unsafe" not in response["Content-Security-Policy"]

    def test_can_only_be_read(self, path: str) -> None:
        assert Client().post(path).status_code == 405


def test_before_a_build_it_says_what_to_do(settings: LazySettings, tmp_path: Path) -> None:
    settings.WIDGET_ROOT = tmp_path

    response = Client().get(PAGES[0])

    assert response.status_code == 503
    assert "make widget" in response.content.decode()
