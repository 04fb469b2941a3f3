"""Rows that wait for the end of a unit of work: nobody sees that they do."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core.clock import app_now
from apps.core.commands import unit_of_work
from apps.core.functions import AppNow
from apps.core.models import OutboxMessage
from apps.core.writing import insert, insert_unless_there, update, waits

pytestmark = pytest.mark.django_db(transaction=True)


def message(name: str) -> OutboxMessage:
    return OutboxMessage(name=name, payload={"a": [1]}, created_at=AppNow(), available_at=AppNow())


def names() -> set[str]:
    return set(OutboxMessage.objects.values_list("name", flat=True))


class TestInsert:
    def test_outside_a_unit_of_work_it_is_there_at_once(self) -> None:
        insert(message("one"))

        assert names() == {"one"}

    def test_rows_are_sent_at_the_end_of_the_unit_all_together(self) -> None:
        with CaptureQueriesContext(connection) as captured, unit_of_work():
            app_now()
            insert(message("one"))
            insert(message("two"))
            before = len(captured)

        assert [query["sql"].split("(")[0] for query in captured.captured_queries[before:-1]] == [
            'INSERT INTO "core_outboxmessage" ',
            'INSERT INTO "core_outboxmessage" ',
        ]
        stored = OutboxMessage.objects.get(name="one")
        assert (stored.payload, stored.created_at, stored.relayed_at) == ({"a": [1]}, app_now(), None)

    def test_are_planned_once_a_connection(self) -> None:
        connection.close()
        for name in ("one", "two", "three"):
            with unit_of_work():
                insert(message(name))

        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO%'")
            assert cursor.fetchone() == (1,)

    def test_what_was_never_prepared_because_others_failed_is_prepared_next_time(self) -> None:
        connection.close()
        first = message("one")
        with unit_of_work():
            insert(first)
        again = message("again")
        again.id = first.id

        def in_one_pipeline(*rows: OutboxMessage) -> None:
            with unit_of_work():
                for row in rows:
                    insert(row)
                update(first, "attempts")

        with pytest.raises(IntegrityError):
            in_one_pipeline(again, message("two"))

        in_one_pipeline(message("three"))
        assert names() == {"one", "three"}

    def test_whoever_looks_before_finds_them(self) -> None:
        with unit_of_work():
            row = insert(message("one"))
            assert waits(row)
            assert names() == {"one"}
            assert not waits(row)

    def test_what_changes_while_a_row_waits_is_written_with_it(self) -> None:
        with unit_of_work():
            row = insert(message("one"))
            row.name = "another"

        assert names() == {"another"}

    def test_a_savepoint_takes_back_what_came_inside_of_it_and_no_more(self) -> None:
        def fails() -> None:
            with transaction.atomic():
                insert(message("inside"))
                raise ValueError

        with unit_of_work():
            insert(message("before"))
            with suppress(ValueError):
                fails()
            insert(message("after"))
            with transaction.atomic():
                insert(message("kept"))

        assert names() == {"before", "after", "kept"}

    def test_an_exception_forgets_them_all(self) -> None:
        def fails() -> None:
            with unit_of_work():
                insert(message("one"))
                raise ValueError

        with pytest.raises(ValueError):  # noqa: PT011  (its own)
            fails()

        assert names() == set()

    def test_what_a_constraint_says_ends_the_unit(self) -> None:
        def twins() -> None:
            with unit_of_work():
                first = insert(message("one"))
                twin = message("two")
                twin.id = first.id
                insert(twin)

        with pytest.raises(IntegrityError):
            twins()

        assert names() == set()


class TestUpdate:
    def test_outside_a_unit_of_work_it_is_written_at_once(self) -> None:
        row = insert(message("one"))
        row.name, row.attempts = "another", 7
        update(row, "name")

        stored = OutboxMessage.objects.get()
        assert (stored.name, stored.attempts) == ("another", 0)

    def test_it_goes_with_the_rows_at_the_end_of_the_unit(self) -> None:
        row = insert(message("one"))
        with CaptureQueriesContext(connection) as captured, unit_of_work():
            app_now()
            row.name, row.attempts = "another", 7
            update(row, "name")
            insert(message("two"))
            before = len(captured)

        assert [query["sql"].split(" ")[0] for query in captured.captured_queries[before:-1]] == [
            "UPDATE",
            "INSERT",
        ]
        assert names() == {"another", "two"}
        assert OutboxMessage.objects.get(name="another").attempts == 0

    def test_whoever_looks_before_sees_it(self) -> None:
        row = insert(message("one"))
        with unit_of_work():
            row.name = "another"
            update(row, "name")
            assert names() == {"another"}

    def test_a_row_that_waits_needs_none(self) -> None:
        with CaptureQueriesContext(connection) as captured, unit_of_work():
            row = insert(message("one"))
            row.name = "another"
            update(row, "name")

        assert not [query for query in captured.captured_queries if query["sql"].startswith("UPDATE")]
        assert names() == {"another"}

    def test_a_savepoint_takes_it_back(self) -> None:
        def fails(row: OutboxMessage) -> None:
            with transaction.atomic():
                row.name = "another"
                update(row, "name")
                raise ValueError

        row = insert(message("one"))
        with unit_of_work(), suppress(ValueError):
            fails(row)

        assert names() == {"one"}


class TestInsertUnlessThere:
    def test_says_whether_it_did(self) -> None:
        with unit_of_work():
            row = message("one")
            assert insert_unless_there(row)
            again = message("two")
            again.id = row.id
            assert not insert_unless_there(again)

        assert names() == {"one"}
