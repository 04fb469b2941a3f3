"""The widget's files: at the site's root, below /static/, and before anything was built."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

BUILD = "0123456789ab"
CORE = f"{BUILD}/js/scheduler-core.ABCD2345.js"
NEVER_KEPT = "no-cache, no-store, must-revalidate"


@pytest.fixture
def build(tmp_path: Path, settings: LazySettings) -> Path:
    """A build with a loader, a manifest and one hashed file."""
    root = tmp_path / "static" / "widget"
    (root / BUILD / "js").mkdir(parents=True)
    (root / "scheduler.js").write_text("start()")
    (root / "version-manifest.json").write_text(json.dumps({"core": CORE}))
    (root / "build-info.json").write_text("{}")
    (root / CORE).write_text("export const mount = 1")
    settings.WIDGET_ROOT = root
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    return root


@pytest.fixture
def nothing_built(tmp_path: Path, settings: LazySettings) -> None:
    settings.WIDGET_ROOT = tmp_path / "widget"


@pytest.mark.usefixtures("build")
class TestAtTheRoot:
    @pytest.mark.parametrize(
        ("name", "content_type"),
        [
            ("scheduler.js", "text/javascript"),
            ("version-manifest.json", "application/json"),
            ("build-info.json", "application/json"),
        ],
    )
    def test_serves_the_entry_files_afresh_to_any_origin(self, name: str, content_type: str) -> None:
        response = Client().get(f"/{name}", headers={"Origin": "https://anybody.example"})

        assert response.status_code == 200
        assert response["Content-Type"].startswith(content_type)
        assert response["Cache-Control"] == NEVER_KEPT
        assert response["Access-Control-Allow-Origin"] == "*"

    def test_takes_the_query_that_the_loader_adds(self) -> None:
        response = Client().get("/version-manifest.json?_=1790000000000")

        assert response.json() == {"core": CORE}

    def test_serves_what_the_manifest_leads_to_for_good(self) -> None:
        response = Client().get(f"/{CORE}?v=2026-11-20T18:15:08.123Z")

        assert response.content == b"export const mount = 1"
        assert response["Content-Type"].startswith("text/javascript")
        assert "immutable" in response["Cache-Control"]
        assert response["Access-Control-Allow-Origin"] == "*"

    def test_says_that_a_file_of_an_older_build_is_gone(self) -> None:
        response = Client().get("/ffffffffffff/js/scheduler-core.ABCD2345.js")

        assert response.status_code == 404
        assert response["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        "path", [f"/{BUILD}/js/../../scheduler.js", f"/{BUILD}/js/core.js", "/x/js/a.js"]
    )
    def test_serves_nothing_but_the_build(self, path: str) -> None:
        assert Client().get(path).status_code == 404

    def test_answers_only_reads(self) -> None:
        assert Client().post("/scheduler.js").status_code == 405


@pytest.mark.usefixtures("build")
class TestBelowStatic:
    def test_serves_the_hashed_files_for_good_to_any_origin(self) -> None:
        response = Client().get(f"/static/widget/{CORE}")

        assert response.status_code == 200
        assert "immutable" in response["Cache-Control"]
        assert response["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize("name", ["scheduler.js", "version-manifest.json"])
    def test_serves_the_entry_files_afresh(self, name: str) -> None:
        response = Client().get(f"/static/widget/{name}")

        assert response.status_code == 200
        assert response["Cache-Control"] == NEVER_KEPT
        assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.usefixtures("nothing_built")
class TestBeforeTheFirstBuild:
    def test_says_how_to_build(self) -> None:
        response = Client().get("/scheduler.js")

        assert response.status_code == 503
        assert response["Content-Type"].startswith("text/plain")
        assert "make widget" in response.content.decode()
        assert response["Cache-Control"] == "no-store"
