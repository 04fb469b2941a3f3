"""One key, one effect."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.core.actors import Actor, ActorKind
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import DomainError, IdempotencyInProgress, IdempotencyKeyReused
from apps.core.idempotency import KEPT_FOR, Answer, IdempotencyKey, forget_expired, run_once
from apps.core.ids import new_id
from apps.core.models import IdempotencyRecord
from apps.organizations.models import Organization
from tests.conftest import Race
from tests.factories.organizations import OrganizationFactory

VISITOR = Actor.session(new_id(), new_id())


def key_of(**parts: Any) -> IdempotencyKey:
    given: dict[str, Any] = {"actor": VISITOR, "endpoint": "POST holds", "key": "k-1", "payload": {"slot": 1}}
    return IdempotencyKey.of(**given | parts)


@command("tests.open")
def open_organization() -> None:
    OrganizationFactory()


def opens_one() -> Answer:
    """An operation with an effect that can be counted."""
    open_organization()
    return Answer(status=201, body=f'{{"number": {Organization.objects.count()}}}')


def refuses() -> Answer:
    open_organization()
    raise DomainError


class TestKeys:
    @pytest.mark.parametrize(
        "other",
        [
            {"actor": Actor.session(VISITOR.organization_id, new_id())},
            {"actor": Actor(ActorKind.STAFF, VISITOR.organization_id, VISITOR.id, "Ada")},
            {"actor": Actor(ActorKind.SESSION, new_id(), VISITOR.id, "Website visitor")},
            {"endpoint": "POST bookings"},
            {"key": "k-2"},
        ],
    )
    def test_another_actor_endpoint_or_key_is_another_scope(self, other: dict[str, Any]) -> None:
        assert key_of(**other).scope_digest != key_of().scope_digest

    def test_the_order_of_fields_is_no_difference(self) -> None:
        assert key_of(payload={"a": 1, "b": [2]}) == key_of(payload={"b": [2], "a": 1})

    @pytest.mark.parametrize("payload", [{"slot": 2}, {"slot": "1"}, {}, {"slot": 1, "x": None}, [1], None])
    def test_another_payload_is_another_payload(self, payload: Any) -> None:
        assert key_of(payload=payload).payload_digest != key_of().payload_digest
        assert key_of(payload=payload).scope_digest == key_of().scope_digest


@pytest.mark.django_db
class TestRunOnce:
    def test_the_second_time_replays_the_first_answer(self) -> None:
        first, second = run_once(key_of(), opens_one), run_once(key_of(), opens_one)

        assert (second.status, second.body) == (first.status, first.body)
        assert (first.replayed, second.replayed) == (False, True)
        assert Organization.objects.count() == 1

    def test_the_same_key_with_another_payload_is_refused(self) -> None:
        run_once(key_of(), opens_one)

        with pytest.raises(IdempotencyKeyReused):
            run_once(key_of(payload={"slot": 2}), opens_one)
        assert Organization.objects.count() == 1

    def test_other_actors_and_endpoints_are_not_in_the_way(self) -> None:
        run_once(key_of(), opens_one)

        assert not run_once(key_of(endpoint="POST bookings"), opens_one).replayed
        assert not run_once(key_of(actor=Actor.session(new_id(), new_id())), opens_one).replayed
        assert Organization.objects.count() == 3

    def test_a_refusal_leaves_nothing_and_may_be_tried_again(self) -> None:
        with pytest.raises(DomainError):
            run_once(key_of(), refuses)
        assert not Organization.objects.exists()

        assert run_once(key_of(), opens_one).status == 201

    def test_a_refused_key_may_come_with_another_payload(self) -> None:
        with pytest.raises(DomainError):
            run_once(key_of(), refuses)

        assert run_once(key_of(payload={"slot": 2}), opens_one).status == 201

    def test_after_a_day_the_key_is_new_again(self, set_now: Callable[[datetime], None]) -> None:
        run_once(key_of(), opens_one)
        set_now(app_now() + KEPT_FOR)

        assert not run_once(key_of(payload={"slot": 2}), opens_one).replayed
        assert IdempotencyRecord.objects.count() == 1

    def test_just_before_a_day_it_still_replays(self, set_now: Callable[[datetime], None]) -> None:
        run_once(key_of(), opens_one)
        set_now(app_now() + KEPT_FOR - timedelta(seconds=1))

        assert run_once(key_of(), opens_one).replayed


@pytest.mark.django_db
class TestWhatIsRefusedBeforeTheFirstStatement:
    def test_does_not_hide_what_the_key_was_answered(self) -> None:
        def refuses_by_itself() -> Answer:
            raise DomainError

        run_once(key_of(), opens_one)

        assert run_once(key_of(), refuses_by_itself).replayed
        with pytest.raises(DomainError):
            run_once(key_of(key="k-2"), refuses_by_itself)

    def test_an_operation_without_any_statement_is_answered_once_too(self) -> None:
        answers = [run_once(key_of(), lambda: Answer(200, "{}")) for _ in range(2)]

        assert [answer.replayed for answer in answers] == [False, True]


@pytest.mark.django_db
class TestForgetExpired:
    def test_forgets_what_is_older_than_a_day_and_nothing_else(
        self, set_now: Callable[[datetime], None]
    ) -> None:
        run_once(key_of(), opens_one)
        set_now(app_now() + timedelta(hours=23))
        run_once(key_of(key="k-2"), opens_one)
        set_now(app_now() + timedelta(hours=1, seconds=1))

        assert forget_expired() == 1
        assert run_once(key_of(key="k-2"), opens_one).replayed
        assert not run_once(key_of(), opens_one).replayed


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestTwins:
    def test_while_one_runs_the_other_is_told_to_come_back(self, race: Race) -> None:
        begun, told = threading.Event(), threading.Event()

        def slow() -> Answer:
            Organization.objects.count()  # the key is taken with the first statement
            begun.set()
            assert told.wait(timeout=10)
            return opens_one()

        def impatient() -> Answer:
            assert begun.wait(timeout=10)
            try:
                return run_once(key_of(), opens_one)
            finally:
                told.set()

        first, second = race([lambda: run_once(key_of(), slow), impatient])

        assert first.status == 201
        assert isinstance(second, IdempotencyInProgress)
        assert second.data["retry_after"] == 1
        assert run_once(key_of(), opens_one).body == first.body

    def test_of_many_at_once_one_has_the_effect(self, race: Race) -> None:
        results = race([lambda: run_once(key_of(), opens_one) for _ in range(10)])

        answers = [result for result in results if isinstance(result, Answer)]
        others = [result for result in results if not isinstance(result, Answer)]
        assert Organization.objects.count() == 1
        assert sum(not answer.replayed for answer in answers) == 1
        assert len({answer.body for answer in answers}) == 1
        assert all(isinstance(other, IdempotencyInProgress) for other in others)
