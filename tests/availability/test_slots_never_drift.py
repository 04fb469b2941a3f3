"""Whatever is done to hours, people and calendars, in whatever order: slots and counters stay true."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.availability import occupancy
from apps.availability.commands.add_time_off import add_time_off
from apps.availability.commands.copy_week import copy_week
from apps.availability.commands.generate_slots import generate_slots_of_location
from apps.availability.commands.rules import add_rule, change_rule, remove_rule
from apps.availability.errors import RuleOverlap, SlotFull, SlotNotBookable
from apps.availability.hours.policies import RuleFields
from apps.availability.models import AvailabilityRule, CalendarEvent, Resource, RuleKind, SlotInstance
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.errors import AlreadyBooked
from apps.core.actors import Actor
from apps.core.errors import InvalidInput
from apps.core.invariants import find_violations
from tests.availability.support import at, take
from tests.availability.time_off.support import details
from tests.bookings.support import hold, visitor_of
from tests.factories.availability import LocationFactory, PersonFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2030, 1, 14)
HORIZON = 6
# Somebody who was switched off keeps their slots until the next generation, and is not bookable.
REFUSALS = (RuleOverlap, InvalidInput, SlotFull, SlotNotBookable, AlreadyBooked)

quarters = st.integers(24, 72).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
days = st.integers(0, HORIZON).map(lambda offset: MONDAY + timedelta(days=offset))
people = st.integers(0, 1)
whose = st.sampled_from([0, 1, None])


class Branch:
    """Two people at a location in Denver, and what can happen to them."""

    def __init__(self) -> None:
        location = LocationFactory()
        location.organization.policy.horizon_days = HORIZON
        location.organization.policy.save()
        self.actor = Actor.system(location.organization_id)
        self.people = [PersonFactory(location=location, capacity=seats) for seats in (1, 3)]
        self.location = location

    def fields(self, who: int | None, kind: RuleKind, day: date, **parts: Any) -> RuleFields:
        weekly = kind == RuleKind.WEEKLY
        return RuleFields(
            location_id=self.location.id,
            resource_id=None if who is None else self.people[who].id,
            rule_kind=kind,
            days_of_week=(day.isoweekday(), 5) if weekly else (),
            valid_from=None if weekly else day,
            valid_to=None if weekly else day + timedelta(days=1),
            **parts,
        )

    def rules(self) -> list[AvailabilityRule]:
        return list(AvailabilityRule.objects.filter(location=self.location).order_by("id"))

    def generate(self) -> Any:
        return generate_slots_of_location(
            organization_id=self.location.organization_id,
            location_id=self.location.id,
            first=MONDAY - timedelta(days=2),
            last=MONDAY + timedelta(days=HORIZON),
        )


Step = Callable[[Branch], None]


@st.composite
def hours(draw: st.DrawFn) -> Callable[[Branch], RuleFields]:
    who, kind, day = draw(whose), draw(st.sampled_from(list(RuleKind))), draw(days)
    parts = {
        "start_time": draw(quarters),
        "end_time": draw(quarters),
        "is_closed": kind != RuleKind.WEEKLY and draw(st.booleans()),
        "slot_granularity_minutes": draw(st.sampled_from([15, 30, 45])),
        "slot_duration_minutes": draw(st.sampled_from([15, 30, 60])),
        "slot_capacity": draw(st.integers(1, 3)),
    }
    return lambda branch: branch.fields(who, kind, day, **parts)


def adding(wanted: Callable[[Branch], RuleFields]) -> Step:
    return lambda branch: void(add_rule(actor=branch.actor, fields=wanted(branch)))


def changing(wanted: Callable[[Branch], RuleFields], number: int) -> Step:
    def step(branch: Branch) -> None:
        rules = branch.rules()
        if rules:
            rule = rules[number % len(rules)]
            change_rule(actor=branch.actor, rule_id=rule.id, fields=wanted(branch))

    return step


def removing(number: int) -> Step:
    def step(branch: Branch) -> None:
        rules = branch.rules()
        if rules:
            remove_rule(actor=branch.actor, rule_id=rules[number % len(rules)].id)

    return step


def booking(number: int) -> Step:
    def step(branch: Branch) -> None:
        slots = list(
            SlotInstance.objects.filter(location=branch.location).with_room().order_by("start_at", "id")
        )
        if slots:
            slot = slots[number % len(slots)]
            actor = visitor_of(slot)
            confirm_booking(actor=actor, booking_id=hold(slot, actor=actor).id)

    return step


def meeting(who: int, start: int, length: int) -> Step:
    return lambda branch: void(take(branch.people[who], at(start, length)))


def ending(number: int) -> Step:
    def step(branch: Branch) -> None:
        events = list(CalendarEvent.objects.filter(type="meeting", active=True, time_off=None).order_by("id"))
        if events:
            event = events[number % len(events)]
            with transaction.atomic():
                occupancy.lock_resources(
                    event.organization_id, [event.resource_id] if event.resource_id else []
                )
                occupancy.free([event])

    return step


def day_off(who: int, hour: int) -> Step:
    def step(branch: Branch) -> None:
        person: Resource = branch.people[who]
        wanted = details(hour, 90, rrule="FREQ=DAILY;INTERVAL=2")
        add_time_off(actor=branch.actor, resource_id=person.id, details=wanted)

    return step


def switching(who: int) -> Step:
    def step(branch: Branch) -> None:
        people = Resource.objects.filter(id=branch.people[who].id)
        people.update(active=not people.get().active)

    return step


def copying(who: int) -> Step:
    def step(branch: Branch) -> None:
        source, target = branch.people[who], branch.people[1 - who]
        copy_week(actor=branch.actor, source_id=source.id, target_ids=[target.id])

    return step


def void(_result: Any) -> None:
    """A step returns nothing."""


numbers = st.integers(0, 200)
steps = st.one_of(
    st.builds(adding, hours()),
    st.builds(adding, hours()),
    st.builds(changing, hours(), numbers),
    st.builds(removing, numbers),
    st.builds(booking, numbers),
    st.builds(booking, numbers),
    st.builds(meeting, people, st.integers(0, 600), st.integers(10, 90)),
    st.builds(ending, numbers),
    st.builds(day_off, people, st.integers(8, 16)),
    st.builds(switching, people),
    st.builds(copying, people),
    st.just(Branch.generate),
)


@settings(max_examples=25, deadline=None)
@given(done=st.lists(steps, min_size=3, max_size=14))
def test_any_sequence_keeps_every_invariant(done: list[Step]) -> None:
    branch = Branch()
    for step in done:
        try:
            step(branch)
        except REFUSALS:
            continue
    branch.generate()

    assert list(find_violations()) == []
    again = branch.generate()
    assert (again.inserted, again.updated, again.deleted, again.closed) == (0, 0, 0, 0)
