"""What every test may ask for."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from hypothesis import settings

from apps.core import outbox
from tests.log_watch import LogWatch

# What an example costs depends on the machine and on who else uses it; one that hangs meets the timeout.
# In CI every run draws the same examples.
settings.register_profile("everyday", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("everyday")
# For a long look: `pytest --hypothesis-profile=thorough`.
settings.register_profile("thorough", max_examples=3000, deadline=None)

# Monday 14 January 2030, 8:00 in Denver: far from any change of the clocks.
TEST_NOW = "2030-01-14T15:00:00+00:00"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Stop the database's clock for every connection, and let the runner empty tables between tests.

    The append-only log refuses TRUNCATE; tests/audit shows that with the trigger on.
    """
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_no_truncate")
            name = connection.ops.quote_name(connection.settings_dict["NAME"])
            cursor.execute(f"ALTER DATABASE {name} SET app.now = '{TEST_NOW}'")
        connection.close()


@pytest.fixture(scope="session", autouse=True)
def logs_name_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ends the run with an error where a log line of any test names a customer."""
    watch = LogWatch(tmp_path_factory.mktemp("logs") / "run.log")
    watch.begin()
    yield
    watch.end()
    leaks = watch.leaks()
    assert not leaks, "Log lines that name somebody:\n" + "\n".join(leaks[:20])


@pytest.fixture(autouse=True)
def no_nudges(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker listens in unit tests; tests/scheduler_project runs a real one."""
    monkeypatch.setattr(outbox, "NUDGE_EVERY_SECONDS", float("inf"))
    outbox.BROKER.works()


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Each test begins with an empty Redis database of its worker's own."""
    yield
    cache.clear()


@pytest.fixture
def set_now(db: None) -> Iterator[Callable[[datetime], None]]:
    """Move this connection's stopped clock."""

    def set_to(moment: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.now', %s, false)", [moment.isoformat()])

    yield set_to
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.now', %s, false)", [TEST_NOW])


Race = Callable[[list[Callable[[], Any]]], list[Any]]


@pytest.fixture
def race(transactional_db: None) -> Race:
    """Run calls at the same moment, each on a thread and a database connection of its own.

    Returns what each returned, or the exception that it raised, in the order of the calls.
    """

    def run(calls: list[Callable[[], Any]]) -> list[Any]:
        barrier = threading.Barrier(len(calls))

        def one(call: Callable[[], Any]) -> Any:
            try:
                connection.ensure_connection()
                barrier.wait(timeout=30)
                return call()
            except Exception as error:  # noqa: BLE001  (the test looks at what was raised)
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max_workers=len(calls)) as pool:
            return list(pool.map(one, calls))

    return run
