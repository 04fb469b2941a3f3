"""Which bookings time off was added over."""

import pytest

from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.bookings.to_move import BookingToMove, bookings_to_move
from tests.availability.time_off.support import away, staff
from tests.bookings.support import book
from tests.factories.availability import SlotFactory

pytestmark = pytest.mark.django_db


class TestBookingsToMove:
    def test_are_named_as_staff_know_them(self) -> None:
        slot = SlotFactory()
        booking = book(slot)

        vacation = away(slot.resource, 9, 480).time_off

        assert bookings_to_move(vacation) == [
            BookingToMove(
                booking_id=booking.id,
                reference=booking.reference,
                status="confirmed",
                services=booking.lines.get().title,
                starts_at=slot.start_at,
                ends_at=slot.end_at,
            )
        ]

    def test_name_the_customer_only_where_that_is_asked_for(self) -> None:
        slot = SlotFactory()
        booking = book(slot)
        vacation = away(slot.resource, 9, 480).time_off

        (named,) = bookings_to_move(vacation, with_customers=True)

        assert named.customer == str(booking.customer)

    def test_are_none_once_it_is_cancelled(self) -> None:
        slot = SlotFactory()
        book(slot)
        vacation = away(slot.resource, 9, 480).time_off

        assert bookings_to_move(cancel_time_off(actor=staff(slot.resource), time_off_id=vacation.id)) == []
