"""Serving more or fewer at the same time."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.models import AuditEntry
from apps.availability import occupancy
from apps.availability.commands.set_capacity import CapacityResult, set_capacity
from apps.availability.errors import CapacityInUse, SlotFull
from apps.availability.lanes import Occupant, peak_in_use
from apps.availability.models import CalendarEvent, Resource, SlotInstance
from apps.availability.places.capacity import pack
from apps.availability.places.previews import preview_capacity
from apps.bookings.models import Booking, Hold
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from tests.availability.support import at, take
from tests.availability.time_off.support import away, generate, span, staff
from tests.bookings.support import book, hold
from tests.factories.availability import PersonFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trio() -> Resource:
    trio = PersonFactory(capacity=3, name="Chairs")
    WeeklyRuleFactory(location=trio.location, end_time=time(12), slot_capacity=3)
    generate(trio)
    return trio


@pytest.fixture(autouse=True)
def nothing_is_broken_in_the_end(set_now: Callable[[datetime], None]) -> Iterator[None]:
    yield
    assert list(find_violations()) == []


def free(event: CalendarEvent) -> None:
    with transaction.atomic():
        occupancy.lock_resources(event.organization_id, [event.resource_id] if event.resource_id else [])
        occupancy.free([event])


def change(resource: Resource, capacity: int) -> CapacityResult:
    return set_capacity(actor=staff(resource), resource_id=resource.id, capacity=capacity)


def preview(resource: Resource, capacity: int) -> tuple[bool, str]:
    seen = preview_capacity(
        organization_id=resource.organization_id, resource_id=resource.id, capacity=capacity
    )
    return seen.possible, " ".join(seen.sentences)


def seats(resource: Resource) -> set[int]:
    return set(SlotInstance.objects.filter(resource=resource).values_list("capacity", flat=True))


class TestRaising:
    def test_gives_the_new_places_to_slots_at_once(self) -> None:
        anna = PersonFactory()
        WeeklyRuleFactory(location=anna.location, slot_capacity=2)
        generate(anna)
        assert seats(anna) == {1}

        change(anna, 3)

        assert seats(anna) == {2}  # the hours do not allow more

    def test_closes_the_new_places_of_time_off_too(self) -> None:
        anna = PersonFactory()
        WeeklyRuleFactory(location=anna.location, slot_capacity=2)
        generate(anna)
        slot = SlotInstance.objects.select_related("organization__policy").get(start_at=at(0).start)
        book(slot)
        away(anna, 9, 480)

        change(anna, 2)

        with pytest.raises(SlotFull):
            hold(slot)
        lanes = (
            CalendarEvent.objects.pieces_of_time_off().order_by("starts_at").values_list("lanes", flat=True)
        )
        assert list(lanes) == [(0, 1), (1,), (0, 1)]

    def test_is_always_possible(self, trio: Resource) -> None:
        possible, words = preview(trio, 5)

        assert possible
        assert "Chairs would serve 5 at the same time instead of 3." in words


class TestLapsedHolds:
    """They never count, whether or not a sweep has been there."""

    @pytest.fixture
    def lapsed(self, trio: Resource, set_now: Callable[[datetime], None]) -> list[Booking]:
        slot = SlotInstance.objects.select_related("organization__policy").get(start_at=at(0).start)
        held = [hold(slot) for _ in range(3)]
        set_now(max(booking.holds.get().expires_at for booking in held))
        return held

    def test_are_in_nobodys_way(self, trio: Resource, lapsed: list[Booking]) -> None:
        possible, _ = preview(trio, 1)
        result = change(trio, 1)

        assert possible
        assert (result.resource.capacity, result.moved) == (1, 0)
        assert seats(trio) == {1}

    def test_are_ended_first_with_their_bookings(self, trio: Resource, lapsed: list[Booking]) -> None:
        change(trio, 1)

        assert set(Hold.objects.values_list("status", flat=True)) == {"expired"}
        assert {Booking.objects.get(id=booking.id).status for booking in lapsed} == {"expired"}
        slot = SlotInstance.objects.get(start_at=at(0).start)
        assert (slot.booked, slot.hold, slot.status) == (0, 0, "open")

    def test_with_time_off_behind_them_leave_the_time_to_it(
        self, trio: Resource, lapsed: list[Booking]
    ) -> None:
        away(trio, 9, 480)

        possible, _ = preview(trio, 1)
        change(trio, 1)

        assert possible
        assert SlotInstance.objects.get(start_at=at(0).start).status == "blocked"

    def test_that_are_still_alive_count(self, trio: Resource) -> None:
        slot = SlotInstance.objects.select_related("organization__policy").get(start_at=at(0).start)
        hold(slot), hold(slot)

        assert not preview(trio, 1)[0]
        with pytest.raises(CapacityInUse):
            change(trio, 1)


class TestLowering:
    def test_as_far_as_what_is_booked_fits(self, trio: Resource) -> None:
        take(trio, at(0), party=2)

        change(trio, 2)

        assert seats(trio) == {2}

    def test_moves_visits_together_where_they_fit_so(self, trio: Resource) -> None:
        take(trio, at(0))
        gone, third = take(trio, at(0, 60)), take(trio, at(0, 90))
        free(gone)

        possible, words = preview(trio, 2)
        result = change(trio, 2)

        assert possible
        assert "No visit changes its time." in words
        third.refresh_from_db()
        assert (result.moved, third.lanes, third.starts_at) == (1, (1,), at(0).start)

    def test_not_below_what_is_taken_at_one_moment_and_says_when(self, trio: Resource) -> None:
        take(trio, at(0), party=2)
        take(trio, at(0))

        with pytest.raises(CapacityInUse) as caught:
            change(trio, 2)

        assert caught.value.detail == (
            "On Monday, 14 January 2030 at 10:00 (America/Denver), 3 places are taken at the same time: "
            "more than 2. Move or cancel visits there first."
        )
        assert caught.value.data == {"starts_at": "2030-01-14T17:00:00Z", "in_use": 3}
        assert preview(trio, 2) == (
            False,
            f"Chairs would serve 2 at the same time instead of 3. {caught.value.detail}",
        )
        trio.refresh_from_db()
        assert trio.capacity == 3

    def test_time_off_is_no_obstacle(self, trio: Resource) -> None:
        vacation = away(trio, 9, 480).time_off

        change(trio, 1)

        (piece,) = CalendarEvent.objects.filter(time_off=vacation, active=True)
        assert (piece.lanes, piece.starts_at, piece.ends_at) == ((0,), *span(9, 17))

    def test_visits_move_even_inside_time_off(self, trio: Resource) -> None:
        gone, second = take(trio, at(0, 60)), take(trio, at(0, 90))
        away(trio, 9, 480)
        free(gone)

        change(trio, 1)

        second.refresh_from_db()
        pieces = CalendarEvent.objects.pieces_of_time_off().order_by("starts_at")
        assert second.lanes == (0,)
        assert [(piece.starts_at, piece.ends_at, piece.lanes) for piece in pieces] == [
            (*span(9, 10), (0,)),
            (*span(11.5, 17), (0,)),
        ]

    def test_what_is_over_needs_no_place(self, trio: Resource, set_now: Callable[[datetime], None]) -> None:
        take(trio, at(0), party=3)
        set_now(at(0).end)

        change(trio, 1)

        assert SlotInstance.objects.get(resource=trio, start_at=at(0).start).capacity == 3


class TestBoth:
    def test_the_same_again_changes_nothing(self, trio: Resource) -> None:
        assert change(trio, 3).slots.updated == 0
        assert not AuditEntry.objects.filter(action="availability.resource.capacity_set").exists()
        assert preview(trio, 3) == (True, "That is what it is now: nothing changes.")

    def test_is_in_the_log(self, trio: Resource) -> None:
        change(trio, 5)

        entry = AuditEntry.objects.get(action="availability.resource.capacity_set")
        assert (entry.old, entry.new) == ({"capacity": 3}, {"capacity": 5})

    @pytest.mark.parametrize("capacity", [0, 1001])
    def test_says_what_is_possible_at_all(self, trio: Resource, capacity: int) -> None:
        with pytest.raises(InvalidInput):
            change(trio, capacity)
        with pytest.raises(InvalidInput):
            preview(trio, capacity)

    def test_of_another_business_there_are_none(self, trio: Resource) -> None:
        with pytest.raises(NotFound):
            set_capacity(actor=Actor.system(new_id()), resource_id=trio.id, capacity=4)
        with pytest.raises(NotFound):
            preview_capacity(organization_id=new_id(), resource_id=trio.id, capacity=4)


visits = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(1, 3)), max_size=12)


class TestPacking:
    @given(visits=visits, capacity=st.integers(1, 5))
    def test_fits_whenever_the_peak_does(self, visits: list[tuple[int, int, int]], capacity: int) -> None:
        # Each in places of its own, far too many: packing has to bring them together.
        occupants = [
            Occupant(UUID(int=number), at(start, length), tuple(range(10 * number, 10 * number + party)))
            for number, (start, length, party) in enumerate(visits)
        ]

        packing = pack(occupants, capacity=capacity)

        peak = peak_in_use(occupants, at(0, 100))
        assert (packing.conflict is None) == (peak <= capacity)
        if packing.conflict is None:
            packed = [(one.period, set(packing.moved.get(one.id, one.lanes))) for one in occupants]
            assert all(max(lanes) < capacity for _, lanes in packed)
            assert all(
                not (lanes & others)
                for index, (period, lanes) in enumerate(packed)
                for other, others in packed[:index]
                if other.overlaps(period)
            )
