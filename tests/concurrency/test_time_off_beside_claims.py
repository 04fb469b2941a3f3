"""Somebody goes away at the very moment at which customers take that time.

Its twin takes the lock away, to show that it is the lock that does it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.availability import occupancy
from apps.availability.commands.add_time_off import add_time_off
from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.availability.models import CalendarEvent, Resource, SlotInstance, TimeOff
from apps.availability.time_off.changes import TimeOffResult
from apps.bookings.models import Booking
from apps.core.invariants import find_violations
from tests.availability.support import at, slots_every, take
from tests.availability.time_off.support import away, details, staff
from tests.bookings.support import book, hold
from tests.conftest import Race
from tests.factories.availability import PersonFactory

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

SLOTS = 6


def going_away(person: Resource, hour: int = 9) -> Callable[[], TimeOffResult]:
    """From so many o'clock to five, over all of the slots."""
    return lambda: add_time_off(
        actor=staff(person), resource_id=person.id, details=details(hour, (17 - hour) * 60)
    )


def wanting(slots: list[SlotInstance], take_it: Callable[[SlotInstance], Booking]) -> list[Callable[[], Any]]:
    """Somebody for each slot, ready to go."""
    fresh = SlotInstance.objects.select_related("organization__policy").in_bulk([slot.id for slot in slots])
    return [partial(take_it, slot) for slot in fresh.values()]


class TestTimeOffBesideClaims:
    @pytest.mark.parametrize("take_it", [hold, book])
    def test_each_claim_came_before_and_stays_or_after_and_is_refused(
        self, race: Race, take_it: Callable[[SlotInstance], Booking]
    ) -> None:
        anna = PersonFactory()
        slots = slots_every(anna, step=30, length=30, count=SLOTS)

        result, *claims = race([going_away(anna), *wanting(slots, take_it)])

        kinds = {type(claim).__name__ for claim in claims}
        assert kinds <= {"Booking", "SlotFull"}, claims
        visits = [claim for claim in claims if isinstance(claim, Booking)]
        if take_it is book:
            # Who was only holding at that moment is in the way as soon as they confirm: never more than all.
            assert {one.booking_id for one in result.in_the_way} <= {visit.id for visit in visits}
        assert CalendarEvent.objects.filter(active=True).exclude(type="vacation").count() == len(visits)
        assert list(find_violations()) == []

    def test_whatever_goes_while_it_changes_is_followed(self, race: Race) -> None:
        anna = PersonFactory()
        slots = slots_every(anna, step=30, length=30, count=SLOTS)
        events = [take(anna, at(30 * number)) for number in range(SLOTS)]
        vacation = away(anna, 9, 480).time_off

        def free(event: CalendarEvent) -> None:
            with transaction.atomic():
                occupancy.lock_resources(anna.organization_id, [anna.id])
                occupancy.free([event])

        def cancel() -> TimeOff:
            return cancel_time_off(actor=staff(anna), time_off_id=vacation.id)

        race([*(partial(free, event) for event in events[:3]), going_away(anna, 11), cancel])

        assert list(find_violations()) == []
        assert SlotInstance.objects.filter(status="open").count() == 2  # ten and half past: before eleven
        assert len(slots) == SLOTS


class TestWithoutTheLock:
    def test_time_off_and_claims_run_into_each_other(self, race: Race, without_the_lock: None) -> None:
        seen: list[str] = []
        for _ in range(10):
            anna = PersonFactory()
            slots = slots_every(anna, step=30, length=30, count=SLOTS)
            results = race([going_away(anna), *wanting(slots, hold)])
            seen += [str(error) for error in results if isinstance(error, IntegrityError)]
            seen += [violation.rule for violation in find_violations()]
            if seen:
                break

        assert any("event_no_lane_twice" in one or one.startswith("time_off") for one in seen), seen
