"""A visit of two people whose time is over, freed from one side or the other, or by the sweep."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.models import CalendarEvent
from apps.bookings.checkout.checks import CheckoutWanted
from apps.bookings.commands.check_out import check_out
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.hold_booking import book_hold
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.refresh_hold import refresh_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.errors import HoldExpired
from apps.bookings.models import Booking, Hold
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from tests.availability.support import minutes
from tests.bookings.salon import Salon, a_salon
from tests.bookings.support import hold, somebody, visitor_of
from tests.factories.availability import SlotFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def salon() -> Salon:
    return a_salon()


def held(salon: Salon, *services: str, actor: Actor | None = None, **start: int) -> Hold:
    return place_hold(
        actor=actor or Actor.session(salon.organization.id, new_id()),
        policy=salon.organization.policy,
        wanted=salon.visit(*services, **start),
    )


@pytest.fixture
def lapsed(salon: Salon, set_now: Any) -> Hold:
    """The student from ten to half past, Karina from then to twelve; its time is over, but not swept."""
    hold = held(salon, "Wash", "Colour")
    set_now(hold.expires_at)
    return hold


def status_of(hold: Hold) -> str:
    hold.refresh_from_db()
    return hold.status


def busy(hold: Hold) -> set[str]:
    """Whose time it still has in the table."""
    events = CalendarEvent.objects.filter(hold=hold, active=True).select_related("resource")
    return {event.resource.name for event in events if event.resource}


class TestFreedFromOneSide:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ((("Wash",), (10, 0)), (("Colour",), (10, 30))),
            ((("Colour",), (10, 30)), (("Wash",), (10, 0))),
        ],
        ids=["student first", "master first"],
    )
    def test_it_ends_with_whoever_frees_the_last_of_it(
        self,
        salon: Salon,
        lapsed: Hold,
        first: tuple[tuple[str], tuple[int, int]],
        second: tuple[tuple[str], tuple[int, int]],
    ) -> None:
        held(salon, *first[0], hour=first[1][0], minute=first[1][1])

        assert (status_of(lapsed), len(busy(lapsed))) == ("active", 1)
        assert list(find_violations()) == []

        held(salon, *second[0], hour=second[1][0], minute=second[1][1])

        assert (status_of(lapsed), busy(lapsed)) == ("expired", set())
        assert OutboxMessage.objects.filter(name="hold.expired").count() == 1
        assert list(find_violations()) == []

    @pytest.mark.parametrize("services", ["Wash", "Colour"])
    def test_or_with_the_sweep(self, salon: Salon, lapsed: Hold, services: str) -> None:
        held(salon, services, hour=10 if services == "Wash" else 11)

        assert expire_holds() == 1
        assert (status_of(lapsed), busy(lapsed)) == ("expired", set())
        assert expire_holds() == 0
        assert list(find_violations()) == []

    def test_the_sweep_alone(self, lapsed: Hold) -> None:
        assert expire_holds() == 1
        assert (status_of(lapsed), busy(lapsed)) == ("expired", set())

    def test_whoever_wants_both_ends_it_at_once(self, salon: Salon, lapsed: Hold) -> None:
        held(salon, "Wash", "Colour")

        assert status_of(lapsed) == "expired"
        assert AuditEntry.objects.filter(action="bookings.hold.expired").count() == 1

    def test_half_of_it_gone_or_not_it_cannot_be_used_any_more(self, salon: Salon, lapsed: Hold) -> None:
        assert lapsed.session_id
        actor = Actor.session(salon.organization.id, lapsed.session_id)
        held(salon, "Wash")

        with pytest.raises(HoldExpired):
            refresh_hold(actor=actor, policy=salon.organization.policy, hold_id=lapsed.id)
        with pytest.raises(HoldExpired):
            release_hold(actor=actor, hold_id=lapsed.id)
        with pytest.raises(HoldExpired):
            book_hold(actor=actor, hold_id=lapsed.id, details=somebody())


class TestWithABooking:
    def test_it_expires_with_the_last_of_its_time(self, salon: Salon, set_now: Any) -> None:
        actor = Actor.session(salon.organization.id, new_id())
        hold = held(salon, "Wash", "Colour", actor=actor)
        booking = book_hold(actor=actor, hold_id=hold.id, details=somebody())
        set_now(hold.expires_at)

        held(salon, "Colour", hour=10, minute=30)
        assert Booking.objects.get().status == "held"
        with pytest.raises(HoldExpired):
            confirm_booking(actor=actor, booking_id=booking.id)

        held(salon, "Wash")
        assert Booking.objects.get().status == "expired"
        assert OutboxMessage.objects.filter(name="booking.expired").count() == 1
        assert list(find_violations()) == []


def test_reads_offer_the_time_before_anybody_has_swept(salon: Salon, lapsed: Hold) -> None:
    assert isinstance(lapsed.expires_at, datetime)
    again = held(salon, "Wash", "Colour")

    assert busy(again) == {"Student", "Karina"}


class TestTheSameCustomerAgain:
    """Their held booking has run out and no sweep has come by; they held the time anew before it did."""

    phone = "+13035550142"

    @pytest.fixture
    def anew(self, set_now: Callable[[datetime], None]) -> Hold:
        slot = SlotFactory.create(resource__capacity=2, capacity=2)
        ends = Hold.objects.get(booking=hold(slot, details=somebody(phone=self.phone))).expires_at
        set_now(ends - minutes(1))
        policy, wanted = slot.organization.policy, TimeWanted(slot_id=slot.id)
        placed = place_hold(actor=visitor_of(slot), policy=policy, wanted=wanted)
        set_now(ends)
        return placed

    def test_books_what_they_hold_now(self, anew: Hold) -> None:
        actor = Actor.session(anew.organization_id, anew.session_id or new_id())

        book_hold(actor=actor, hold_id=anew.id, details=somebody(phone=self.phone))

        assert sorted(Booking.objects.values_list("status", flat=True)) == ["expired", "held"]
        assert list(find_violations()) == []

    def test_checks_out_what_they_hold_now(self, anew: Hold) -> None:
        actor = Actor.session(anew.organization_id, anew.session_id or new_id())
        wanted = CheckoutWanted(hold_ids=(anew.id,), details=somebody(phone=self.phone))

        check_out(actor=actor, policy=anew.organization.policy, wanted=wanted)

        assert sorted(Booking.objects.values_list("status", flat=True)) == ["confirmed", "expired"]
        assert list(find_violations()) == []
