"""What travels with the locks is seen as it is once they are got, and nobody waits for what is not theirs."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from apps.availability.errors import SlotNotBookable
from apps.availability.models import Resource, SlotInstance
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.errors import HoldExpired
from apps.bookings.models import Hold
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.errors import NotFound
from tests.bookings.support import hold, visitor_of
from tests.conftest import Race
from tests.factories.availability import SlotFactory

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
Meets = Callable[[Callable[[], Any], Callable[[], None]], Any]


@pytest.fixture
def slot() -> SlotInstance:
    return SlotFactory()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def let_the_clock_run() -> None:
    """For this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.now', '', false)")


@pytest.fixture
def behind_the_lock(race: Race, slot: SlotInstance) -> Meets:
    """What becomes of a call that waits for the slot's resource, while its owner does something."""

    def run(call: Callable[[], Any], meanwhile: Callable[[], None]) -> Any:
        locked = threading.Event()

        def owns_it() -> None:
            with transaction.atomic():
                Resource.objects.select_for_update(no_key=True).get(id=slot.resource_id)
                locked.set()
                for _ in range(1000):
                    if somebody_waits():
                        break
                    time.sleep(0.01)
                meanwhile()

        def comes_later() -> Any:
            assert locked.wait(timeout=10)
            return call()

        done, answer = race([owns_it, comes_later])
        assert done is None
        return answer

    return run


class TestBehindTheLock:
    def test_a_hold_that_somebody_ends_meanwhile_is_not_confirmed(
        self, slot: SlotInstance, behind_the_lock: Meets
    ) -> None:
        ada = visitor_of(slot)
        booking = hold(slot, actor=ada)

        def end_it() -> None:
            Hold.objects.filter(booking=booking).update(expires_at=app_now() - timedelta(seconds=1))

        answer = behind_the_lock(lambda: confirm_booking(actor=ada, booking_id=booking.id), end_it)

        assert isinstance(answer, HoldExpired)

    def test_a_hold_that_runs_out_meanwhile_is_not_confirmed(
        self, slot: SlotInstance, behind_the_lock: Meets
    ) -> None:
        ada = visitor_of(slot)
        booking = hold(slot, actor=ada)

        def confirm() -> Any:
            let_the_clock_run()
            Hold.objects.filter(booking=booking).update(expires_at=app_now() + timedelta(seconds=1))
            return confirm_booking(actor=ada, booking_id=booking.id)

        answer = behind_the_lock(confirm, lambda: time.sleep(1.2))

        assert isinstance(answer, HoldExpired)

    def test_a_slot_that_is_closed_meanwhile_is_not_bookable(
        self, slot: SlotInstance, behind_the_lock: Meets
    ) -> None:
        def close() -> None:
            SlotInstance.objects.filter(id=slot.id).update(closed=True)

        assert isinstance(behind_the_lock(lambda: hold(slot), close), SlotNotBookable)


class TestStrangers:
    def test_are_turned_away_before_any_lock(self, slot: SlotInstance, race: Race) -> None:
        booking = hold(slot)
        elsewhere = visitor_of(SlotFactory.create())
        locked, turned_away = threading.Event(), threading.Event()

        def owns_it() -> bool:
            with transaction.atomic():
                Resource.objects.select_for_update(no_key=True).get(id=slot.resource_id)
                locked.set()
                return turned_away.wait(timeout=10)

        def strangers() -> list[type[Exception]]:
            assert locked.wait(timeout=10)
            refusals = [refusal_of(actor) for actor in (visitor_of(slot), elsewhere)]
            turned_away.set()
            return refusals

        def refusal_of(actor: Actor) -> type[Exception]:
            with pytest.raises(NotFound) as refused:
                confirm_booking(actor=actor, booking_id=booking.id)
            return refused.type

        assert race([owns_it, strangers]) == [True, [NotFound, NotFound]]
