"""Statements straight on libpq."""

import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, connection, transaction

from apps.core import wire
from apps.core.commands import unit_of_work
from apps.core.models import OutboxMessage
from apps.core.wire import Answer, run
from tests.conftest import Race

pytestmark = pytest.mark.django_db(transaction=True)


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


class TestRun:
    def test_answers_every_statement_in_its_order(self) -> None:
        first, second = run([("SELECT %s::int, %s::text", [1, "a"]), ("SELECT generate_series(1, %s)", [3])])

        assert first == Answer([(1, "a")], 1)
        assert second == Answer([(1,), (2,), (3,)], 3)

    def test_says_how_many_rows_were_written(self) -> None:
        (made,) = run([("CREATE TEMPORARY TABLE colours AS SELECT generate_series(1, 3) AS colour", [])])
        (changed,) = run([("UPDATE colours SET colour = 0 WHERE colour < %s", [3])])

        assert (made.count, changed) == (3, Answer([], 2))

    def test_values_come_back_as_djangos_cursors_bring_them(self) -> None:
        moment = datetime(2026, 3, 29, 1, 30, 0, 7, tzinfo=UTC)
        values: list[Any] = [uuid4(), moment, Decimal("1.50"), None, True, b"\x00\xff", ["a", "%"], 2**40]
        types = ["uuid", "timestamptz", "numeric", "text", "bool", "bytea", "text[]", "int8"]
        text = f"SELECT {', '.join(f'%s::{kind}' for kind in types)}"

        (row,) = run([(text, values)])[0].rows

        with connection.cursor() as cursor:
            cursor.execute(text, values)
            theirs = cursor.fetchone()
        assert list(row) == [bytes(value) if isinstance(value, memoryview) else value for value in theirs]
        assert row[1].utcoffset() == theirs[1].utcoffset()

    def test_a_year_before_christ_is_refused_as_psycopg_does(self) -> None:
        with pytest.raises(DataError):
            run([("SELECT '0044-03-15 BC'::timestamptz", [])])

        assert run([("SELECT 1", [])])[0].rows == [(1,)]

    def test_a_percent_sign_is_written_twice_as_for_django(self) -> None:
        assert run([("SELECT '100%%' || %s", ["!"])])[0].rows == [("100%!",)]

    def test_the_first_failure_is_what_is_raised_and_nothing_after_it_is_run(self) -> None:
        with pytest.raises(DataError, match="division by zero"), transaction.atomic():
            run(
                [
                    ("SELECT 1 / %s", [0]),
                    ("INSERT INTO core_outboxmessage (id) VALUES (%s)", [uuid4()]),
                ]
            )

        assert not OutboxMessage.objects.exists()
        assert run([("SELECT 1 / %s", [1])])[0].rows == [(1,)]

    def test_a_violated_constraint_keeps_its_name(self) -> None:
        with pytest.raises(IntegrityError) as refused:
            run([("INSERT INTO core_outboxmessage (id) VALUES (%s)", [uuid4()])])

        assert refused.value.__cause__.diag.column_name == "name"  # type: ignore[union-attr]

    def test_begins_the_transaction_that_django_has_announced(self) -> None:
        with transaction.atomic():
            run([("CREATE TABLE soon_gone (id int)", [])])
            transaction.set_rollback(True)

        assert run([("SELECT to_regclass('soon_gone')", [])])[0].rows == [(None,)]

    def test_prepares_each_statement_once_and_forgets_the_oldest(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connection.close()
        monkeypatch.setattr(wire, "MOST_STATEMENTS", 3)
        for number in [1, 1, 2, 3, 3, 4, 5, 1]:
            assert run([(f"SELECT {number} + %s", [1])])[0].rows == [(number + 1,)]

        assert prepared() == 3

    def test_to_forget_what_a_pooler_has_not_kept_is_no_failure(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connection.close()
        monkeypatch.setattr(wire, "MOST_STATEMENTS", 1)
        with transaction.atomic():
            run([("SELECT 1 + %s", [1])])
            with connection.cursor() as cursor:
                cursor.execute("DEALLOCATE ALL")
            run([("SELECT 2 + %s", [1])])

            assert run([("SELECT 3 + %s", [1])])[0].rows == [(4,)]

    @pytest.mark.parametrize(
        "change", ["ALTER TABLE kinds ALTER name TYPE varchar(9)", "DEALLOCATE ALL"], ids=["type", "all"]
    )
    def test_what_is_outdated_fails_once_and_is_prepared_anew(self, change: str) -> None:
        connection.close()
        read = ("SELECT name FROM kinds", ())
        run([("CREATE TEMPORARY TABLE kinds (name varchar(5))", [])])
        run([read])
        run([(change, [])])

        with pytest.raises(DatabaseError):
            run([read])

        assert run([read, read]) == [Answer([], 0)] * 2

    def test_more_than_a_pipe_holds_goes_both_ways(self) -> None:
        long = "x" * 3_000_000

        answers = run([("SELECT %s::text", [long])] * 3)

        assert [len(answer.rows[0][0]) for answer in answers] == [3_000_000] * 3

    def test_a_lost_connection_is_an_operational_error_and_the_next_is_a_new_one(self) -> None:
        with pytest.raises(OperationalError):
            run([("SELECT pg_terminate_backend(pg_backend_pid())", [])])

        connection.close_if_unusable_or_obsolete()
        assert run([("SELECT 1", [])])[0].rows == [(1,)]

    def test_an_exception_in_between_leaves_no_answers_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Interrupted(BaseException):
            """Somebody has lost patience."""

        def interrupt(*_: object) -> int:
            raise Interrupted

        with monkeypatch.context() as patched:
            patched.setattr(wire._Wire, "_wait", interrupt)
            with pytest.raises(Interrupted):
                run([("SELECT pg_sleep(0.1)", [])])

        connection.close_if_unusable_or_obsolete()
        assert run([("SELECT 2", [])])[0].rows == [(2,)]


class TestThreads:
    def test_whoever_waits_for_a_lock_lets_the_others_run(self, race: Race) -> None:
        holds, waits = threading.Event(), threading.Event()

        def first() -> str:
            with unit_of_work():
                run([("SELECT pg_advisory_xact_lock(%s::bigint)", [7])])
                holds.set()
                assert waits.wait(timeout=10)
                # Python runs here while the other thread's statement waits in PostgreSQL.
                return "done"

        def second() -> str:
            assert holds.wait(timeout=10)
            waits.set()
            with unit_of_work():
                run([("SELECT pg_advisory_xact_lock(%s::bigint)", [7])])
            return "done"

        assert race([first, second]) == ["done", "done"]
