"""Whichever round trip of a booking is lost, and however: a retry finds one effect, or makes it."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import close_old_connections, connection

from apps.audit.models import AuditEntry
from apps.availability.models import CalendarEvent
from apps.bookings.models import Booking, Customer, Hold
from apps.core import outbox, wire
from apps.core.invariants import find_violations
from apps.core.models import IdempotencyRecord, OutboxMessage
from apps.core.wire import Answer, Statement
from tests.factories.availability import SlotFactory
from tests.widget_client import WidgetClient

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

Send = Callable[[Sequence[Statement]], list[Answer]]
KILL = "SELECT pg_terminate_backend(pg_backend_pid())"
DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION 'you are the victim' USING ERRCODE = 'deadlock_detected'; END $$"


def lost_before(raw: Any, send: Send, statements: Sequence[Statement]) -> list[Answer]:
    raw.close()
    return send(statements)


def lost_within(_raw: Any, send: Send, statements: Sequence[Statement]) -> list[Answer]:
    return send([*statements, (KILL, ())])


def lost_after(raw: Any, send: Send, statements: Sequence[Statement]) -> list[Answer]:
    send(statements)
    raw.close()
    raise psycopg.OperationalError("The answer is lost.")


def deadlock(_raw: Any, send: Send, statements: Sequence[Statement]) -> list[Answer]:
    return send([*statements, (DEADLOCK, ())])


class Trips:
    """Counts the round trips of requests, and lets one of them fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left: int | None = None
        self.fail = lost_before
        send = wire._Wire.run

        def run(own: Any, statements: Sequence[Statement], *, commits: bool) -> list[Answer]:
            if self.left is not None:
                self.left -= 1
            if self.left == 0:
                return self.fail(own.raw, lambda them: send(own, them, commits=commits), statements)
            return send(own, statements, commits=commits)

        monkeypatch.setattr(wire._Wire, "run", run)


def insist(widget: WidgetClient, path: str, body: Any = None) -> Any:
    """Ask with one key until there is an answer."""
    while True:
        answer = widget.post(path, body, key=f"once {path}")
        assert not connection.in_atomic_block
        close_old_connections()  # as each request begins
        if answer.status_code < 500:
            return answer


@pytest.mark.parametrize("fail", [lost_before, lost_within, lost_after, deadlock])
def test_a_booking_is_made_once(fail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(outbox, "_nudge", lambda: told.append(OutboxMessage.objects.count()))
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
    connection.close()
    trips = Trips(monkeypatch)
    trips.fail = fail

    for visits in count(1):
        slot = SlotFactory.create()
        widget = WidgetClient(slot.organization)
        trips.left = visits
        customer = {"name": "Ada", "phone": f"303 555 {visits:04d}"}
        held = insist(widget, "/v1/bookings", {"slot_id": str(slot.id), "customer": customer})
        confirmed = insist(widget, f"/v1/bookings/{held.json()['id']}/confirm")
        never_failed, trips.left = trips.left > 0, None

        assert (held.status_code, confirmed.status_code) == (201, 200)
        assert {model._default_manager.count() for model in (Booking, Hold, Customer, CalendarEvent)} == {
            visits
        }
        assert IdempotencyRecord.objects.count() == 2 * visits
        assert OutboxMessage.objects.count() == AuditEntry.objects.count() == 3 * visits
        slot.refresh_from_db()
        assert (slot.booked, slot.hold) == (1, 0)
        if never_failed:
            assert visits > 5
            break

    # Two messages go with the first commit, one with the second. Each is told of after it, once if at all.
    due = Counter(n for visit in range(visits) for n in [3 * visit + 2, 3 * visit + 2, 3 * visit + 3])
    assert Counter(told) <= due
    assert not list(find_violations())
