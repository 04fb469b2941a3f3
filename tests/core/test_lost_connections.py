"""A connection that died between two requests, as when PostgreSQL restarts, is replaced without a word."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, close_old_connections, connection

from apps.core import wire
from apps.core.clock import app_now
from apps.core.commands import unit_of_work
from apps.core.functions import AppNow
from apps.core.models import OutboxMessage
from apps.core.writing import insert

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2030, 1, 14, 15, tzinfo=UTC)


@pytest.fixture
def die(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """End the connection from elsewhere. It lasts and is checked as outside of tests."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    connection.close()
    ((pid,),) = wire.run([("SELECT pg_backend_pid()", [])])[0].rows

    def kill() -> None:
        try:
            ended = wire.run([("SELECT pg_terminate_backend(%s, 5000)", [pid])])
            assert ended[0].rows == [(True,)]
        finally:
            connection.close()

    def elsewhere() -> None:
        thread = threading.Thread(target=kill)
        thread.start()
        thread.join()

    return elsewhere


class TestBetweenTwoRequests:
    def test_the_next_one_may_begin_with_a_prepared_read(self, die: Callable[[], None]) -> None:
        die()
        close_old_connections()  # as each request begins

        assert app_now() == NOW

    def test_the_next_one_may_begin_with_a_statement_of_its_own(self, die: Callable[[], None]) -> None:
        die()
        close_old_connections()

        assert wire.run([("SELECT 1", [])])[0].rows == [(1,)]

    def test_the_next_one_may_begin_with_a_unit_of_work(self, die: Callable[[], None]) -> None:
        die()
        close_old_connections()

        with unit_of_work():
            insert(OutboxMessage(name="one", payload={}, created_at=AppNow(), available_at=AppNow()))

        assert OutboxMessage.objects.count() == 1


class TestInsideOfAUnitOfWork:
    def test_nothing_goes_on_on_another_connection(self, die: Callable[[], None]) -> None:
        def reads_on() -> None:
            with unit_of_work():
                wire.run([("SELECT 1", [])])
                die()
                app_now()

        close_old_connections()
        with pytest.raises(OperationalError):
            reads_on()

        assert app_now() == NOW
