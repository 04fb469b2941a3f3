"""A seeded demo, with uploads in a folder of the tests' own."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


def run_seed(**options: bool) -> str:
    """What `manage.py seed_demo` prints."""
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="session")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where logos go."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, uploads: Path) -> None:
    settings.MEDIA_ROOT = uploads


@pytest.fixture(scope="class")
def _seeded_once(django_db_setup: None, django_db_blocker: Any, uploads: Path) -> Iterator[None]:
    """Seeding takes two seconds: once a class, in a transaction around the tests' own."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=uploads):
        around = transaction.atomic()
        # As Django's TestCase marks its own, so that durable commands may run inside.
        around._from_testcase = True  # type: ignore[attr-defined]  # Django's private flag
        with around:
            run_seed()
            yield
            transaction.set_rollback(True)


@pytest.fixture
def seeded(_seeded_once: None, db: None) -> None:
    """The demo is there; what a test changes in it is undone after the test."""
