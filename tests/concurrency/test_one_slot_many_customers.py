"""Fifty people want the same slot: exactly as many get it as it has seats.

Its twins take the guards away one by one, to show that it is they who do it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection

from apps.availability.models import CalendarEvent, SlotInstance
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.models import Booking
from apps.core.invariants import find_violations
from tests.bookings.support import counters, hold, somebody, visitor_of
from tests.conftest import Race
from tests.factories.availability import SlotFactory

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

CLIENTS = 50


def want(slot: SlotInstance) -> Callable[[], Booking]:
    """Somebody who wants this slot, ready to go."""
    fresh = SlotInstance.objects.select_related("organization__policy").get(id=slot.id)
    details, actor = somebody(), visitor_of(slot)
    return lambda: hold(fresh, actor=actor, details=details)


def outcomes(results: list[Any]) -> Counter[str]:
    """How often each kind of result came."""
    return Counter(type(result).__name__ for result in results)


class TestOneSlotManyCustomers:
    @pytest.mark.parametrize("capacity", [1, 3, 50])
    def test_as_many_get_it_as_it_has_seats(
        self, race: Race, capacity: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        slot = SlotFactory(capacity=capacity)

        results = race([want(slot) for _ in range(CLIENTS)])

        expected = {"Booking": capacity} | ({"SlotFull": CLIENTS - capacity} if capacity < CLIENTS else {})
        assert outcomes(results) == expected
        assert "deadlock" not in caplog.text  # a retried one would have been logged
        assert counters(slot) == (0, capacity, "full")
        assert CalendarEvent.objects.filter(active=True).count() == capacity
        assert list(find_violations()) == []

    def test_holds_and_confirms_of_many_end_in_exact_counters(self, race: Race) -> None:
        slot = SlotFactory(capacity=3)

        def hold_and_confirm() -> Booking:
            actor = visitor_of(slot)
            booking = hold(slot, actor=actor)
            return confirm_booking(actor=actor, booking_id=booking.id)

        results = race([hold_and_confirm for _ in range(20)])

        assert outcomes(results) == {"Booking": 3, "SlotFull": 17}
        assert counters(slot) == (3, 0, "full")
        assert list(find_violations()) == []

    def test_parties_never_overfill_and_never_leave_a_seat_that_fits(self, race: Race) -> None:
        slot = SlotFactory(capacity=7)

        results = race([lambda: hold(slot, party_size=2) for _ in range(12)])

        assert outcomes(results) == {"Booking": 3, "SlotFull": 9}
        assert counters(slot)[1] == 6


@pytest.fixture
def without_the_constraint() -> Iterator[None]:
    """The table accepts two events in one lane; put back afterwards, whatever happens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'event_no_lane_twice'"
        )
        definition = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE availability_calendarevent DROP CONSTRAINT event_no_lane_twice")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE availability_calendarevent CASCADE")
            cursor.execute(
                f"ALTER TABLE availability_calendarevent ADD CONSTRAINT event_no_lane_twice {definition}"
            )


class TestWithoutTheGuards:
    def test_without_the_lock_claims_run_into_the_constraint(
        self, race: Race, without_the_lock: None
    ) -> None:
        slot = SlotFactory(capacity=3)

        results = race([want(slot) for _ in range(CLIENTS)])

        clashes = [result for result in results if isinstance(result, IntegrityError)]
        assert any("event_no_lane_twice" in str(error) for error in clashes), outcomes(results)
        # The backstop holds even so: nobody sits on anybody's lap.
        assert outcomes(results)["Booking"] <= 3

    def test_without_both_guards_somebody_is_booked_twice(
        self, race: Race, without_the_lock: None, without_the_constraint: None
    ) -> None:
        slot = SlotFactory(capacity=1)

        results = race([want(slot) for _ in range(CLIENTS)])

        assert outcomes(results)["Booking"] > 1
        assert any(violation.rule == "one_event_a_lane" for violation in find_violations())
