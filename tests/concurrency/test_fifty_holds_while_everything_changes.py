"""Fifty want a seat while seats come and go: hours change, somebody goes away and comes back, sweeps run.

One person serves so many at once, with a start each quarter of an hour, half an hour long: so neighbours
overlap. A few rounds by default; ROUNDS=1000 is the long proof.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError

from apps.availability.commands.add_time_off import add_time_off
from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.commands.rules import change_rule
from apps.availability.errors import SlotFull, SlotNotBookable
from apps.availability.hours.changes import fields_of
from apps.availability.lanes import Occupant, Period, peak_in_use
from apps.availability.models import AvailabilityRule, CalendarEvent, Resource, SlotInstance
from apps.bookings.commands.cancel_booking import cancel_booking
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.commands.reschedule_booking import reschedule_booking
from apps.bookings.models import Hold
from apps.bookings.placing.moving import NewTime
from apps.bookings.states import CancelReason
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.errors import DomainError, NotFound
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from tests.availability.support import denver
from tests.availability.time_off.support import away, details, staff
from tests.bookings.support import book, hold
from tests.concurrency.crowd import CLIENTS, ROUNDS, Crowd, accidents, crowd_of, dice, lapse
from tests.factories.availability import PersonFactory, WeeklyRuleFactory

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(max(300, 30 * ROUNDS)),
]

CAPACITIES = (1, 3, 49, 50)
OTHERS = 10
LAST_END = time(12, 30)
REFUSALS = {SlotFull, SlotNotBookable, NotFound}
Calls = list[Callable[[], Any]]


@dataclass
class Room:
    """Somebody who serves so many at once on Mondays from nine to one; it is Monday, eight o'clock."""

    person: Resource

    @classmethod
    def of(cls, capacity: int) -> "Room":
        room = cls(PersonFactory(capacity=capacity))
        policy = room.person.organization.policy
        policy.horizon_days = 1
        policy.save()
        WeeklyRuleFactory(
            location=room.person.location,
            days_of_week=[1],
            end_time=time(13),
            slot_granularity_minutes=15,
            slot_capacity=capacity,
        )
        generate_slots(organization=room.person.organization)
        return room

    @property
    def slots(self) -> list[SlotInstance]:
        found = SlotInstance.objects.filter(resource=self.person).order_by("start_at")
        return list(found.select_related("organization__policy"))

    @property
    def taken(self) -> list[Occupant]:
        """Who has the person's time, time off included; buffers there are none."""
        events = CalendarEvent.objects.filter(resource=self.person, active=True)
        return [Occupant(one.id, Period(one.starts_at, one.ends_at), one.lanes) for one in events]

    def wants(self, slot_id: Any, party: int) -> Callable[[], Hold]:
        """Somebody new who wants these seats, ready to go."""
        actor = Actor.session(self.person.organization_id, new_id())
        wanted = TimeWanted(slot_id=slot_id, party_size=party)
        return partial(place_hold, actor=actor, policy=self.person.organization.policy, wanted=wanted)


def what_goes_on(room: Room, slots: Sequence[SlotInstance], random: Random) -> Calls:
    """A visit is cancelled, one moved, one confirmed; a hold is given back, another has lapsed; hours and
    absences change, slots are made anew, sweeps run.
    """
    person, organization = room.person, room.person.organization
    to_cancel, to_move, to_confirm, to_release, to_lapse = random.sample(slots[0:10:2], 5)
    cancelled, moved = book(to_cancel), book(to_move)
    confirmed, lapsed = hold(to_confirm), hold(to_lapse)
    given_back = room.wants(to_release.id, 1)()
    lapse(lapsed.holds.get())
    back = away(person, 12, 30).time_off
    rule = AvailabilityRule.objects.get(location=person.location)
    shorter = replace(fields_of(rule), end_time=LAST_END)
    by: dict[str, Any] = {"actor": staff(person), "policy": organization.policy}
    return [
        partial(cancel_booking, **by, booking_id=cancelled.id, reason=CancelReason.OTHER),
        partial(reschedule_booking, **by, booking_id=moved.id, wanted=NewTime(start_at=denver(14, 11, 30))),
        partial(confirm_booking, actor=staff(person), booking_id=confirmed.id),
        partial(release_hold, actor=visitor_with(given_back), hold_id=given_back.id),
        partial(add_time_off, actor=staff(person), resource_id=person.id, details=details(10, 30)),
        partial(cancel_time_off, actor=staff(person), time_off_id=back.id),
        partial(change_rule, actor=staff(person), rule_id=rule.id, fields=shorter),
        partial(generate_slots, organization=organization),
        expire_holds,
        expire_holds,
    ]


def visitor_with(held: Hold) -> Actor:
    """Whose hold it is."""
    assert held.session_id
    return Actor.session(held.organization_id, held.session_id)


def is_right(room: Room) -> None:
    """Nobody sits where somebody else does, and the counters say what the events do."""
    taken = room.taken
    for one in taken:
        assert peak_in_use(taken, one.period) <= room.person.capacity, "more than fit"
        near = [other for other in taken if other.period.overlaps(one.period) and other is not one]
        assert not any(set(one.lanes) & set(other.lanes) for other in near)
    for slot in room.slots:
        in_use = peak_in_use(taken, Period(slot.start_at, slot.end_at))
        assert slot.booked + slot.hold == min(in_use, slot.capacity), "the counters have drifted"


def nobody_is_turned_away_for_nothing(room: Room, wishes: Sequence[tuple[Any, int]]) -> None:
    """Now that it is quiet, each of them gets the seats exactly if these are free."""
    for slot_id, party in wishes:
        slot = SlotInstance.objects.filter(id=slot_id, closed=False).first()
        in_use = peak_in_use(room.taken, Period(slot.start_at, slot.end_at)) if slot else 0
        try:
            room.wants(slot_id, party)()
        except DomainError:
            assert slot is None or in_use + party > room.person.capacity, "fewer than fit"
        else:
            assert slot is not None
            assert in_use + party <= room.person.capacity, "more than fit"


def one_round(room: Room, crowd: Crowd, random: Random) -> tuple[list[tuple[Any, int]], list[Any]]:
    """What the fifty want, and everything that came of this moment; theirs first."""
    slots = room.slots
    calls = what_goes_on(room, slots, random)
    most = min(3, room.person.capacity)
    wishes = [(random.choice(slots).id, random.randint(1, most)) for _ in range(CLIENTS)]
    return wishes, crowd([*(room.wants(*wish) for wish in wishes), *calls])


@pytest.mark.usefixtures("no_deadlock")
def test_as_many_get_a_seat_as_fit_whatever_else_happens() -> None:
    with crowd_of(CLIENTS + OTHERS) as crowd:
        for number in range(ROUNDS):
            random = dice(number)
            room = Room.of(CAPACITIES[number % len(CAPACITIES)])

            wishes, results = one_round(room, crowd, random)

            assert accidents(results) == []
            assert {type(one) for one in results[:CLIENTS]} <= {Hold, *REFUSALS}
            is_right(room)
            refused = [wish for wish, one in zip(wishes, results, strict=False) if not isinstance(one, Hold)]
            nobody_is_turned_away_for_nothing(room, refused)
            is_right(room)
    assert list(find_violations()) == []


def test_without_the_lock_they_run_into_each_other(
    without_the_lock: None, caplog: pytest.LogCaptureFixture
) -> None:
    with crowd_of(CLIENTS + OTHERS) as crowd:
        for number in range(20):
            _, results = one_round(Room.of(50), crowd, dice(number))
            clashes = [one for one in accidents(results) if isinstance(one, IntegrityError)]
            if clashes or "deadlock" in caplog.text:
                return
    pytest.fail("Nobody met anybody without the lock: the test proves nothing.")
