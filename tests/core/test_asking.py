"""What waits is sent together, in its order."""

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core import wire
from apps.core.asking import Asked, ask, ask_row, foresee, foreseen
from apps.core.clock import app_now, foresee_now
from apps.core.commands import unit_of_work
from apps.core.functions import AppNow
from apps.core.models import OutboxMessage
from apps.core.writing import insert

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The statements of each round trip."""
    made: list[list[str]] = []
    run = wire.run

    def noted(statements: list[wire.Statement], *, commits: bool = False) -> list[wire.Answer]:
        made.append([text for text, _ in statements] + ["COMMIT"] * commits)
        return run(statements, commits=commits)

    monkeypatch.setattr(wire, "run", noted)
    return made


def message(name: str) -> OutboxMessage:
    return OutboxMessage(name=name, payload={}, created_at=AppNow(), available_at=AppNow())


def stored() -> Asked[int]:
    return ask("SELECT count(*) FROM core_outboxmessage", [], lambda answer: int(answer.rows[0][0]))


class TestAsk:
    def test_outside_of_a_unit_of_work_it_is_asked_at_once(self, trips: list[list[str]]) -> None:
        asked = ask_row("SELECT %s::int", [1])

        assert len(trips) == 1
        assert asked.answer() == (1,)
        assert len(trips) == 1

    def test_questions_and_rows_go_in_their_order_when_the_first_answer_is_wanted(
        self, trips: list[list[str]]
    ) -> None:
        with unit_of_work():
            before = stored()
            insert(message("one"))
            after = stored()
            assert not trips
            assert (before.answer(), after.answer()) == (0, 1)

        assert [len(trip) for trip in trips] == [3]

    def test_what_waits_at_the_end_goes_with_the_commit(self, trips: list[list[str]]) -> None:
        with unit_of_work():
            insert(message("one"))

        assert [trip[-1] for trip in trips] == ["COMMIT"]
        assert OutboxMessage.objects.count() == 1

    def test_a_failing_commit_leaves_nothing(self) -> None:
        def fails() -> None:
            with unit_of_work():
                ask_row("CREATE TABLE pairs (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)", [])
                insert(message("one"))
                ask("INSERT INTO pairs VALUES (1), (1)", [], lambda answer: answer.count)

        with pytest.raises(Exception, match="pairs_pkey"):
            fails()

        assert not OutboxMessage.objects.exists()
        assert not connection.in_atomic_block

    def test_inside_of_another_transaction_nothing_is_committed(self, trips: list[list[str]]) -> None:
        connection.set_autocommit(False)
        try:
            with transaction.atomic(savepoint=True), suppress(RuntimeError):
                stored()
        finally:
            connection.rollback()
            connection.set_autocommit(True)

        assert "COMMIT" not in [text for trip in trips for text in trip]

    def test_a_savepoint_takes_back_what_was_asked_inside_of_it(self) -> None:
        def fails(asked: list[Asked[int]]) -> None:
            with transaction.atomic():
                asked.append(stored())
                raise ValueError

        asked: list[Asked[int]] = []
        with unit_of_work():
            with suppress(ValueError):
                fails(asked)
            with pytest.raises(RuntimeError, match="taken this question back"):
                asked[0].answer()

    def test_the_log_of_queries_has_all_of_it(self) -> None:
        with CaptureQueriesContext(connection) as captured, unit_of_work():
            ask_row("SELECT %s::text", ["it's"])
            insert(message("one"))

        told = [query["sql"] for query in captured.captured_queries]
        assert (told[0], told[1], told[-1]) == ("BEGIN", "SELECT 'it''s'::text", "COMMIT")


class TestForesee:
    def test_the_answer_is_there_when_it_is_asked_for_and_only_once(self, trips: list[list[str]]) -> None:
        with unit_of_work():
            foresee("how many", stored)
            ask_row("SELECT 1", []).answer()
            found = foreseen("how many")
            assert found is not None
            assert found.answer() == 0
            assert foreseen("how many") is None

        assert [len(trip) for trip in trips] == [2]

    def test_the_clock_is_read_after_what_was_sent_before_it(self, trips: list[list[str]]) -> None:
        with unit_of_work():
            ask_row("SELECT 1", [])
            foresee_now()
            first = app_now()
            assert [len(trip) for trip in trips] == [2]
            assert app_now() >= first

    def test_outside_of_a_unit_of_work_nothing_is_foreseen(self, trips: list[list[str]]) -> None:
        foresee("how many", stored)

        assert foreseen("how many") is None
        assert not trips

    def test_what_a_savepoint_takes_back_is_asked_anew(self) -> None:
        def fails() -> None:
            with transaction.atomic():
                foresee("how many", stored)
                raise ValueError

        with unit_of_work():
            with suppress(ValueError):
                fails()
            assert foreseen("how many") is None
