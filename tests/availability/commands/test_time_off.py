"""Being away: what is cut, what stays, what grows back."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.availability import occupancy
from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.availability.commands.change_time_off import change_time_off
from apps.availability.errors import InvalidRecurrence, SlotFull, TimeOffTwice
from apps.availability.models import CalendarEvent, EventType, Resource, SlotInstance, TimeOff
from apps.availability.offering.search import find_offers
from apps.availability.time_off.painting import materialize_time_off, not_materialized, zone_of
from apps.availability.time_off.queries import bookings_in_the_way
from apps.availability.types import VisitNeed
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.models import Booking
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from tests.availability.support import at, denver, minutes, take
from tests.availability.time_off.support import MONDAY, away, details, generate, pieces, span, staff
from tests.bookings.support import book, hold, visitor_of
from tests.factories.availability import PersonFactory, SlotFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Resource:
    return PersonFactory()


@pytest.fixture(autouse=True)
def nothing_is_broken_in_the_end(set_now: Callable[[datetime], None]) -> Iterator[None]:
    yield
    assert list(find_violations()) == []


def slot_at(resource: Resource, hour: int, minute: int = 0, **fields: Any) -> SlotInstance:
    return SlotFactory(
        resource=resource,
        start_at=denver(14, hour, minute),
        capacity=fields.pop("capacity", resource.capacity),
        **fields,
    )


def give_up(booking: Booking) -> None:
    """What every command that ends a booking does to its time."""
    with transaction.atomic():
        events = list(CalendarEvent.objects.filter(booking=booking))
        occupancy.lock_resources(booking.organization_id, [e.resource_id for e in events if e.resource_id])
        Booking.objects.filter(id=booking.id).update(status="cancelled", cancelled_at=denver(14, 8))
        occupancy.free(events)


class TestAdding:
    def test_takes_all_of_the_free_time(self, anna: Resource) -> None:
        slot = slot_at(anna, 12)

        result = away(anna, 12, 60, note="Dentist")

        assert pieces(result.time_off) == [span(12, 13)]
        slot.refresh_from_db()
        assert slot.status == "blocked"
        assert result.in_the_way == []

    def test_leaves_bookings_and_names_them(self, anna: Resource) -> None:
        booking = book(slot_at(anna, 12))

        result = away(anna, 9, 480)

        assert pieces(result.time_off) == [span(9, 12), span(12.5, 17)]
        assert [(one.booking_id, one.starts_at) for one in result.in_the_way] == [
            (booking.id, denver(14, 12))
        ]
        booking.refresh_from_db()
        assert booking.status == "confirmed"

    def test_leaves_holds_but_they_need_no_moving(self, anna: Resource) -> None:
        hold(slot_at(anna, 12))

        result = away(anna, 9, 480)

        assert pieces(result.time_off) == [span(9, 12), span(12.5, 17)]
        assert result.in_the_way == []

    def test_is_cut_at_the_buffers_too(self, anna: Resource) -> None:
        anna.buffer_after_minutes = 15
        anna.save()
        book(slot_at(anna, 12))

        result = away(anna, 9, 480)

        assert pieces(result.time_off) == [span(9, 12), span(12.75, 17)]

    def test_nobody_books_into_it(self, anna: Resource) -> None:
        slot = slot_at(anna, 12)
        away(anna, 12)
        with pytest.raises(SlotFull):
            hold(slot)

    def test_nobody_books_beside_a_booking_in_it(self) -> None:
        trio = PersonFactory(capacity=3)
        slot = slot_at(trio, 12)
        book(slot)
        away(trio, 9, 480)
        with pytest.raises(SlotFull):
            hold(slot)

        slot.refresh_from_db()
        assert (slot.booked, slot.status) == (3, "blocked")

    def test_nothing_is_shown_in_it_beside_a_booking_of_just_as_many_places(self) -> None:
        pair = PersonFactory(capacity=2)
        WeeklyRuleFactory(location=pair.location, slot_capacity=2)
        generate(pair)
        book(SlotInstance.objects.select_related("organization__policy").get(start_at=denver(14, 12)))
        away(pair, 9, 480)

        found = find_offers(
            location=pair.location,
            policy=pair.organization.policy,
            need=VisitNeed(),
            first=MONDAY,
            last=MONDAY,
            now=app_now(),
        )

        assert found == []

    def test_two_that_meet_share_the_time(self, anna: Resource) -> None:
        vacation = away(anna, 9, 480).time_off
        meeting = away(anna, 16, 120, type="meeting").time_off

        assert (pieces(vacation), pieces(meeting)) == ([span(9, 17)], [span(17, 18)])

    def test_days_are_days_on_the_wall(self, anna: Resource) -> None:
        # The clocks go forward on 10 March 2030: three days are 71 hours.
        result = away(anna, 0, 3 * 1440, start_date=date(2030, 3, 9))

        ((starts_at, ends_at),) = pieces(result.time_off)
        assert ends_at - starts_at == timedelta(hours=71)

    def test_what_began_earlier_is_there_from_its_beginning(self, anna: Resource) -> None:
        sick = away(anna, 0, 5 * 1440, start_date=MONDAY - timedelta(days=3)).time_off

        assert pieces(sick) == [(denver(11, 0), denver(16, 0))]

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("type", {"type": "customer"}),
            ("duration_minutes", {"duration_minutes": 0}),
            ("duration_minutes", {"duration_minutes": 366 * 1440 + 1}),
            ("start_date", {"start_date": date(2300, 1, 14)}),
        ],
    )
    def test_says_which_value_is_wrong(self, anna: Resource, field: str, values: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput) as caught:
            away(anna, **values)

        assert list(caught.value.data["errors"]) == [field]

    def test_a_bad_rule_changes_nothing(self, anna: Resource) -> None:
        with pytest.raises(InvalidRecurrence):
            away(anna, rrule="FREQ=HOURLY")

        assert not TimeOff.objects.for_organization(anna.organization_id).exists()

    def test_of_somebody_elses_people_there_are_none(self, anna: Resource) -> None:
        stranger = PersonFactory()
        stranger.organization_id = new_id()
        with pytest.raises(NotFound):
            away(stranger)

    def test_is_in_the_log_without_its_note_and_on_the_outbox(self, anna: Resource) -> None:
        result = away(anna, 12, 60, note="Surgery")

        entry = AuditEntry.objects.get(action="availability.time_off.added")
        assert (entry.subject_id, entry.resource_ids) == (result.time_off.id, [str(anna.id)])
        message = OutboxMessage.objects.get(name="time_off.changed")
        assert message.payload["change"] == "added"
        assert "Surgery" not in f"{entry.new} {entry.old} {entry.metadata} {message.payload}"


class TestTheSameAgain:
    def test_is_refused_and_names_the_one_that_is_there(self, anna: Resource) -> None:
        lunch = away(anna).time_off

        with pytest.raises(TimeOffTwice) as refused:
            away(anna, type="vacation")

        assert refused.value.data["time_off_id"] == str(lunch.id)
        assert TimeOff.objects.count() == 1

    def test_is_another_one_at_other_times_or_by_another_rule(self, anna: Resource) -> None:
        away(anna)

        away(anna, minutes=30)
        away(anna, rrule="FREQ=WEEKLY")

        assert TimeOff.objects.count() == 3

    def test_comes_back_after_it_was_cancelled(self, anna: Resource) -> None:
        cancel_time_off(actor=staff(anna), time_off_id=away(anna).time_off.id)

        assert away(anna).time_off.cancelled_at is None


class TestGrowingBack:
    """Nothing dropped, nothing doubled: whatever leaves, the time off takes its place at once."""

    def test_into_a_booking_that_is_given_up(self, anna: Resource) -> None:
        booking = book(slot_at(anna, 12))
        vacation = away(anna, 9, 480).time_off
        (first, _) = CalendarEvent.objects.filter(time_off=vacation).order_by("starts_at")

        give_up(booking)

        assert pieces(vacation) == [span(9, 17)]
        assert CalendarEvent.objects.get(time_off=vacation).id == first.id
        assert bookings_in_the_way(vacation) == []

    def test_into_a_hold_that_is_released(self, anna: Resource) -> None:
        slot = slot_at(anna, 12)
        visitor = visitor_of(slot)
        held = place_hold(actor=visitor, policy=slot.organization.policy, wanted=TimeWanted(slot_id=slot.id))
        vacation = away(anna, 9, 480).time_off

        release_hold(actor=visitor, hold_id=held.id)

        assert pieces(vacation) == [span(9, 17)]

    def test_into_a_hold_that_lapses_and_it_was_free_for_nobody_in_between(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        slot = slot_at(anna, 12)
        held = hold(slot)
        vacation = away(anna, 9, 480).time_off
        set_now(held.holds.get().expires_at + timedelta(seconds=1))

        assert (
            CalendarEvent.objects.occupying(held.holds.get().expires_at + timedelta(seconds=1)).count() == 3
        )
        with pytest.raises(SlotFull):
            hold(slot)
        assert expire_holds() == 1
        assert pieces(vacation) == [span(9, 17)]

    def test_a_confirmed_hold_stays_and_has_to_be_moved(self, anna: Resource) -> None:
        slot = slot_at(anna, 12)
        visitor = visitor_of(slot)
        booking = hold(slot, actor=visitor)
        vacation = away(anna, 9, 480).time_off

        confirm_booking(actor=visitor, booking_id=booking.id)

        assert [one.booking_id for one in bookings_in_the_way(vacation)] == [booking.id]
        assert CalendarEvent.objects.get(booking=booking).time_off_id is None

    def test_only_inside_of_it(self, anna: Resource) -> None:
        booking = book(slot_at(anna, 16, 45))
        vacation = away(anna, 9, 480).time_off

        give_up(booking)

        assert pieces(vacation) == [span(9, 17)]

    def test_into_the_lanes_that_were_taken(self) -> None:
        trio = PersonFactory(capacity=3)
        booking = book(slot_at(trio, 12))
        vacation = away(trio, 9, 480).time_off
        assert len(pieces(vacation)) == 3

        give_up(booking)

        (event,) = CalendarEvent.objects.filter(time_off=vacation, active=True)
        assert (event.lanes, event.starts_at, event.ends_at) == ((0, 1, 2), *span(9, 17))

    def test_of_two_the_older_one_grows(self, anna: Resource) -> None:
        booking = book(slot_at(anna, 12))
        vacation, meeting = away(anna, 9, 480).time_off, away(anna, 12, 60, type="meeting").time_off

        give_up(booking)

        assert (pieces(vacation), pieces(meeting)) == ([span(9, 17)], [])


class TestChanging:
    def change(self, time_off: TimeOff, hour: int = 12, length: int = 60, **parts: Any) -> list[Any]:
        result = change_time_off(
            actor=staff(time_off.resource), time_off_id=time_off.id, details=details(hour, length, **parts)
        )
        return result.in_the_way

    def test_moves_it_and_frees_where_it_was(self, anna: Resource) -> None:
        slot = slot_at(anna, 12)
        vacation = away(anna, 12).time_off

        self.change(vacation, 14)

        assert pieces(vacation) == [span(14, 15)]
        assert hold(slot).status == "held"

    def test_lets_another_one_have_what_it_leaves(self, anna: Resource) -> None:
        vacation, meeting = away(anna, 9, 240).time_off, away(anna, 12, 120, type="meeting").time_off
        assert pieces(meeting) == [span(13, 14)]

        self.change(vacation, 9, 60)

        assert (pieces(vacation), pieces(meeting)) == ([span(9, 10)], [span(12, 14)])

    def test_names_who_is_in_its_way_now(self, anna: Resource) -> None:
        booking = book(slot_at(anna, 14))
        vacation = away(anna, 9).time_off

        assert [one.booking_id for one in self.change(vacation, 14)] == [booking.id]

    def test_what_has_been_of_it_stays(self, anna: Resource, set_now: Callable[[datetime], None]) -> None:
        vacation = away(anna, 9, 480).time_off
        set_now(denver(14, 11))

        self.change(vacation, 10, 240)

        assert pieces(vacation) == [span(9, 14)]

    def test_of_a_repeated_one_only_what_is_to_come(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        lunch = away(anna, 12, rrule="FREQ=DAILY;COUNT=5").time_off
        set_now(denver(16, 8))

        self.change(lunch, 13, rrule="FREQ=DAILY;COUNT=5")

        hours = [starts_at.hour - 7 for starts_at, _ in pieces(lunch)]
        assert hours == [12, 12, 13, 13, 13]

    def test_a_cancelled_one_is_not_there(self, anna: Resource) -> None:
        vacation = away(anna).time_off
        cancel_time_off(actor=staff(anna), time_off_id=vacation.id)
        with pytest.raises(NotFound):
            self.change(vacation)

    def test_nor_is_another_business(self, anna: Resource) -> None:
        vacation = away(anna).time_off
        with pytest.raises(NotFound):
            change_time_off(actor=Actor.system(new_id()), time_off_id=vacation.id, details=details())


class TestCancelling:
    def test_frees_what_is_to_come(self, anna: Resource) -> None:
        slot = slot_at(anna, 12)
        vacation = away(anna, 12).time_off

        cancel_time_off(actor=staff(anna), time_off_id=vacation.id)

        assert pieces(vacation) == []
        assert hold(slot).status == "held"

    def test_keeps_what_has_been(self, anna: Resource, set_now: Callable[[datetime], None]) -> None:
        vacation = away(anna, 9, 480).time_off
        set_now(denver(14, 11))

        cancel_time_off(actor=staff(anna), time_off_id=vacation.id)

        assert pieces(vacation) == [span(9, 11)]

    def test_once(self, anna: Resource) -> None:
        vacation = away(anna).time_off
        cancel_time_off(actor=staff(anna), time_off_id=vacation.id)
        with pytest.raises(NotFound):
            cancel_time_off(actor=staff(anna), time_off_id=vacation.id)

        assert AuditEntry.objects.filter(action="availability.time_off.cancelled").count() == 1


class TestRepeating:
    @pytest.fixture
    def open_anna(self, anna: Resource) -> Resource:
        WeeklyRuleFactory(location=anna.location)
        generate(anna)
        return anna

    def roll(self, anna: Resource, last: date) -> None:
        with transaction.atomic():
            occupancy.lock_resources(anna.organization_id, [anna.id])
            materialize_time_off(
                anna.organization_id,
                [anna.id],
                first=MONDAY,
                last=last,
                zone=zone_of(TimeOff(resource=anna)),
            )

    def test_reaches_as_far_as_slots_do(self, open_anna: Resource) -> None:
        lunch = away(open_anna, 12, rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR").time_off

        last_slot = SlotInstance.objects.order_by("-start_at")[0]
        assert pieces(lunch)[-1][0] > last_slot.end_at
        blocked = SlotInstance.objects.filter(status="blocked").values_list("start_at", flat=True)
        assert {start.astimezone(zone_of(lunch)).hour for start in blocked} == {12}

    def test_rolls_forward_and_a_second_time_changes_nothing(self, open_anna: Resource) -> None:
        lunch = away(open_anna, 12, rrule="FREQ=DAILY").time_off
        before = len(pieces(lunch))
        further = MONDAY + timedelta(days=100)
        ids = [open_anna.id]
        asked: dict[str, Any] = {"first": MONDAY, "last": further, "zone": zone_of(lunch)}
        assert not_materialized(open_anna.organization_id, ids, **asked) == ids

        self.roll(open_anna, further)

        assert len(pieces(lunch)) == 100 + 8 > before
        assert not_materialized(open_anna.organization_id, ids, **asked) == []
        with CaptureQueriesContext(connection) as queries:
            self.roll(open_anna, further)
        written = [q["sql"] for q in queries if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
        assert written == []

    def test_the_hourly_generation_rolls_it_forward(
        self, open_anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        lunch = away(open_anna, 12, rrule="FREQ=DAILY").time_off
        room = PersonFactory(location=open_anna.location, kind="room")
        cleaning = away(room, 6, rrule="FREQ=DAILY").time_off
        reached = [pieces(lunch)[-1][1], pieces(cleaning)[-1][1]]
        set_now(denver(28, 8))

        generate(open_anna)

        assert pieces(lunch)[-1][1] - reached[0] >= timedelta(days=13)
        assert pieces(cleaning)[-1][1] - reached[1] >= timedelta(days=13)

    def test_a_booking_made_before_it_came_into_sight_is_in_its_way(self, anna: Resource) -> None:
        slot = slot_at(anna, 12)
        booking = book(slot)
        lunch = away(anna, 12, rrule="FREQ=WEEKLY").time_off

        assert [one.booking_id for one in bookings_in_the_way(lunch)] == [booking.id]
        assert pieces(lunch)[0] == span(12.5, 13)

    def test_costs_as_many_queries_for_many_as_for_one(self, anna: Resource) -> None:
        def cost(people: int) -> int:
            team = [PersonFactory(location=anna.location) for _ in range(people)]
            for one in team:
                away(one, 12, rrule="FREQ=WEEKLY")
            asked: dict[str, Any] = {"first": MONDAY, "last": MONDAY, "zone": zone_of(TimeOff(resource=anna))}
            with CaptureQueriesContext(connection) as queries:
                not_materialized(anna.organization_id, [one.id for one in team], **asked)
            return len(queries)

        assert cost(1) == cost(8)


class TestFreeingTime:
    def test_without_time_off_costs_one_query_more_than_before(self, anna: Resource) -> None:
        event = take(anna, at(0))
        with transaction.atomic():
            occupancy.lock_resources(anna.organization_id, [anna.id])
            with CaptureQueriesContext(connection) as queries:
                occupancy.free([event])

        assert len(queries) == 3  # the row, the time off, the counters

    def test_what_is_over_stays_as_it_was(self, anna: Resource, set_now: Callable[[datetime], None]) -> None:
        event = take(anna, at(0), kind=EventType.BREAK)
        vacation = away(anna, 9, 480).time_off
        set_now(at(0).end + minutes(1))

        with transaction.atomic():
            occupancy.lock_resources(anna.organization_id, [anna.id])
            occupancy.free([event])

        assert pieces(vacation) == [span(9, 10), span(10.5, 17)]
