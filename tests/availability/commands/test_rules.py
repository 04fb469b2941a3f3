"""Hours are added, changed and removed, and slots follow."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.commands.generate_slots import GenerationReport, generate_slots_of_location
from apps.availability.commands.rules import RuleChange, add_rule, change_rule, remove_rule
from apps.availability.errors import RuleOverlap
from apps.availability.hours import changes as rule_changes
from apps.availability.hours.policies import RuleFields
from apps.availability.models import AvailabilityRule, Location, Resource, RuleKind, SlotInstance
from apps.availability.reactions import generate_after_rules_changed
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.events import Message
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from tests.availability.support import at, denver, take
from tests.conftest import Race
from tests.factories.availability import LocationFactory, PersonFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2030, 1, 14)
TUESDAY = date(2030, 1, 15)
WEEK = 7
AFTERNOON: dict[str, Any] = {"start_time": time(13), "end_time": time(15), "slot_granularity_minutes": 30}


@pytest.fixture
def anna() -> Resource:
    """Works on Tuesday mornings, in a business that sells two weeks ahead."""
    anna = PersonFactory(name="Anna")
    anna.organization.policy.horizon_days = 2 * WEEK
    anna.organization.policy.save()
    morning = {"start_time": time(9), "end_time": time(12)}
    WeeklyRuleFactory(location=anna.location, resource=anna, days_of_week=[2], **morning)
    generate_slots_of_location(
        organization_id=anna.organization_id,
        location_id=anna.location_id,
        first=MONDAY,
        last=MONDAY + timedelta(days=2 * WEEK),
    )
    return anna


def actor_of(resource: Resource) -> Actor:
    return Actor.system(resource.organization_id, "Tests")


def fields(resource: Resource, **parts: Any) -> RuleFields:
    whose: dict[str, Any] = {"location_id": resource.location_id, "resource_id": resource.id}
    return RuleFields(**(whose | {"days_of_week": (2,)} | AFTERNOON | parts))


def add(resource: Resource, **parts: Any) -> RuleChange:
    return add_rule(actor=actor_of(resource), fields=fields(resource, **parts))


def morning_of(resource: Resource) -> AvailabilityRule:
    return AvailabilityRule.objects.get(resource=resource, start_time=time(9))


def day_off(resource: Resource, day: date = TUESDAY) -> dict[str, Any]:
    closed = {"rule_kind": RuleKind.EXCEPTION, "days_of_week": (), "is_closed": True}
    return closed | {"valid_from": day, "valid_to": day}


class TestAdd:
    def test_makes_the_slots_of_exactly_its_days(self, anna: Resource) -> None:
        change = add(anna)

        assert change.report == GenerationReport(inserted=8, kept=12)
        assert change.days == [TUESDAY, TUESDAY + timedelta(days=WEEK)]
        assert set(SlotInstance.objects.values_list("date", flat=True)) == set(change.days)
        assert change.rule.days_of_week == [2]

    def test_reaches_as_far_as_slots_were_made_by_hand(self, anna: Resource) -> None:
        generate_slots_of_location(
            organization_id=anna.organization_id,
            location_id=anna.location_id,
            first=MONDAY,
            last=MONDAY + timedelta(days=4 * WEEK),
        )

        assert add(anna).report.inserted == 16

    def test_touches_nobody_else(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location)
        WeeklyRuleFactory(location=anna.location, resource=ben)
        add(anna)

        assert not SlotInstance.objects.filter(resource=ben).exists()

    def test_of_a_location_makes_everybodys_default_hours(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location)
        change = add(anna, resource_id=None)

        assert change.report == GenerationReport(inserted=8, kept=12)
        assert SlotInstance.objects.filter(resource=ben).count() == 8

    def test_is_written_to_the_log(self, anna: Resource) -> None:
        rule = add(anna).rule

        entry = AuditEntry.objects.get(action="availability.rule.added")
        assert (entry.subject_id, entry.resource_ids) == (rule.id, [str(anna.id)])
        assert entry.new == {"rule": "every week, Tue 13:00–15:00", "note": ""}

    def test_is_told_to_others(self, anna: Resource) -> None:
        rule = add(anna, valid_to=date(2030, 6, 1)).rule

        message = OutboxMessage.objects.get(name="availability.rules_changed")
        assert message.payload == {
            "organization_id": str(anna.organization_id),
            "location_id": str(anna.location_id),
            "resource_id": str(anna.id),
            "rule_ids": [str(rule.id)],
            "first_date": "2030-01-12",
            "last_date": "2030-06-01",
        }

    def test_refuses_hours_that_overlap_and_names_them(self, anna: Resource) -> None:
        with pytest.raises(RuleOverlap) as refused:
            add(anna, start_time=time(11))

        assert refused.value.data == {
            "rule_id": str(morning_of(anna).id),
            "rule": "every week, Tue 09:00–12:00",
        }
        assert refused.value.detail == (
            "These hours overlap on Tuesdays with hours that Anna has already: "
            "“every week, Tue 09:00–12:00”. Change one of the two."
        )
        assert AvailabilityRule.objects.count() == 1

    def test_refuses_more_seats_than_there_are(self, anna: Resource) -> None:
        with pytest.raises(InvalidInput) as refused:
            add(anna, slot_capacity=2)

        assert "more than 1 at the same time" in refused.value.data["errors"]["slot_capacity"][0]

    def test_a_branch_can_have_as_many_seats_as_its_ablest(self, anna: Resource) -> None:
        PersonFactory(location=anna.location, capacity=4)

        assert add(anna, resource_id=None, slot_capacity=4).rule.slot_capacity == 4
        with pytest.raises(InvalidInput):
            add(anna, resource_id=None, slot_capacity=5, days_of_week=(3,))

    def test_a_branch_without_anybody_takes_any_hours(self) -> None:
        location = LocationFactory()
        change = add_rule(
            actor=Actor.system(location.organization_id),
            fields=RuleFields(location_id=location.id, days_of_week=(1,), slot_capacity=50, **AFTERNOON),
        )

        assert change.report == GenerationReport()

    def test_refuses_somebody_of_another_location(self, anna: Resource) -> None:
        ben = PersonFactory(location=LocationFactory(organization=anna.organization))

        with pytest.raises(InvalidInput):
            add(anna, resource_id=ben.id)

    def test_another_business_has_no_such_location(self, anna: Resource) -> None:
        with pytest.raises(NotFound):
            add_rule(actor=Actor.system(new_id()), fields=fields(anna))


class TestChange:
    def change(self, anna: Resource, **parts: Any) -> RuleChange:
        rule = morning_of(anna)
        wanted = replace(rule_changes.fields_of(rule), **parts)
        return change_rule(actor=actor_of(anna), rule_id=rule.id, fields=wanted)

    def test_looks_at_the_days_of_before_and_after(self, anna: Resource) -> None:
        change = self.change(anna, days_of_week=(3,))

        assert change.report == GenerationReport(inserted=12, deleted=12)
        assert len(change.days) == 4

    def test_may_overlap_itself(self, anna: Resource) -> None:
        assert self.change(anna, start_time=time(10)).report == GenerationReport(deleted=4, kept=8)

    def test_closes_what_somebody_has(self, anna: Resource) -> None:
        slot = SlotInstance.objects.get(start_at=denver(15, 9))
        event = take(anna, at(23 * 60))
        event.slot = slot
        event.save()

        assert self.change(anna, start_time=time(10)).report == GenerationReport(deleted=3, closed=1, kept=8)
        assert list(find_violations()) == []

    def test_keeps_the_log(self, anna: Resource) -> None:
        self.change(anna, start_time=time(10), note="Late")

        entry = AuditEntry.objects.get(action="availability.rule.changed")
        assert entry.old == {"rule": "every week, Tue 09:00–12:00", "note": ""}
        assert entry.new == {"rule": "every week, Tue 10:00–12:00", "note": "Late"}

    def test_moves_hours_to_a_colleague(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location)

        assert self.change(anna, resource_id=ben.id).report == GenerationReport(inserted=12, deleted=12)
        assert OutboxMessage.objects.get(name="availability.rules_changed").payload["resource_id"] is None

    def test_not_to_another_location(self, anna: Resource) -> None:
        other = LocationFactory(organization=anna.organization)

        with pytest.raises(InvalidInput):
            self.change(anna, location_id=other.id, resource_id=None)

    def test_refuses_to_overlap_another(self, anna: Resource) -> None:
        add(anna)

        with pytest.raises(RuleOverlap):
            self.change(anna, end_time=time(14))

    def test_another_business_has_no_such_hours(self, anna: Resource) -> None:
        with pytest.raises(NotFound):
            change_rule(actor=Actor.system(new_id()), rule_id=morning_of(anna).id, fields=fields(anna))


class TestRemove:
    def test_takes_its_slots_away(self, anna: Resource) -> None:
        change = remove_rule(actor=actor_of(anna), rule_id=morning_of(anna).id)

        assert change.report == GenerationReport(deleted=12)
        assert not SlotInstance.objects.exists()
        assert AuditEntry.objects.get(action="availability.rule.removed").old["rule"] == (
            "every week, Tue 09:00–12:00"
        )

    def test_of_an_exception_brings_the_week_back(self, anna: Resource) -> None:
        closed = add(anna, **day_off(anna))
        assert closed.report == GenerationReport(deleted=6)

        assert remove_rule(actor=actor_of(anna), rule_id=closed.rule.id).report == (
            GenerationReport(inserted=6)
        )

    def test_another_business_has_no_such_hours(self, anna: Resource) -> None:
        with pytest.raises(NotFound):
            remove_rule(actor=Actor.system(new_id()), rule_id=morning_of(anna).id)


class TestWhenTheProcessDiesAfterTheCommit:
    def message(self) -> Message:
        row = OutboxMessage.objects.get(name="availability.rules_changed")
        return Message(id=row.id, organization_id=row.organization_id, name=row.name, payload=row.payload)

    def test_the_reaction_makes_the_slots(self, anna: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
        def dies(_written: Any) -> GenerationReport:
            raise KeyboardInterrupt

        monkeypatch.setattr("apps.availability.commands.rules.let_slots_follow", dies)
        with pytest.raises(KeyboardInterrupt):
            add(anna)
        assert SlotInstance.objects.count() == 12

        generate_after_rules_changed(self.message())

        assert SlotInstance.objects.count() == 20

    def test_and_finds_nothing_to_do_where_it_lived(self, anna: Resource) -> None:
        add(anna)
        before = list(SlotInstance.objects.order_by("id").values())

        generate_after_rules_changed(self.message())

        assert list(SlotInstance.objects.order_by("id").values()) == before

    def test_and_does_nothing_for_a_location_that_is_gone(self, anna: Resource) -> None:
        add(anna)
        message = self.message()
        SlotInstance.objects.all().delete()
        AvailabilityRule.objects.all().delete()
        Resource.objects.all().delete()
        Location.objects.all().delete()

        generate_after_rules_changed(message)


@pytest.fixture
def without_the_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the resources nor the location are locked; both are only read."""

    def look(organization_id: Any, location_id: Any, _resource_ids: Any) -> rule_changes.Scope:
        return rule_changes.look_at_scope(organization_id, location_id)

    monkeypatch.setattr("apps.availability.commands.rules.lock_scope", look)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def overlapping(self, resource: Resource, **parts: Any) -> list[Callable[[], RuleChange]]:
        """Eight people save hours that all overlap, each with a start of its own."""

        def saving(minute: int) -> Callable[[], RuleChange]:
            return lambda: add(resource, start_time=time(13, minute), **parts)

        return [saving(minute) for minute in range(8)]

    @pytest.mark.parametrize("whose", ["hers", "everybody's"])
    def test_one_of_them_is_saved(self, race: Race, anna: Resource, whose: str) -> None:
        parts = {} if whose == "hers" else {"resource_id": None}

        results = race(self.overlapping(anna, **parts))

        assert sorted(type(result).__name__ for result in results) == ["RuleChange"] + ["RuleOverlap"] * 7
        assert AvailabilityRule.objects.count() == 2

    def test_also_where_nobody_works_yet(self, race: Race) -> None:
        location = LocationFactory()
        actor = Actor.system(location.organization_id)

        def saving(minute: int) -> Callable[[], RuleChange]:
            wanted = RuleFields(
                location_id=location.id,
                days_of_week=(2,),
                start_time=time(13, minute),
                end_time=time(15),
            )
            return lambda: add_rule(actor=actor, fields=wanted)

        results = race([saving(minute) for minute in range(8)])

        assert sum(isinstance(result, RuleChange) for result in results) == 1

    def test_without_the_locks_both_are(
        self, race: Race, anna: Resource, without_the_locks: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everybody_has_looked = threading.Barrier(8)
        look = rule_changes.rules_of

        def slowly(location: Location) -> list[AvailabilityRule]:
            rows = look(location)
            everybody_has_looked.wait(timeout=30)
            return rows

        monkeypatch.setattr("apps.availability.commands.rules.rules_of", slowly)

        results = race(self.overlapping(anna))

        assert sum(isinstance(result, RuleChange) for result in results) > 1
        assert AvailabilityRule.objects.count() > 2

    def test_hours_and_claims_end_in_true_counters(self, race: Race, anna: Resource) -> None:
        def taking(number: int) -> Callable[[], Any]:
            return lambda: take(anna, at(23 * 60 + 30 * number))

        results = race([lambda: add(anna), lambda: add(anna, days_of_week=(3,)), *map(taking, range(4))])

        assert [result for result in results if isinstance(result, Exception)] == []
        assert list(find_violations()) == []
