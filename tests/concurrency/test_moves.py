"""Visits that move at the same time: each time goes to one, and who loses keeps what they had."""

from collections.abc import Callable
from datetime import datetime

import pytest

from apps.availability.errors import SlotFull, SlotNotBookable
from apps.availability.models import CalendarEvent
from apps.bookings.commands.cancel_booking import cancel_booking
from apps.bookings.commands.reschedule_booking import reschedule_booking
from apps.bookings.models import Booking
from apps.bookings.placing.moving import NewTime
from apps.bookings.states import CancelReason
from apps.core.actors import Actor
from apps.core.errors import StaleVersion
from apps.core.invariants import find_violations
from tests.availability.support import denver
from tests.bookings.salon import Salon, a_salon
from tests.bookings.support import book
from tests.conftest import Race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def booked(salon: Salon, *, hour: int, day: int = 14) -> Booking:
    """A bare half hour of the master's."""
    slot = salon.people["Karina"].slots.select_related("organization__policy").get(start_at=denver(day, hour))
    return book(slot)


def moving(booking: Booking, start: datetime) -> Callable[[], Booking]:
    return lambda: reschedule_booking(
        actor=Actor.system(booking.organization_id),
        policy=booking.organization.policy,
        booking_id=booking.id,
        wanted=NewTime(start_at=start),
    )


def cancelling(booking: Booking) -> Callable[[], Booking]:
    return lambda: cancel_booking(
        actor=Actor.system(booking.organization_id),
        policy=booking.organization.policy,
        booking_id=booking.id,
        reason=CancelReason.OTHER,
    )


class TestManyToOneTime:
    def test_goes_to_one_and_the_others_stay(self, race: Race) -> None:
        salon = a_salon(students=0)
        bookings = [booked(salon, hour=hour) for hour in range(9, 15)]
        wanted = denver(15, 10)

        results = race([moving(one, wanted) for one in bookings])

        moved = [one for one in results if isinstance(one, Booking)]
        assert len(moved) == 1
        assert {type(one) for one in results} <= {Booking, SlotFull}
        for before in bookings:
            after = Booking.objects.get(id=before.id)
            assert after.starts_at in {before.starts_at, wanted}
        assert CalendarEvent.objects.filter(active=True).count() == len(bookings)
        assert list(find_violations()) == []


class TestTwoThatChangePlaces:
    def test_end_without_a_deadlock_and_nothing_is_lost(self, race: Race) -> None:
        salon = a_salon()
        first, second = booked(salon, hour=10), booked(salon, hour=11)

        results = race([moving(first, denver(14, 11)), moving(second, denver(14, 10))])

        assert {type(one) for one in results} <= {Booking, SlotFull, SlotNotBookable}
        assert CalendarEvent.objects.filter(active=True).count() == 2
        assert list(find_violations()) == []


class TestOneBookingMovedTwice:
    def test_one_of_them_is_told_that_it_has_changed(self, race: Race) -> None:
        one = booked(a_salon(), hour=10)

        results = race([moving(one, denver(15, hour)) for hour in (9, 10, 11, 12)])

        moved = [result for result in results if isinstance(result, Booking)]
        assert {type(result) for result in results} <= {Booking, StaleVersion}
        assert moved
        assert CalendarEvent.objects.filter(active=True).count() == 1
        assert list(find_violations()) == []


class TestMovedAndCancelled:
    def test_a_cancelled_visit_is_nowhere(self, race: Race) -> None:
        salon = a_salon()
        bookings = [booked(salon, hour=hour) for hour in (9, 10, 11)]

        results = race(
            [action for one in bookings for action in (moving(one, denver(15, 9)), cancelling(one))]
        )

        cancelled = Booking.objects.filter(status="cancelled").count()
        assert cancelled == sum(1 for one in results[1::2] if isinstance(one, Booking)) == len(bookings)
        assert not CalendarEvent.objects.filter(active=True).exists()
        assert list(find_violations()) == []
