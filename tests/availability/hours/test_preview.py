"""What a change of hours would do, before it is saved."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.commands.rules import add_rule, change_rule, remove_rule
from apps.availability.hours.changes import fields_of
from apps.availability.hours.policies import RuleFields
from apps.availability.hours.preview import Preview, preview_rule_change
from apps.availability.models import AvailabilityRule, Resource, RuleKind, SlotInstance
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from tests.availability.support import at, denver, take
from tests.factories.availability import PersonFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db

TUESDAY = date(2030, 1, 15)


@pytest.fixture
def anna() -> Resource:
    """Works on Tuesdays from nine to noon; her slots are made."""
    anna = PersonFactory(name="Anna")
    WeeklyRuleFactory(location=anna.location, resource=anna, days_of_week=[2], end_time=time(12))
    generate_slots(organization=anna.organization)
    return anna


def preview(resource: Resource, fields: RuleFields | None, days: int = 7, **parts: Any) -> Preview:
    return preview_rule_change(
        organization_id=resource.organization_id,
        location_id=resource.location_id,
        fields=fields,
        days=days,
        **parts,
    )


def morning(resource: Resource) -> AvailabilityRule:
    return AvailabilityRule.objects.get(resource=resource)


def afternoon(resource: Resource, **parts: Any) -> RuleFields:
    whose: dict[str, Any] = {"location_id": resource.location_id, "resource_id": resource.id}
    hours = {"start_time": time(13), "end_time": time(14), "days_of_week": (2,)}
    return RuleFields(**(whose | hours | parts))


class TestPreview:
    def test_of_new_hours(self, anna: Resource) -> None:
        found = preview(anna, afternoon(anna, slot_granularity_minutes=30))

        assert [slot.start_at for slot in found.added] == [denver(15, 13), denver(15, 13, 30)]
        assert (found.removed, found.changed, found.kept) == ([], [], 6)
        assert (found.first, found.last) == (date(2030, 1, 14), date(2030, 1, 20))
        assert {slot.resource_name for slot in found.added} == {"Anna"}

    def test_of_hours_that_go(self, anna: Resource) -> None:
        found = preview(anna, None, rule_id=morning(anna).id)

        assert (len(found.added), len(found.removed), found.kept) == (0, 6, 0)

    def test_of_other_hours(self, anna: Resource) -> None:
        later = replace(fields_of(morning(anna)), start_time=time(11), end_time=time(13))
        found = preview(anna, later, rule_id=morning(anna).id)

        assert [slot.start_at for slot in found.added] == [denver(15, 12), denver(15, 12, 30)]
        assert (len(found.removed), found.kept) == (4, 2)

    def test_of_another_length(self, anna: Resource) -> None:
        longer = replace(fields_of(morning(anna)), slot_duration_minutes=60)
        found = preview(anna, longer, rule_id=morning(anna).id)

        assert (len(found.changed), len(found.removed), found.kept) == (5, 1, 0)

    def test_says_what_is_booked(self, anna: Resource) -> None:
        event = take(anna, at(23 * 60))
        event.slot = SlotInstance.objects.get(start_at=denver(15, 9))
        event.save()

        found = preview(anna, None, rule_id=morning(anna).id)

        assert [slot.start_at for slot in found.closed_with_bookings] == [denver(15, 9)]

    def test_says_what_is_in_the_way(self, anna: Resource) -> None:
        found = preview(anna, afternoon(anna, start_time=time(11)))

        assert found.conflict is not None
        assert "hours that Anna has already: “every week, Tue 09:00–12:00”" in found.conflict
        assert preview(anna, afternoon(anna)).conflict is None

    def test_of_a_location_concerns_everybody_without_hours_of_their_own(self, anna: Resource) -> None:
        PersonFactory(location=anna.location, name="Ben")
        PersonFactory(location=anna.location, name="Cleo", active=False)
        found = preview(anna, afternoon(anna, resource_id=None))

        assert {slot.resource_name for slot in found.added} == {"Ben"}

    def test_of_a_closed_day(self, anna: Resource) -> None:
        closed = afternoon(
            anna,
            resource_id=None,
            rule_kind=RuleKind.EXCEPTION,
            days_of_week=(),
            valid_from=TUESDAY,
            valid_to=TUESDAY,
            is_closed=True,
        )

        assert len(preview(anna, closed, days=14).removed) == 6

    def test_writes_nothing(self, anna: Resource) -> None:
        before = list(SlotInstance.objects.order_by("id").values())
        preview(anna, None, rule_id=morning(anna).id)

        assert list(SlotInstance.objects.order_by("id").values()) == before
        assert AvailabilityRule.objects.count() == 1

    def test_asks_as_much_of_the_database_for_one_as_for_many(
        self, anna: Resource, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(5):
            PersonFactory(location=anna.location)

        with django_assert_max_num_queries(5):
            preview(anna, afternoon(anna, resource_id=None), days=60)

    def test_refuses_what_could_not_be_saved(self, anna: Resource) -> None:
        with pytest.raises(InvalidInput):
            preview(anna, afternoon(anna, slot_granularity_minutes=0))
        with pytest.raises(InvalidInput):
            preview(anna, afternoon(anna, resource_id=new_id()))
        with pytest.raises(NotFound):
            preview(anna, None, rule_id=new_id())


class TestPreviewComesTrue:
    """What it says is what the command then does."""

    @pytest.mark.parametrize("what", ["add", "change", "remove"])
    def test_in_the_whole_horizon(self, anna: Resource, what: str) -> None:
        days = anna.organization.policy.horizon_days + 1
        rule, actor = morning(anna), Actor.system(anna.organization_id)
        changed = replace(fields_of(rule), start_time=time(8, 30), slot_duration_minutes=45)
        if what == "add":
            seen = preview(anna, afternoon(anna), days)
            done = add_rule(actor=actor, fields=afternoon(anna))
        elif what == "change":
            seen = preview(anna, changed, days, rule_id=rule.id)
            done = change_rule(actor=actor, rule_id=rule.id, fields=changed)
        else:
            seen = preview(anna, None, days, rule_id=rule.id)
            done = remove_rule(actor=actor, rule_id=rule.id)

        report = done.report
        assert (report.inserted, report.updated, report.deleted) == (
            len(seen.added),
            len(seen.changed),
            len(seen.removed),
        )
        assert report.kept == seen.kept
