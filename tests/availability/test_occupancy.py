"""Taking and freeing time: lanes, counters, and what the database itself refuses."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import TimestamptzRange

from apps.availability import occupancy
from apps.availability.errors import SlotFull
from apps.availability.models import CalendarEvent, EventType, Resource, SlotInstance
from apps.core.clock import app_now
from apps.core.errors import NotFound
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from tests.availability.support import at, counters, day_off, minutes, slots_every, take
from tests.conftest import Race
from tests.factories.availability import PersonFactory, SlotFactory

pytestmark = pytest.mark.django_db

OPEN = (0, 0, "open")


@pytest.fixture
def anna() -> Resource:
    return PersonFactory()


@pytest.fixture
def trio() -> Resource:
    """Somebody who serves three at once."""
    return PersonFactory(capacity=3)


@pytest.fixture(autouse=True)
def nothing_is_broken_in_the_end() -> Any:
    yield
    assert list(find_violations()) == []


def free(event: CalendarEvent) -> None:
    with transaction.atomic():
        occupancy.lock_resources(event.organization_id, [event.resource_id] if event.resource_id else [])
        occupancy.free([event])


def soon() -> datetime:
    return app_now() + minutes(10)


class TestTake:
    def test_a_free_time_is_taken_once(self, anna: Resource) -> None:
        take(anna, at(0))
        with pytest.raises(SlotFull):
            take(anna, at(15))

        assert CalendarEvent.objects.for_organization(anna.organization_id).count() == 1

    def test_neighbours_touch_without_a_clash(self, anna: Resource) -> None:
        take(anna, at(30))
        take(anna, at(0))
        take(anna, at(60))

    def test_buffers_of_neighbours_add_up(self, anna: Resource) -> None:
        take(anna, at(0), buffer_after=minutes(15))
        with pytest.raises(SlotFull):
            take(anna, at(59), buffer_before=minutes(15))

        assert take(anna, at(60), buffer_before=minutes(15)).starts_at == at(60).start

    def test_the_visit_is_what_people_see_and_the_buffers_are_occupied(self, anna: Resource) -> None:
        event = take(anna, at(0), buffer_before=minutes(5), buffer_after=minutes(10))

        assert (event.starts_at, event.ends_at) == (at(0).start, at(0).end)
        assert event.occupied == TimestamptzRange(at(-5).start, at(10).end)

    def test_parties_take_the_lowest_lanes(self, trio: Resource) -> None:
        assert take(trio, at(0), party=2).lanes == (0, 1)
        assert take(trio, at(0)).lanes == (2,)
        assert take(trio, at(30), party=3).lanes == (0, 1, 2)

    def test_a_party_that_does_not_fit_changes_nothing(self, trio: Resource) -> None:
        (slot,) = slots_every(trio, step=30, length=30, count=1)
        take(trio, at(0), party=2)
        with pytest.raises(SlotFull):
            take(trio, at(0), party=2)

        assert counters([slot]) == [(2, 0, "partial")]

    def test_a_count_limit_below_the_capacity_holds(self, trio: Resource) -> None:
        take(trio, at(0), count_limit=2)
        take(trio, at(0), count_limit=2)
        with pytest.raises(SlotFull):
            take(trio, at(0), count_limit=2)

        take(trio, at(0), count_limit=3)

    def test_the_resources_of_others_are_not_there(self, anna: Resource) -> None:
        with pytest.raises(NotFound), transaction.atomic():
            occupancy.lock_resources(new_id(), [anna.id])


class TestPacking:
    def test_swaps_two_who_are_there_at_the_same_time_in_one_statement(self) -> None:
        pair = PersonFactory(capacity=2)
        second = take(pair, at(10))  # lane 0
        first = take(pair, at(0))  # lane 1
        gone = take(pair, at(40, 20))  # lane 0
        take(pair, at(40, 20))  # lane 1
        free(gone)
        # Half an hour from 30 on: one seat is free throughout, but in no one lane.
        with CaptureQueriesContext(connection) as queries:
            event = take(pair, at(30))

        updates = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "availability_calendarevent"')]
        assert len(updates) == 1, "row by row, the swap would run into the constraint"
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.lanes, second.lanes, event.lanes) == ((0,), (1,), (0,))

    def test_after_a_raise_an_old_event_may_move_into_a_new_lane(self) -> None:
        some = PersonFactory(capacity=2)
        old = take(some, at(20))  # lane 0, of two
        Resource.objects.for_organization(some.organization_id).update(capacity=3)
        take(some, at(0))
        take(some, at(0))
        gone = take(some, at(50))
        take(some, at(50))
        take(some, at(60, 20))
        free(gone)

        take(some, at(30, 50))

        old.refresh_from_db()
        assert (old.lanes, old.lane_limit) == ((2,), 3)

    def test_leaves_alone_whoever_is_not_in_the_way(self, trio: Resource) -> None:
        elsewhere = take(trio, at(300), party=2)
        take(trio, at(0))
        take(trio, at(0), party=2)
        elsewhere.refresh_from_db()

        assert elsewhere.lanes == (0, 1)


class TestCounters:
    def test_a_visit_counts_in_every_slot_that_shares_its_time(self, anna: Resource) -> None:
        # Every quarter of an hour, half an hour long: neighbours overlap.
        slots = slots_every(anna, step=15, length=30, count=5)
        take(anna, at(30))

        assert counters(slots) == [OPEN, (1, 0, "blocked"), (1, 0, "blocked"), (1, 0, "blocked"), OPEN]

    def test_a_hold_counts_as_a_hold(self, anna: Resource) -> None:
        slots = slots_every(anna, step=15, length=30, count=3)
        take(anna, at(0), expires_at=soon())

        assert counters(slots) == [(0, 1, "full"), (0, 1, "full"), OPEN]

    def test_buffers_count_too(self, anna: Resource) -> None:
        slots = slots_every(anna, step=30, length=30, count=3)
        take(anna, at(30), expires_at=soon(), buffer_before=minutes(1), buffer_after=minutes(1))

        assert counters(slots) == [(0, 1, "full")] * 3

    def test_the_peak_counts_not_the_sum(self, trio: Resource) -> None:
        (slot,) = slots_every(trio, step=60, length=60, count=1)
        take(trio, at(0), expires_at=soon())
        take(trio, at(30), expires_at=soon())

        assert counters([slot]) == [(0, 1, "partial")]

    def test_parties_count_by_their_seats(self, trio: Resource) -> None:
        (slot,) = slots_every(trio, step=30, length=30, count=1)
        take(trio, at(0), party=2, expires_at=soon())
        assert counters([slot]) == [(0, 2, "partial")]
        take(trio, at(0), expires_at=soon())
        assert counters([slot]) == [(0, 3, "full")]

    def test_a_slot_below_the_resources_capacity_never_counts_more_than_its_own(self, trio: Resource) -> None:
        (slot,) = slots_every(trio, step=30, length=30, count=1, capacity=2)
        take(trio, at(0), party=3, expires_at=soon())

        assert counters([slot]) == [(0, 2, "full")]

    def test_time_off_that_takes_the_last_lane_blocks(self, trio: Resource) -> None:
        (slot,) = slots_every(trio, step=30, length=30, count=1)
        day_off(trio, at(0))

        assert counters([slot]) == [(3, 0, "blocked")]

    def test_time_off_that_leaves_a_lane_does_not_block(self, trio: Resource) -> None:
        (slot,) = slots_every(trio, step=30, length=30, count=1)
        take(trio, at(0), party=2)

        assert counters([slot]) == [(2, 0, "partial")]

    def test_time_off_beside_a_hold_blocks_only_when_it_alone_fills(self, trio: Resource) -> None:
        (slot,) = slots_every(trio, step=30, length=30, count=1)
        take(trio, at(0), expires_at=soon())
        take(trio, at(0), party=2)

        assert counters([slot]) == [(2, 1, "full")]

    def test_freeing_brings_them_back(self, trio: Resource) -> None:
        slots = slots_every(trio, step=15, length=30, count=4)
        event = take(trio, at(0, 45), party=3, expires_at=soon())
        free(event)
        free(event)

        assert counters(slots) == [OPEN] * 4
        assert not CalendarEvent.objects.get(id=event.id).active

    def test_a_lapsed_hold_counts_until_it_is_ended_but_is_in_nobodys_way(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        (slot,) = slots_every(anna, step=30, length=30, count=1)
        event = take(anna, at(0), expires_at=soon())
        set_now(soon())
        assert counters([slot]) == [(0, 1, "full")]

        free(event)
        take(anna, at(0))
        assert counters([slot]) == [(1, 0, "blocked")]

    def test_recounting_again_changes_nothing(self, anna: Resource) -> None:
        slots_every(anna, step=15, length=30, count=3)
        take(anna, at(0))

        assert occupancy.recount(anna.id, at(0, 120)) == 0

    def test_a_drift_is_found_and_mended(self, anna: Resource) -> None:
        (slot,) = slots_every(anna, step=30, length=30, count=1)
        SlotInstance.objects.filter(id=slot.id).update(booked=1, status="full")
        assert [violation.rule for violation in find_violations()] == ["counters_match"]

        assert occupancy.recount(anna.id, at(0)) == 1
        assert counters([slot]) == [OPEN]


class TestEnsureRoom:
    def test_who_cannot_fit_is_turned_away_by_the_counters(self) -> None:
        slot = SlotFactory.build(
            capacity=2, booked=1, hold=1, resource=None, location=None, organization=None
        )
        occupancy.ensure_room_by_counters(slot, party=1)
        with pytest.raises(SlotFull):
            occupancy.ensure_room_by_counters(slot, party=2)


def row(person: Resource, **changes: Any) -> CalendarEvent:
    """An event as somebody might write it past all commands."""
    fields: dict[str, Any] = {
        "organization_id": person.organization_id,
        "resource": person,
        "type": EventType.MEETING,
        "starts_at": at(0).start,
        "ends_at": at(0).end,
        "occupied": TimestamptzRange(at(0).start, at(0).end),
        "lanes": (0,),
        "lane_limit": 1,
    }
    return CalendarEvent(**fields | changes)


class TestWhatTheDatabaseRefuses:
    @pytest.mark.parametrize(
        ("constraint", "changes"),
        [
            ("event_type_is_known", {"type": "party"}),
            ("event_customer_iff_booking", {"type": EventType.CUSTOMER}),
            ("event_hold_iff_expiry", {"type": EventType.HOLD}),
            ("event_hold_iff_expiry", {"expires_at": at(0).start}),
            ("event_active_has_resource", {"resource": None}),
            ("event_active_has_resource", {"type": EventType.REMINDER}),
            ("event_ends_after_start", {"ends_at": at(0).start}),
            ("event_occupied_covers_visit", {"occupied": TimestamptzRange(at(5).start, at(0).end)}),
            ("event_occupied_covers_visit", {"occupied": TimestamptzRange(empty=True)}),
            ("event_lanes_within_limit", {"lanes": ()}),
            ("event_lanes_within_limit", {"lanes": (1,)}),
            ("event_lanes_within_limit", {"lanes": (-1,)}),
        ],
    )
    def test_bad_events(self, anna: Resource, constraint: str, changes: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            row(anna, **changes).save()

    def test_two_in_one_lane(self, trio: Resource) -> None:
        row(trio, lane_limit=3, lanes=(0, 2)).save()
        row(trio, lane_limit=3, lanes=(1,)).save()
        with pytest.raises(IntegrityError, match="event_no_lane_twice"), transaction.atomic():
            row(trio, lane_limit=3, lanes=(2,)).save()

    def test_but_not_two_of_whom_one_is_history(self, anna: Resource) -> None:
        row(anna, active=False).save()
        row(anna).save()

    def test_nor_two_on_two_resources(self, anna: Resource) -> None:
        row(anna).save()
        row(PersonFactory(location=anna.location)).save()

    def test_an_inactive_reminder_needs_nobody(self, anna: Resource) -> None:
        row(anna, type=EventType.REMINDER, active=False, resource=None).save()

    @pytest.mark.parametrize(
        ("constraint", "changes"),
        [
            ("slot_ends_after_start", {"end_at": at(0).start}),
            ("slot_counters_within_capacity", {"booked": 1, "hold": 1}),
            ("slot_counters_within_capacity", {"capacity": 0}),
            ("slot_status_is_known", {"status": "gone"}),
        ],
    )
    def test_bad_slots(self, anna: Resource, constraint: str, changes: dict[str, Any]) -> None:
        (slot,) = slots_every(anna, step=30, length=30, count=1)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            SlotInstance.objects.filter(id=slot.id).update(**changes)

    def test_one_slot_a_resource_and_start(self, anna: Resource) -> None:
        slots_every(anna, step=30, length=30, count=1)
        with pytest.raises(IntegrityError, match="slot_one_per_resource_and_start"), transaction.atomic():
            slots_every(anna, step=30, length=45, count=1)

    def test_a_second_pool(self) -> None:
        pool = PersonFactory(kind="pool")
        with pytest.raises(IntegrityError, match="resource_one_pool_per_location"), transaction.atomic():
            PersonFactory(kind="pool", location=pool.location)

    def test_nobody_serves_none(self) -> None:
        with pytest.raises(IntegrityError, match="resource_capacity_at_least_1"), transaction.atomic():
            PersonFactory(capacity=0)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestLocks:
    def test_those_who_lock_the_same_resources_in_any_order_take_turns(self, race: Race) -> None:
        first = PersonFactory()
        ids = [first.id, *(PersonFactory(location=first.location).id for _ in range(5))]
        inside: list[int] = []

        def locking(order: list[Any]) -> Callable[[], int]:
            def run() -> int:
                with transaction.atomic():
                    occupancy.lock_resources(first.organization_id, order)
                    inside.append(1)
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(0.01)")
                    seen = len(inside)
                    inside.pop()
                return seen

            return run

        assert race([locking(ids), locking(ids[::-1])] * 4) == [1] * 8

    def test_rows_that_point_at_a_locked_resource_can_be_inserted(self, race: Race) -> None:
        anna = PersonFactory()
        locked, inserted = threading.Event(), threading.Event()

        def lock() -> bool:
            with transaction.atomic():
                occupancy.lock_resources(anna.organization_id, [anna.id])
                locked.set()
                return inserted.wait(timeout=10)

        def insert() -> None:
            assert locked.wait(timeout=10)
            SlotFactory(resource=anna)
            inserted.set()

        assert race([lock, insert]) == [True, None]


class TestTimes:
    def test_claims_are_half_open(self) -> None:
        claim = occupancy.Claim(visit=at(0), buffer_before=timedelta(0), buffer_after=minutes(30))

        assert claim.occupied == at(0, 60)
