from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from apps.audit.models import AuditEntry
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.models import Hold
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from tests.bookings.support import book, counters, hold
from tests.factories.availability import TEN_O_CLOCK, SlotFactory

pytestmark = pytest.mark.django_db


class TestExpireHolds:
    def test_frees_the_time_and_ends_hold_and_booking(self, set_now: Any) -> None:
        slot = SlotFactory()
        booking = hold(slot)
        set_now(booking.holds.get().expires_at)

        assert expire_holds() == 1

        assert counters(slot) == (0, 0, "open")
        booking.refresh_from_db()
        assert (booking.status, booking.version) == ("expired", 2)
        assert Hold.objects.get().status == "expired"
        assert list(find_violations()) == []

    def test_leaves_what_is_still_alive(self, set_now: Any) -> None:
        booking = hold(SlotFactory())
        set_now(booking.holds.get().expires_at - timedelta(microseconds=1))

        assert expire_holds() == 0
        booking.refresh_from_db()
        assert booking.status == "held"

    def test_leaves_what_is_confirmed(self, set_now: Any) -> None:
        slot = SlotFactory()
        booking = book(slot)
        set_now(TEN_O_CLOCK + timedelta(days=1))

        assert expire_holds() == 0
        booking.refresh_from_db()
        assert booking.status == "confirmed"

    def test_says_so_in_the_log_and_on_the_outbox(self, set_now: Any) -> None:
        booking = hold(SlotFactory())
        set_now(booking.holds.get().expires_at)

        expire_holds()

        names = set(OutboxMessage.objects.values_list("name", flat=True))
        assert {"hold.expired", "booking.expired"} <= names
        entry = AuditEntry.objects.get(action="bookings.booking.expired")
        assert (entry.actor_label, entry.booking_id) == ("Hold expiry", booking.id)

    def test_the_command_says_how_many(self, set_now: Any, capsys: pytest.CaptureFixture[str]) -> None:
        set_now(hold(SlotFactory()).holds.get().expires_at)

        call_command("expire_holds")

        assert capsys.readouterr().out == "1 hold freed.\n"
