"""The database's clock, which tests can stop and set."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from apps.core.clock import app_now

pytestmark = pytest.mark.django_db


class TestAppNow:
    def test_stands_still_in_tests(self) -> None:
        assert app_now() == datetime(2030, 1, 14, 15, tzinfo=UTC) == app_now()

    def test_can_be_set(self, set_now: Callable[[datetime], None]) -> None:
        moment = datetime(2031, 5, 1, 12, 30, tzinfo=UTC)
        set_now(moment)

        assert app_now() == moment

    def test_is_aware_and_in_utc(self) -> None:
        assert app_now().utcoffset() == timedelta(0)

    def test_runs_on_inside_a_transaction_where_nobody_stops_it(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.now', '', true)")
            cursor.execute("SELECT app_now() < app_now() OR app_now() <= clock_timestamp()")
            assert cursor.fetchone()[0]
            cursor.execute("SELECT now() < app_now()")
            assert cursor.fetchone()[0], "now() is the transaction's beginning; app_now() is this moment"
