"""Worker and beat as they run in production: real processes, the real broker, this test's database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from apps.availability.models import SlotInstance
from apps.bookings.models import Booking, Hold
from apps.core.actors import Actor
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from apps.sessions.models import BookingSession
from tests.bookings.support import book, counters, hold
from tests.factories.availability import PersonFactory, SlotFactory, WeeklyRuleFactory
from tests.factories.sessions import new_visit
from tests.servers import broker_url, database_url

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 45


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Wait until it is so; fail with words when it does not come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"Not within {PATIENCE_SECONDS} s: {what}.")
        time.sleep(0.1)


def environment() -> dict[str, str]:
    """For processes that share this test's database, on a broker database of their own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "scheduler_project.settings.test",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": broker_url(7),
    }


@contextmanager
def running(*arguments: str) -> Iterator[None]:
    """A Celery process; ended as an operator ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "scheduler_project", *arguments],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def make_everything_due() -> None:
    """Tell beat that each of its tasks ran long ago, so that the test need not wait for the first hour."""
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        seconds = int(entry["schedule"].total_seconds())
        every, _ = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
        PeriodicTask.objects.create(
            name=name,
            task=entry["task"],
            interval=every,
            last_run_at=timezone.now() - timedelta(days=2),
        )


def test_worker_and_beat_free_holds_make_slots_and_relay_the_outbox() -> None:
    rule = WeeklyRuleFactory()
    PersonFactory(location=rule.location)
    lapsing = SlotFactory()
    WeeklyRuleFactory(location=lapsing.location)
    held = hold(lapsing)
    past = held.holds.get().expires_at - timedelta(hours=1)
    Hold.objects.update(expires_at=past)
    held.holds.get().events.update(expires_at=past)
    slot = SlotFactory()
    session = new_visit(slot.organization).session
    confirmed = book(slot, actor=Actor.session(slot.organization_id, session.id))
    make_everything_due()

    with running("worker", "--concurrency", "1", "--loglevel", "ERROR"), running("beat"):
        eventually(lambda: Booking.objects.get(id=held.id).status == "expired", "the held booking expires")
        eventually(lambda: SlotInstance.objects.filter(location=rule.location).exists(), "slots are made")
        eventually(
            lambda: not OutboxMessage.objects.filter(relayed_at=None).exists(), "the outbox is relayed"
        )

    assert counters(lapsing) == (0, 0, "open")
    assert BookingSession.objects.get(id=session.id).status == "completed"
    assert BookingSession.objects.get(id=session.id).booking_id == confirmed.id
    assert list(find_violations()) == []
