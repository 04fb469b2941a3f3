"""Whatever staff, customers and the clock do, in whatever order: nothing that must hold is ever broken.

Quick by default; `--hypothesis-profile=thorough` looks much further.
"""

from collections import Counter
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from apps.availability import occupancy
from apps.availability.commands.add_time_off import add_time_off
from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.availability.commands.change_time_off import change_time_off
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.commands.set_capacity import set_capacity
from apps.availability.commands.set_sells_from import set_sells_from
from apps.availability.errors import CapacityInUse, InvalidRecurrence, SlotFull, SlotNotBookable
from apps.availability.lanes import Period
from apps.availability.models import (
    AvailabilityRule,
    CalendarEvent,
    Resource,
    RuleKind,
    SlotInstance,
    TimeOff,
)
from apps.availability.offering.search import find_offers
from apps.availability.time_off.changes import TimeOffDetails
from apps.availability.time_off.painting import occurrences_of
from apps.availability.types import VisitNeed
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.errors import HoldExpired, HoldNotActive
from apps.bookings.models import Booking, Hold
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.invariants import find_violations
from tests.bookings.support import hold as hold_booking
from tests.bookings.support import visitor_of
from tests.factories.availability import LocationFactory, PersonFactory, PoolFactory, WeeklyRuleFactory

# Friday 8 March 2030, 8:00 in Denver: on Sunday the clocks go forward.
BEGINNING = datetime.fromisoformat("2030-03-08T15:00:00+00:00")
FRIDAY = date(2030, 3, 8)
HORIZON_DAYS = 3

# A small world, in which things meet.
hours = st.integers(8, 11).map(time)
days = st.integers(0, HORIZON_DAYS).map(lambda number: FRIDAY + timedelta(days=number))
recurrences = st.sampled_from(
    ["", "", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA,SU,MO", "FREQ=DAILY;COUNT=2", "FREQ=DAILY;INTERVAL=2"]
)
time_off = st.builds(
    TimeOffDetails,
    start_date=days,
    start_time=st.one_of(hours, st.just(time(2, 30))),
    duration_minutes=st.sampled_from([45, 60, 180, 1440, 4000]),
    rrule=recurrences,
    type=st.sampled_from(["vacation", "break", "meeting", "blocked"]),
)
Visit = tuple[Actor, Hold | Booking]


class Availability(RuleBasedStateMachine):
    """A branch with a person, a pair of chairs and a pool, over a change of the clocks."""

    away = Bundle("away")
    visits = Bundle("visits")

    def __init__(self) -> None:
        super().__init__()
        # As Django's own test cases do it: commands may open their durable transactions inside.
        self.around: Any = transaction.atomic()
        setattr(self.around, "_from_testcase", True)  # noqa: B010  (Django's own mark, which no type knows)
        self.around.__enter__()
        self.now = BEGINNING
        self._set_clock()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    def _set_clock(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.now', %s, false)", [self.now.isoformat()])

    @initialize()
    def open_the_branch(self) -> None:
        self.location = LocationFactory()
        self.organization = self.location.organization
        self.organization.policy.horizon_days = HORIZON_DAYS
        self.organization.policy.buffer_after_minutes = 10
        self.organization.policy.save()
        self.people = [
            PersonFactory(location=self.location),
            PersonFactory(location=self.location, capacity=2, daily_cap=2),
            PoolFactory(location=self.location, capacity=3),
        ]
        self.staff = Actor.system(self.organization.id)
        WeeklyRuleFactory(
            location=self.location,
            start_time=time(9),
            end_time=time(12),
            slot_capacity=3,
            days_of_week=[1, 2, 3, 4, 5, 6, 7],
        )
        self.generate()

    def generate(self) -> None:
        generate_slots(organization=self.organization)

    # Few rules, each with several things to do: Hypothesis leaves out some rules of each run.

    @rule(
        person=st.sampled_from([None, 0, 1, 2]),
        day=days,
        start=hours,
        length=st.integers(1, 3),
        step=st.sampled_from([30, 60]),
        is_closed=st.booleans(),
    )
    def change_hours(
        self, person: int | None, day: date, start: time, length: int, step: int, *, is_closed: bool
    ) -> None:
        resource = None if person is None else self.people[person]
        AvailabilityRule.objects.filter(
            location=self.location, resource=resource, rule_kind=RuleKind.EXCEPTION, valid_from=day
        ).delete()
        AvailabilityRule.objects.create(
            organization=self.organization,
            location=self.location,
            resource=resource,
            rule_kind=RuleKind.EXCEPTION,
            valid_from=day,
            valid_to=day,
            start_time=start,
            end_time=time(start.hour + length),
            slot_capacity=2,
            slot_granularity_minutes=step,
            is_closed=is_closed,
        )
        self.generate()

    @rule(
        person=st.integers(0, 2), capacity=st.integers(1, 4), side=st.sampled_from([None, "pool", "people"])
    )
    def change_the_branch(self, person: int, capacity: int, side: str | None) -> None:
        if side is not None:
            set_sells_from(actor=self.staff, location_id=self.location.id, sells_from=side)
            return
        try:
            set_capacity(actor=self.staff, resource_id=self.people[person].id, capacity=capacity)
        except CapacityInUse:
            assert capacity < Resource.objects.get(id=self.people[person].id).capacity

    @rule(target=away, person=st.integers(0, 2), details=time_off)
    def go_away(self, person: int, details: TimeOffDetails) -> Any:
        return self._go_away(self.people[person].id, details)

    @rule(target=away, visit=visits, before=st.integers(0, 90), rrule=recurrences)
    def go_away_over_a_visit(self, visit: Visit, before: int, rrule: str) -> Any:
        """By chance alone the two would seldom meet."""
        event = self._event_of(visit)
        starts = (event.starts_at - timedelta(minutes=before)).astimezone(ZoneInfo(self.location.timezone))
        details = TimeOffDetails(
            start_date=starts.date(), start_time=starts.time(), duration_minutes=120, rrule=rrule
        )
        assert event.resource_id is not None
        return self._go_away(event.resource_id, details)

    def _go_away(self, resource_id: UUID, details: TimeOffDetails) -> Any:
        try:
            return add_time_off(actor=self.staff, resource_id=resource_id, details=details).time_off
        except InvalidRecurrence:
            return multiple()

    @rule(target=away, row=consumes(away), details=st.one_of(st.none(), time_off))
    def change_plans(self, row: TimeOff, details: TimeOffDetails | None) -> Any:
        if details is None:
            cancel_time_off(actor=self.staff, time_off_id=row.id)
            return multiple()
        with suppress(InvalidRecurrence):
            change_time_off(actor=self.staff, time_off_id=row.id, details=details)
        return row

    @rule(target=visits, number=st.integers(0, 500), party=st.integers(1, 2), confirm=st.booleans())
    def take_a_time(self, number: int, party: int, *, confirm: bool) -> Any:
        """Any slot, also one that is taken."""
        slots = SlotInstance.objects.filter(closed=False, start_at__gt=app_now())
        found = list(slots.select_related("organization__policy").order_by("start_at", "id"))
        if not found:
            return multiple()
        slot = found[number % len(found)]
        visitor = visitor_of(slot)
        try:
            if confirm:
                held = hold_booking(slot, actor=visitor, party_size=party)
                return visitor, confirm_booking(actor=visitor, booking_id=held.id)
            return visitor, self._hold(visitor, slot, party)
        except (SlotFull, SlotNotBookable):
            return multiple()

    @rule(target=visits, number=st.integers(0, 500))
    def take_what_is_shown(self, number: int) -> Any:
        """A time that was shown can be held: no refusal is excused. Nobody is shown who is away."""
        self.location.refresh_from_db()
        offers = find_offers(
            location=self.location,
            policy=self.organization.policy,
            need=VisitNeed(),
            first=FRIDAY,
            last=FRIDAY + timedelta(days=30),
            now=app_now(),
        )
        for row in TimeOff.objects.filter(cancelled_at=None).select_related("resource__location"):
            shown = [Period(o.start_at, o.end_at) for o in offers if o.resource_id == row.resource_id]
            assert [time for time in shown if occurrences_of(row, time)] == []
        if not offers:
            return multiple()
        slot = SlotInstance.objects.get(id=offers[number % len(offers)].slot_id)
        visitor = visitor_of(slot)
        return visitor, self._hold(visitor, slot, 1)

    def _hold(self, visitor: Actor, slot: SlotInstance, party: int) -> Hold:
        wanted = TimeWanted(slot_id=slot.id, party_size=party)
        return place_hold(actor=visitor, policy=self.organization.policy, wanted=wanted)

    def _event_of(self, visit: Visit) -> CalendarEvent:
        _, taken = visit
        if isinstance(taken, Booking):
            return CalendarEvent.objects.get(booking=taken)
        return CalendarEvent.objects.get(hold=taken)

    @rule(visit=consumes(visits))
    def end_a_visit(self, visit: Visit) -> None:
        visitor, taken = visit
        if isinstance(taken, Hold):
            with suppress(HoldExpired, HoldNotActive):
                release_hold(actor=visitor, hold_id=taken.id)
            return
        # What every command that ends a booking does to its time.
        event = self._event_of(visit)
        with transaction.atomic():
            occupancy.lock_resources(self.organization.id, [event.resource_id] if event.resource_id else [])
            Booking.objects.filter(id=taken.id).update(status="cancelled", cancelled_at=app_now())
            occupancy.free([event])

    @rule(visit=consumes(visits), minutes=st.sampled_from([0, 30]))
    def lapse_behind_time_off(self, visit: Visit, minutes: int) -> None:
        """A hold with time off behind it, and nobody who sweeps."""
        self.go_away_over_a_visit(visit=visit, before=minutes, rrule="")
        self.time_passes(minutes=6, sweep=False, generate=False)
        self.take_what_is_shown(number=0)

    @rule(target=away, person=st.integers(0, 2), start=hours)
    def go_away_every_day_for_days(self, person: int, start: time) -> Any:
        """Further than repeated time off is made ahead."""
        details = TimeOffDetails(
            start_date=FRIDAY, start_time=start, duration_minutes=60, rrule="FREQ=DAILY", type="break"
        )
        row = self._go_away(self.people[person].id, details)
        self.time_passes(minutes=12 * 1440, sweep=True, generate=True)
        return row

    @rule(minutes=st.sampled_from([0, 6, 45, 1440]), sweep=st.booleans(), generate=st.booleans())
    def time_passes(self, minutes: int, *, sweep: bool, generate: bool) -> None:
        self.now += timedelta(minutes=minutes)
        self._set_clock()
        if sweep:
            expire_holds()
        if generate:
            self.generate()

    # --- What must hold --------------------------------------------------------------------------------

    @invariant()
    def nothing_is_broken(self) -> None:
        assert list(find_violations()) == []

    @invariant()
    def nobody_has_more_visits_than_their_cap(self) -> None:
        visits = CalendarEvent.objects.filter(resource=self.people[1]).visits().occupying(app_now())
        zone = ZoneInfo(self.location.timezone)
        a_day = Counter(start.astimezone(zone).date() for start in visits.values_list("starts_at", flat=True))
        assert max(a_day.values(), default=0) <= 2


@pytest.mark.django_db
@pytest.mark.timeout(3600)  # for the thorough profile; the quick one takes seconds
def test_any_sequence_keeps_every_invariant() -> None:
    run_state_machine_as_test(
        Availability,
        settings=settings(
            max_examples=max(1, settings().max_examples // 10),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
