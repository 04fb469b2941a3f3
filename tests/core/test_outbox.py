"""Events leave with the commit, arrive at least once, and hold up nobody."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction

from apps.core import outbox
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.context import current_request_id, request_id_scope
from apps.core.errors import DomainError
from apps.core.events import DomainEvent, Message, Reactions
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from apps.core.tasks import relay_outbox
from apps.organizations.models import Organization
from tests.conftest import Race
from tests.factories.organizations import OrganizationFactory


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang(DomainEvent):
    """A bell, with its number."""

    name: ClassVar[str] = "tests.rang"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Knocked(DomainEvent):
    """Another kind of event."""

    name: ClassVar[str] = "tests.knocked"
    by: UUID
    at: datetime


class Broken(RuntimeError):
    """What a reaction may raise."""


class Ear:
    """A reaction that hears numbers, and can be told to fail at some."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.request_ids: list[str] = []
        self.deaf_to: set[int] = set()

    def __call__(self, message: Message) -> None:
        number = message.payload["number"]
        if number in self.deaf_to:
            raise Broken("ada@example.com did not answer")
        self.heard.append(number)
        self.request_ids.append(current_request_id())


@pytest.fixture
def reactions(monkeypatch: pytest.MonkeyPatch) -> dict[str, Reactions]:
    """The project's map, replaced for one test."""
    mapping: dict[str, Reactions] = {}
    monkeypatch.setattr(outbox, "reactions", lambda: mapping)
    return mapping


@pytest.fixture
def ear(reactions: dict[str, Reactions]) -> Ear:
    ear = Ear()
    reactions["tests.rang"] = Reactions(after_commit=[ear])
    return ear


@command("tests.ring")
def ring(*numbers: int, refuse: bool = False) -> None:
    for number in numbers:
        outbox.publish(Rang(organization_id=new_id(), number=number))
    if refuse:
        raise DomainError


@pytest.mark.django_db
class TestPublish:
    def test_writes_a_row_in_json_types(self, reactions: dict[str, Reactions]) -> None:
        event = Knocked(organization_id=new_id(), by=new_id(), at=app_now())
        with request_id_scope("abcdefgh"):
            outbox.publish(event)

        row = OutboxMessage.objects.get()
        assert (row.name, row.version, row.request_id) == ("tests.knocked", 1, "abcdefgh")
        assert row.organization_id == event.organization_id
        assert row.payload == {
            "organization_id": str(event.organization_id),
            "by": str(event.by),
            "at": "2030-01-14T15:00:00+00:00",
        }

    def test_a_refused_command_publishes_nothing(self, ear: Ear) -> None:
        with pytest.raises(DomainError):
            ring(1, refuse=True)

        assert outbox.relay_batch() == 0
        assert ear.heard == []

    def test_a_reaction_in_the_transaction_commits_and_fails_with_it(
        self, reactions: dict[str, Reactions]
    ) -> None:
        def open_another(event: Rang) -> None:
            OrganizationFactory()
            if event.number == 2:
                raise Broken

        reactions["tests.rang"] = Reactions(in_transaction=[open_another])
        ring(1)
        with pytest.raises(Broken):
            ring(2)

        assert Organization.objects.count() == 1
        assert [row.payload["number"] for row in OutboxMessage.objects.all()] == [1]

    def test_a_reaction_in_the_transaction_cannot_be_a_command(self, reactions: dict[str, Reactions]) -> None:
        reactions["tests.rang"] = Reactions(in_transaction=[lambda _event: ring(2)])

        with pytest.raises(RuntimeError, match=r"tests\.ring"):
            ring(1)


@pytest.mark.django_db
class TestRelay:
    def test_delivers_in_the_order_of_publishing(self, ear: Ear) -> None:
        ring(1, 2, 3)
        ring(4)

        assert outbox.relay_batch() == 4
        assert ear.heard == [1, 2, 3, 4]

    def test_delivers_once(self, ear: Ear) -> None:
        ring(1)
        outbox.relay_batch()

        assert outbox.relay_batch() == 0
        assert ear.heard == [1]

    def test_carries_the_request_id(self, ear: Ear) -> None:
        with request_id_scope("abcdefgh"):
            ring(1)
        outbox.relay_batch()

        assert ear.request_ids == ["abcdefgh"]

    def test_an_event_that_nobody_awaits_is_done(self, reactions: dict[str, Reactions]) -> None:
        ring(1)

        assert outbox.relay_batch() == 1
        assert outbox.backlog() == 0

    def test_a_failure_holds_up_no_other(self, ear: Ear) -> None:
        ear.deaf_to = {1}
        ring(1, 2)
        outbox.relay_batch()

        assert ear.heard == [2]
        row = OutboxMessage.objects.get(relayed_at=None)
        assert row.last_error == "Broken: [email] did not answer"

    def test_pauses_grow_up_to_an_hour(self, ear: Ear, set_now: Callable[[datetime], None]) -> None:
        ear.deaf_to = {1}
        ring(1)
        pauses = []
        for _ in range(14):
            assert outbox.relay_batch() == 1
            due = OutboxMessage.objects.get().available_at
            pauses.append(due - app_now())
            assert outbox.relay_batch() == 0, "not before its pause is over"
            set_now(due)

        assert pauses[:4] == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)]
        assert pauses == sorted(pauses)
        assert pauses[-1] == outbox.MAX_BACKOFF

    def test_once_the_trouble_is_over_it_arrives(self, ear: Ear, set_now: Callable[[datetime], None]) -> None:
        ear.deaf_to = {1}
        ring(1)
        outbox.relay_batch()
        ear.deaf_to = set()
        set_now(app_now() + timedelta(seconds=2))
        outbox.relay_batch()

        assert ear.heard == [1]
        row = OutboxMessage.objects.get()
        assert row.relayed_at is not None
        assert (row.last_error, row.attempts) == ("", 2)

    def test_of_two_reactions_the_first_may_run_again(self, reactions: dict[str, Reactions]) -> None:
        patient, flaky = Ear(), Ear()
        flaky.deaf_to = {1}
        reactions["tests.rang"] = Reactions(after_commit=[patient, flaky])
        ring(1)
        outbox.relay_batch()

        assert patient.heard == [1]
        assert OutboxMessage.objects.get().relayed_at is None

    def test_a_reaction_may_run_a_command(self, reactions: dict[str, Reactions]) -> None:
        @command("tests.answer")
        def answer() -> None:
            OrganizationFactory()

        reactions["tests.rang"] = Reactions(after_commit=[lambda _message: answer()])
        ring(1)
        outbox.relay_batch()

        assert Organization.objects.count() == 1

    def test_what_a_dead_relay_had_taken_is_delivered_when_its_lease_runs_out(
        self, ear: Ear, set_now: Callable[[datetime], None]
    ) -> None:
        ring(1)
        outbox._lease_due()  # and then it dies

        assert outbox.relay_batch() == 0
        set_now(app_now() + outbox.LEASE)
        assert outbox.relay_batch() == 1
        assert ear.heard == [1]

    def test_the_task_goes_on_until_nothing_is_due(self, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outbox, "RELAY_BATCH", 2)
        ring(1, 2, 3, 4, 5)

        assert relay_outbox() == 5
        assert ear.heard == [1, 2, 3, 4, 5]


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nudge each time, as if the last one were long ago."""
    monkeypatch.setattr(outbox, "NUDGE_EVERY_SECONDS", -1.0)


class TestNudge:
    @pytest.mark.django_db(transaction=True)
    def test_without_a_broker_the_commit_still_succeeds(
        self, ear: Ear, nudges: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        away = Celery("away", broker="redis://127.0.0.1:1/0")
        away.conf.update(
            task_publish_retry=settings.CELERY_TASK_PUBLISH_RETRY,
            broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        )
        monkeypatch.setattr(outbox, "current_app", away)

        ring(1)

        assert outbox.relay_batch() == 1
        assert ear.heard == [1]

    @pytest.mark.django_db(transaction=True)
    def test_a_broker_that_is_away_is_left_alone_for_a_while(
        self, ear: Ear, nudges: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(outbox, "current_app", _Recorder(asked, error=OSError()))

        for number in range(3):
            ring(number)

        assert asked == [outbox.NUDGE_TASK]

    @pytest.mark.django_db
    def test_asks_only_after_the_commit(
        self,
        ear: Ear,
        nudges: None,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(outbox, "current_app", _Recorder(asked))
        with django_capture_on_commit_callbacks(execute=True):
            ring(1)
            assert asked == []

        assert asked == [outbox.NUDGE_TASK]


class _Recorder:
    """A broker's client that writes down what it is asked to send."""

    def __init__(self, asked: list[str], *, error: Exception | None = None) -> None:
        self.asked, self.error = asked, error

    def send_task(self, name: str, **_options: Any) -> None:
        self.asked.append(name)
        if self.error is not None:
            raise self.error


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestTwoRelays:
    def test_never_deliver_the_same_message(
        self, race: Race, ear: Ear, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox, "RELAY_BATCH", 5)
        ring(*range(40))

        def relay_all() -> int:
            return sum(iter(outbox.relay_batch, 0))

        assert sum(race([relay_all, relay_all, relay_all])) == 40
        assert sorted(ear.heard) == list(range(40))

    def test_one_does_not_wait_for_the_rows_that_another_is_leasing(self, race: Race, ear: Ear) -> None:
        ring(1)
        locked, tried = threading.Event(), threading.Event()

        def leasing() -> None:
            with transaction.atomic():
                list(OutboxMessage.objects.select_for_update())
                locked.set()
                assert tried.wait(timeout=10)

        def relaying() -> int:
            assert locked.wait(timeout=10)
            try:
                return outbox.relay_batch()
            finally:
                tried.set()

        assert race([leasing, relaying]) == [None, 0]
