"""One person's week for others, too."""

from datetime import date, time

import pytest

from apps.audit.models import AuditEntry
from apps.availability.commands.copy_week import WeekCopied, copy_week
from apps.availability.hours.preview import Preview
from apps.availability.hours.week_copy import preview_copy
from apps.availability.models import AvailabilityRule, Resource, RuleKind, SlotInstance
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from tests.factories.availability import LocationFactory, PersonFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Resource:
    """Works in the morning, and on Mondays in the afternoon, too; three at once."""
    anna = PersonFactory(name="Anna", capacity=3)
    week = {"location": anna.location, "resource": anna, "slot_capacity": 3}
    WeeklyRuleFactory(**week, end_time=time(12))
    WeeklyRuleFactory(**week, days_of_week=[1], start_time=time(13))
    return anna


@pytest.fixture
def ben(anna: Resource) -> Resource:
    """Works all day, and has a day off."""
    ben = PersonFactory(location=anna.location)
    WeeklyRuleFactory(location=anna.location, resource=ben)
    day = date(2030, 1, 15)
    WeeklyRuleFactory(
        location=anna.location,
        resource=ben,
        rule_kind=RuleKind.EXCEPTION,
        days_of_week=None,
        valid_from=day,
        valid_to=day,
        is_closed=True,
    )
    return ben


def copy(source: Resource, *targets: Resource) -> WeekCopied:
    return copy_week(
        actor=Actor.system(source.organization_id),
        source_id=source.id,
        target_ids=[target.id for target in targets],
    )


def week_of(resource: Resource) -> list[tuple[object, ...]]:
    rows = AvailabilityRule.objects.filter(resource=resource, rule_kind=RuleKind.WEEKLY)
    return list(rows.order_by("start_time").values_list("days_of_week", "start_time", "end_time"))


class TestCopyWeek:
    def test_replaces_the_weekly_hours_of_everybody_named(self, anna: Resource, ben: Resource) -> None:
        cleo = PersonFactory(location=anna.location)
        done = copy(anna, ben, cleo)

        assert week_of(ben) == week_of(cleo) == week_of(anna)
        assert len(done.rules) == 4
        assert SlotInstance.objects.filter(resource=cleo).count() == done.report.inserted // 2 + 3
        assert not SlotInstance.objects.filter(resource=anna).exists()

    def test_keeps_exceptions(self, anna: Resource, ben: Resource) -> None:
        copy(anna, ben)

        assert AvailabilityRule.objects.filter(resource=ben, rule_kind=RuleKind.EXCEPTION).count() == 1
        assert not SlotInstance.objects.filter(resource=ben, date=date(2030, 1, 15)).exists()

    def test_gives_nobody_more_seats_than_they_have(self, anna: Resource, ben: Resource) -> None:
        copy(anna, ben)

        assert set(AvailabilityRule.objects.filter(resource=ben).values_list("slot_capacity", flat=True)) == {
            1
        }

    def test_twice_is_once(self, anna: Resource, ben: Resource) -> None:
        copy(anna, ben)

        assert copy(anna, ben).report.inserted == 0
        assert week_of(ben) == week_of(anna)

    def test_is_written_to_the_log_of_each(self, anna: Resource, ben: Resource) -> None:
        copy(anna, ben)

        entry = AuditEntry.objects.get(action="availability.week.copied")
        assert (entry.subject_id, entry.metadata) == (ben.id, {"source_id": str(anna.id)})
        assert entry.old == {"rules": ["every week, Mon–Fri 09:00–17:00"]}
        assert len(entry.new["rules"]) == 2

    def test_copies_nothing_from_somebody_without_hours(self, anna: Resource) -> None:
        with pytest.raises(InvalidInput, match="VALIDATION_ERROR"):
            copy(PersonFactory(location=anna.location), anna)
        assert len(week_of(anna)) == 2

    def test_to_nobody_or_oneself_is_refused(self, anna: Resource) -> None:
        with pytest.raises(InvalidInput):
            copy(anna, anna)

    def test_not_to_another_location(self, anna: Resource) -> None:
        with pytest.raises(InvalidInput):
            copy(anna, PersonFactory(location=LocationFactory(organization=anna.organization)))

    def test_not_from_or_to_another_business(self, anna: Resource) -> None:
        with pytest.raises(NotFound):
            copy(anna, PersonFactory())
        with pytest.raises(NotFound):
            copy_week(actor=Actor.system(new_id()), source_id=anna.id, target_ids=[anna.id, new_id()])


class TestPreview:
    def look(self, source: Resource, *targets: Resource) -> Preview:
        return preview_copy(
            organization_id=source.organization_id,
            location_id=source.location_id,
            source_id=source.id,
            target_ids=[target.id for target in targets],
            days=7,
        )

    def test_says_whose_times_come_and_go(self, anna: Resource, ben: Resource) -> None:
        found = self.look(anna, ben)

        assert {slot.resource_name for slot in found.removed} == {ben.name}
        assert not found.added
        assert not [slot for slot in found.removed if slot.date == date(2030, 1, 15)]

    def test_writes_nothing(self, anna: Resource, ben: Resource) -> None:
        before = week_of(ben)

        self.look(anna, ben)

        assert week_of(ben) == before

    def test_refuses_what_copying_refuses(self, anna: Resource, ben: Resource) -> None:
        stranger, idle = PersonFactory(), PersonFactory(location=anna.location)

        with pytest.raises(NotFound):
            self.look(anna, stranger)
        with pytest.raises(InvalidInput):
            self.look(anna, anna)
        with pytest.raises(InvalidInput):
            self.look(idle, ben)
