"""Slots are made, closed and deleted while people take them."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from apps.availability import occupancy
from apps.availability.commands.generate_slots import GenerationReport, generate_slots_of_location
from apps.availability.errors import SlotNotBookable
from apps.availability.models import AvailabilityRule, CalendarEvent, Resource, SlotInstance
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.models import Hold
from apps.bookings.types import TimeWanted
from apps.core.invariants import find_violations
from tests.availability.support import at, take
from tests.bookings.support import visitor_of
from tests.conftest import Race
from tests.factories.availability import PersonFactory, SlotFactory, WeeklyRuleFactory

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

MONDAY = date(2030, 1, 14)


def generate(resource: Resource) -> GenerationReport:
    return generate_slots_of_location(
        organization_id=resource.organization_id, location_id=resource.location_id, first=MONDAY, last=MONDAY
    )


class TestGenerationBesideClaims:
    def test_new_slots_count_what_is_taken_at_the_same_moment(self, race: Race) -> None:
        anna = PersonFactory()
        WeeklyRuleFactory(location=anna.location, slot_granularity_minutes=15)

        def taking(number: int) -> Callable[[], CalendarEvent]:
            return lambda: take(anna, at(30 * number))

        results = race([lambda: generate(anna), *(taking(number) for number in range(6))])

        assert [error for error in results if isinstance(error, Exception)] == []
        assert list(find_violations()) == []

    def test_nobody_holds_what_was_deleted_and_nothing_held_is_deleted(self, race: Race) -> None:
        anna = PersonFactory()
        WeeklyRuleFactory(location=anna.location)
        generate(anna)
        AvailabilityRule.objects.for_organization(anna.organization_id).update(start_time=time(16))
        slots = list(SlotInstance.objects.select_related("organization__policy").order_by("start_at")[:8])

        def holding(slot: SlotInstance) -> Callable[[], Hold]:
            return lambda: place_hold(
                actor=visitor_of(slot), policy=slot.organization.policy, wanted=TimeWanted(slot_id=slot.id)
            )

        report, *held = race([lambda: generate(anna), *(holding(slot) for slot in slots)])

        assert isinstance(report, GenerationReport)
        holds = [result for result in held if isinstance(result, Hold)]
        assert report.closed == len(holds)
        assert {slot.id for slot in SlotInstance.objects.filter(closed=True)} == {h.slot_id for h in holds}
        assert list(find_violations()) == []


class TestBetweenTheLookAndTheLock:
    def vanish(self, monkeypatch: pytest.MonkeyPatch, slot: SlotInstance) -> None:
        """The slot goes while its holder waits for the lock."""
        lock = occupancy.foresee_locks

        def slowly(organization_id: Any, resource_ids: Any) -> None:
            SlotInstance.objects.filter(id=slot.id).delete()
            lock(organization_id, resource_ids)

        monkeypatch.setattr(occupancy, "foresee_locks", slowly)

    def test_a_slot_that_goes_is_not_bookable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        slot = SlotFactory()
        self.vanish(monkeypatch, slot)

        with pytest.raises(SlotNotBookable):
            place_hold(
                actor=visitor_of(slot), policy=slot.organization.policy, wanted=TimeWanted(slot_id=slot.id)
            )

    def test_the_next_person_is_tried(self, monkeypatch: pytest.MonkeyPatch) -> None:
        slot = SlotFactory()
        colleague = SlotFactory(resource=PersonFactory(location=slot.location))
        self.vanish(monkeypatch, slot)

        hold = place_hold(
            actor=visitor_of(slot),
            policy=slot.organization.policy,
            wanted=TimeWanted(location_id=slot.location_id, start_at=slot.start_at),
        )

        assert hold.slot_id == colleague.id
