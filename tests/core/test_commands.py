"""The frame of every mutation."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from apps.core.commands import DEADLOCK_RETRIES, NestedCommand, command, follow_up, unit_of_work
from apps.core.constraints import constraint_means, domain_error_of
from apps.core.errors import DomainError
from apps.organizations.models import Organization
from tests.conftest import Race
from tests.factories.organizations import OrganizationFactory


def broken_deadlock() -> None:
    """What PostgreSQL answers to the one whom it chose to end a deadlock."""
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = 'deadlock_detected'; END $$")


class NameTaken(DomainError):
    """For these tests only."""

    code = "NAME_TAKEN"


@pytest.mark.django_db
class TestCommand:
    def test_returns_what_the_function_returns(self) -> None:
        @command("tests.add")
        def add(*, one: int, other: int) -> int:
            return one + other

        assert add(one=1, other=2) == 3
        assert add.__name__ == "add"

    def test_commits_nothing_of_a_refused_one(self) -> None:
        @command("tests.refuse")
        def refuse() -> None:
            OrganizationFactory()
            raise DomainError

        with pytest.raises(DomainError):
            refuse()

        assert not Organization.objects.exists()

    def test_never_calls_another(self) -> None:
        @command("tests.inner")
        def inner() -> None:
            """Do nothing."""

        @command("tests.outer")
        def outer() -> None:
            inner()

        with pytest.raises(NestedCommand, match=r"tests\.inner .*tests\.outer"):
            outer()

    def test_can_follow_another_also_after_a_refusal(self) -> None:
        @command("tests.flaky")
        def flaky(*, refuse: bool) -> str:
            if refuse:
                raise DomainError
            return "done"

        with pytest.raises(DomainError):
            flaky(refuse=True)
        assert flaky(refuse=False) == "done"

    def test_joins_a_unit_of_work(self) -> None:
        @command("tests.join")
        def join() -> None:
            OrganizationFactory()

        def join_and_refuse() -> None:
            with unit_of_work():
                join()
                raise DomainError

        with pytest.raises(DomainError):
            join_and_refuse()

        assert not Organization.objects.exists()

    def test_is_the_only_one_in_its_unit_of_work(self) -> None:
        @command("tests.first")
        def first() -> None:
            OrganizationFactory()

        @command("tests.second")
        def second() -> None:
            """Do nothing."""

        def both() -> None:
            with unit_of_work():
                first()
                second()

        with pytest.raises(NestedCommand, match=r"tests\.second .*tests\.first"):
            both()

        assert not Organization.objects.exists(), "two effects must not hide behind one key"

    def test_is_the_only_one_also_after_a_refusal(self) -> None:
        @command("tests.refuse")
        def refuse() -> None:
            raise DomainError

        with unit_of_work():
            with pytest.raises(DomainError):
                refuse()
            with pytest.raises(NestedCommand):
                refuse()

    def test_opens_its_own_transaction_and_no_other(self) -> None:
        @command("tests.durable")
        def durable() -> None:
            """Do nothing."""

        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            durable()


@pytest.mark.django_db
class TestFollowUp:
    def test_any_number_may_come_after_a_command_in_its_unit_of_work(self) -> None:
        @command("tests.change")
        def change() -> None:
            OrganizationFactory()

        @follow_up("tests.follow")
        def follow() -> int:
            return Organization.objects.count()

        with unit_of_work():
            change()
            assert [follow(), follow()] == [1, 1]

        assert follow() == 1, "and by itself it opens a transaction of its own"

    def test_never_runs_inside_a_command(self) -> None:
        @follow_up("tests.follow")
        def follow() -> None:
            """Do nothing."""

        @command("tests.change")
        def change() -> None:
            follow()

        with pytest.raises(NestedCommand, match=r"tests\.follow .*tests\.change"):
            change()

    def test_is_no_place_for_a_command(self) -> None:
        @command("tests.change")
        def change() -> None:
            """Do nothing."""

        @follow_up("tests.follow")
        def follow() -> None:
            change()

        with pytest.raises(NestedCommand, match=r"tests\.change .*tests\.follow"):
            follow()

    def test_a_deadlocks_victim_is_run_again(self) -> None:
        attempts: list[int] = []

        @follow_up("tests.follow")
        def follow() -> str:
            attempts.append(1)
            if len(attempts) == 1:
                broken_deadlock()
            return "done"

        assert follow() == "done"
        assert len(attempts) == 2


@pytest.mark.django_db
class TestConstraints:
    def test_a_known_constraint_becomes_its_error(self) -> None:
        constraint_means("organizations_organization_slug_key", NameTaken)
        OrganizationFactory(slug="taken")

        @command("tests.take")
        def take() -> None:
            OrganizationFactory(slug="taken")

        with pytest.raises(NameTaken) as refused:
            take()
        assert isinstance(refused.value.__cause__, IntegrityError)

    def test_an_unknown_one_stays_what_it_is(self) -> None:
        @command("tests.break")
        def break_it() -> None:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO organizations_organization (id) VALUES (NULL)")

        with pytest.raises(IntegrityError):
            break_it()

    def test_an_error_without_a_cause_means_nothing(self) -> None:
        assert domain_error_of(IntegrityError("by hand")) is None


@pytest.mark.django_db
class TestDeadlocks:
    def attempts_of(self, *, failing: int) -> tuple[list[int], Callable[[], str]]:
        attempts: list[int] = []

        @command("tests.deadlock")
        def run() -> str:
            attempts.append(len(attempts))
            OrganizationFactory()
            if len(attempts) <= failing:
                broken_deadlock()
            return "done"

        return attempts, run

    def test_a_victim_is_run_again_from_the_start(self) -> None:
        attempts, run = self.attempts_of(failing=DEADLOCK_RETRIES)

        assert run() == "done"
        assert len(attempts) == 3
        assert Organization.objects.count() == 1, "each attempt is a transaction of its own"

    def test_the_third_time_it_is_raised(self) -> None:
        attempts, run = self.attempts_of(failing=DEADLOCK_RETRIES + 1)

        with pytest.raises(OperationalError, match="deadlock"):
            run()
        assert len(attempts) == 3
        assert not Organization.objects.exists()

    def test_other_database_errors_are_not_retried(self) -> None:
        attempts: list[int] = []

        @command("tests.cancelled")
        def run() -> None:
            attempts.append(1)
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'query_canceled'; END $$")

        with pytest.raises(DatabaseError):
            run()
        assert attempts == [1]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_commands_that_lock_crosswise_both_succeed(race: Race) -> None:
    first, second = OrganizationFactory(), OrganizationFactory()
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    def crosswise(name: str, one: Organization, other: Organization) -> Callable[[], str]:
        @command(f"tests.{name}")
        def run() -> str:
            is_first_attempt = runs.count(name) == 0
            runs.append(name)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '20ms'")
            Organization.objects.filter(id=one.id).update(phone_number=name)
            if is_first_attempt:
                both_hold_one.wait(timeout=10)
            Organization.objects.filter(id=other.id).update(phone_number=name)
            return name

        return run

    results = race([crosswise("a", first, second), crosswise("b", second, first)])

    assert results == ["a", "b"]
    assert len(runs) == 3, "one of the two was PostgreSQL's victim and ran again"
