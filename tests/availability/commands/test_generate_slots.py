"""From rules to slots, as a diff."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from django.core.management import CommandError, call_command

from apps.availability import occupancy
from apps.availability.commands import generate_slots as generation
from apps.availability.commands.generate_slots import (
    GenerationReport,
    generate_slots,
    generate_slots_of_location,
)
from apps.availability.models import (
    AvailabilityRule,
    CalendarEvent,
    Resource,
    RuleKind,
    SellsFrom,
    SlotInstance,
)
from apps.core.clock import app_now
from apps.core.errors import NotFound
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from tests.availability.support import at, day_off, denver, minutes, take
from tests.availability.time_off.support import away
from tests.conftest import Race
from tests.factories.availability import LocationFactory, PersonFactory, PoolFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db

TUESDAY = date(2030, 1, 15)


@pytest.fixture
def anna() -> Resource:
    """Works at a location that is open from nine to noon on weekdays."""
    anna = PersonFactory()
    WeeklyRuleFactory(location=anna.location, end_time=time(12))
    return anna


def generate(resource: Resource, first: date = TUESDAY, last: date | None = None) -> GenerationReport:
    return generate_slots_of_location(
        organization_id=resource.organization_id,
        location_id=resource.location_id,
        first=first,
        last=last or first,
    )


def change_rules(resource: Resource, **changes: Any) -> None:
    AvailabilityRule.objects.for_organization(resource.organization_id).update(**changes)


def starts(resource: Resource, **filters: Any) -> list[datetime]:
    slots = SlotInstance.objects.for_organization(resource.organization_id).filter(
        resource=resource, **filters
    )
    return list(slots.order_by("start_at").values_list("start_at", flat=True))


def hold_at(resource: Resource, start: datetime, **claim: Any) -> CalendarEvent:
    """Somebody takes the slot that starts then."""
    slot = SlotInstance.objects.for_organization(resource.organization_id).get(
        resource=resource, start_at=start
    )
    event = take(
        resource, at(int((start - at(0).start) / minutes(1))), expires_at=app_now() + minutes(5), **claim
    )
    CalendarEvent.objects.filter(id=event.id).update(slot=slot)
    return event


class TestFirstRun:
    def test_makes_every_start_of_every_day(self, anna: Resource) -> None:
        report = generate(anna, TUESDAY, TUESDAY + timedelta(days=6))

        assert report == GenerationReport(inserted=5 * 6)
        assert starts(anna, date=TUESDAY) == [denver(15, 9, 30 * number) for number in range(6)]
        assert starts(anna, date=date(2030, 1, 19)) == []

    def test_makes_them_for_everybody_by_their_own_hours(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location)
        WeeklyRuleFactory(location=anna.location, resource=ben, start_time=time(14), end_time=time(15))
        generate(anna)

        assert starts(ben) == [denver(15, 14), denver(15, 14, 30)]
        assert len(starts(anna)) == 6

    def test_a_slot_never_seats_more_than_its_resource(self, anna: Resource) -> None:
        change_rules(anna, slot_capacity=5)
        generate(anna)

        assert set(SlotInstance.objects.values_list("capacity", flat=True)) == {1}

    def test_counts_what_is_there_already(self, anna: Resource) -> None:
        take(anna, at(24 * 60))  # Tuesday at ten
        generate(anna)

        taken = SlotInstance.objects.get(start_at=denver(15, 10))
        assert (taken.booked, taken.hold, taken.status) == (1, 0, "blocked")
        assert SlotInstance.objects.filter(status="open").count() == 5
        assert list(find_violations()) == []

    def test_a_location_that_sells_places_has_those_of_its_pool_only(self) -> None:
        pool = PoolFactory(capacity=4)
        person = PersonFactory(location=pool.location)
        WeeklyRuleFactory(location=pool.location, slot_capacity=9)
        generate(pool)

        assert starts(person) == []
        assert set(SlotInstance.objects.values_list("resource", "capacity")) == {(pool.id, 4)}

    def test_nobody_to_sell_is_nothing_to_do(self) -> None:
        location = LocationFactory()

        assert (
            generate_slots_of_location(
                organization_id=location.organization_id, location_id=location.id, first=TUESDAY, last=TUESDAY
            )
            == GenerationReport()
        )

    def test_another_business_has_no_such_location(self, anna: Resource) -> None:
        with pytest.raises(NotFound):
            generate_slots_of_location(
                organization_id=new_id(), location_id=anna.location_id, first=TUESDAY, last=TUESDAY
            )


class TestSecondRun:
    def test_changes_nothing(self, anna: Resource) -> None:
        generate(anna)
        before = list(SlotInstance.objects.order_by("id").values())

        assert generate(anna) == GenerationReport(kept=6)
        assert list(SlotInstance.objects.order_by("id").values()) == before

    def test_changes_nothing_where_somebody_has_booked(self, anna: Resource) -> None:
        generate(anna)
        hold_at(anna, denver(15, 10))

        assert generate(anna) == GenerationReport(kept=6)

    def test_touches_no_other_day(self, anna: Resource) -> None:
        generate(anna, TUESDAY, TUESDAY + timedelta(days=1))
        AvailabilityRule.objects.all().delete()

        assert generate(anna).deleted == 6
        assert len(starts(anna)) == 6

    def test_touches_no_other_location(self, anna: Resource) -> None:
        ben = PersonFactory(location=LocationFactory(organization=anna.organization))
        WeeklyRuleFactory(location=ben.location)
        generate(ben)
        generate(anna)
        AvailabilityRule.objects.filter(location=anna.location).delete()
        generate(anna)

        assert (len(starts(anna)), len(starts(ben))) == (0, 16)


class TestAfterAChange:
    def test_what_no_rule_makes_is_deleted(self, anna: Resource) -> None:
        generate(anna)
        change_rules(anna, start_time=time(10))

        assert generate(anna) == GenerationReport(deleted=2, kept=4)
        assert starts(anna)[0] == denver(15, 10)

    def test_but_what_somebody_has_is_only_closed(self, anna: Resource) -> None:
        generate(anna)
        event = hold_at(anna, denver(15, 9))
        change_rules(anna, start_time=time(10))

        assert generate(anna) == GenerationReport(deleted=1, closed=1, kept=4)
        closed = SlotInstance.objects.get(closed=True)
        assert (closed.start_at, closed.status, closed.hold) == (denver(15, 9), "blocked", 1)
        event.refresh_from_db()
        assert event.active
        assert generate(anna) == GenerationReport(kept=4)
        assert list(find_violations()) == []

    def test_and_opens_again_when_a_rule_makes_it_again(self, anna: Resource) -> None:
        generate(anna)
        hold_at(anna, denver(15, 9))
        change_rules(anna, start_time=time(10))
        generate(anna)
        change_rules(anna, start_time=time(9))

        assert generate(anna) == GenerationReport(inserted=1, updated=1, kept=4)
        reopened = SlotInstance.objects.get(start_at=denver(15, 9))
        assert (reopened.closed, reopened.status, reopened.hold) == (False, "full", 1)

    def test_a_new_length_moves_the_ends(self, anna: Resource) -> None:
        generate(anna)
        change_rules(anna, slot_duration_minutes=60)

        assert generate(anna) == GenerationReport(updated=5, deleted=1)
        assert {slot.end_at - slot.start_at for slot in SlotInstance.objects.all()} == {timedelta(hours=1)}

    def test_a_new_length_recounts(self, anna: Resource) -> None:
        generate(anna)
        take(anna, at(24 * 60))  # Tuesday at ten
        change_rules(anna, slot_duration_minutes=60)
        generate(anna)

        half_past_nine = SlotInstance.objects.get(start_at=denver(15, 9, 30))
        assert (half_past_nine.booked, half_past_nine.status) == (1, "blocked")

    def test_more_seats_open_what_was_full(self) -> None:
        anna = PersonFactory(capacity=3)
        WeeklyRuleFactory(location=anna.location, end_time=time(10), slot_capacity=1)
        generate(anna)
        hold_at(anna, denver(15, 9))
        change_rules(anna, slot_capacity=3)
        generate(anna)

        slot = SlotInstance.objects.get(start_at=denver(15, 9))
        assert (slot.capacity, slot.hold, slot.status) == (3, 1, "partial")

    def test_fewer_seats_than_taken_leave_none_also_when_one_is_given_back(self) -> None:
        anna = PersonFactory(capacity=3)
        WeeklyRuleFactory(location=anna.location, end_time=time(10), slot_capacity=3)
        generate(anna)
        hold_at(anna, denver(15, 9), party=3)
        change_rules(anna, slot_capacity=2)

        assert generate(anna).updated == 2
        slot = SlotInstance.objects.get(start_at=denver(15, 9))
        assert (slot.capacity, slot.hold, slot.status) == (2, 2, "full")
        assert generate(anna) == GenerationReport(kept=2)
        assert list(find_violations()) == []

    def test_a_holiday_empties_the_day(self, anna: Resource) -> None:
        generate(anna)
        WeeklyRuleFactory(
            location=anna.location,
            rule_kind=RuleKind.EXCEPTION,
            days_of_week=None,
            valid_from=TUESDAY,
            valid_to=TUESDAY,
            is_closed=True,
        )

        assert generate(anna, TUESDAY, TUESDAY + timedelta(days=1)) == GenerationReport(inserted=6, deleted=6)
        assert starts(anna, date=TUESDAY) == []

    def test_the_past_is_history(self, anna: Resource, set_now: Callable[[datetime], None]) -> None:
        generate(anna)
        set_now(denver(15, 10, 15))
        change_rules(anna, start_time=time(9, 15), slot_duration_minutes=45)
        generate(anna)

        past = SlotInstance.objects.filter(start_at__lt=app_now(), created_at__isnull=False)
        assert {slot.end_at - slot.start_at for slot in past if slot.start_at.minute in {0, 30}} == {
            minutes(30)
        }
        assert denver(15, 9) in starts(anna)
        assert denver(15, 10, 30) not in starts(anna)

    def test_who_sells_no_more_loses_free_slots(self, anna: Resource) -> None:
        generate(anna)
        Resource.objects.filter(id=anna.id).update(active=False)

        assert generate(anna) == GenerationReport(deleted=6)

    def test_a_location_that_turns_to_its_pool_sells_no_person_twice(self, anna: Resource) -> None:
        generate(anna)
        hold_at(anna, denver(15, 9))
        pool = PersonFactory(location=anna.location, kind="pool")
        anna.location.sells_from = SellsFrom.POOL
        anna.location.save()

        assert generate(anna) == GenerationReport(inserted=6, deleted=5, closed=1)
        assert starts(anna, closed=False) == []
        assert len(starts(pool)) == 6


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch) -> list[set[UUID]]:
    """Which resources each transaction of a run locks."""
    taken: list[set[UUID]] = []
    lock = occupancy.lock_resources

    def listening(organization_id: UUID, resource_ids: Iterable[UUID]) -> dict[UUID, Resource]:
        taken.append(set(resource_ids))
        return lock(organization_id, taken[-1])

    monkeypatch.setattr(occupancy, "lock_resources", listening)
    return taken


class TestOnlyWhatDiffers:
    def versions(self) -> dict[UUID, int]:
        return dict(Resource.objects.values_list("id", "version"))

    def test_an_unchanged_run_locks_nobody_and_leaves_what_readers_keep(
        self, anna: Resource, locks: list[set[UUID]]
    ) -> None:
        generate(anna)
        locks.clear()
        before = self.versions()

        assert generate(anna) == GenerationReport(kept=6)
        assert locks == []
        assert self.versions() == before

    def test_only_who_differs_is_locked_and_gets_a_new_version(
        self, anna: Resource, locks: list[set[UUID]]
    ) -> None:
        ben = PersonFactory(location=anna.location)
        generate(anna)
        locks.clear()
        before = self.versions()
        WeeklyRuleFactory(location=anna.location, resource=ben, end_time=time(13))
        generate(anna)

        assert locks == [{ben.id}]
        assert {changed for changed, version in self.versions().items() if version != before[changed]} == {
            ben.id
        }

    def test_a_row_that_somebody_deleted_is_made_again(self, anna: Resource) -> None:
        generate(anna)
        SlotInstance.objects.filter(start_at=denver(15, 10)).delete()

        assert generate(anna) == GenerationReport(inserted=1, kept=5)

    def test_a_row_that_somebody_moved_is_put_right(self, anna: Resource) -> None:
        generate(anna)
        SlotInstance.objects.filter(start_at=denver(15, 10)).update(
            start_at=denver(15, 10, 5), end_at=denver(15, 10, 35)
        )

        assert generate(anna) == GenerationReport(inserted=1, deleted=1, kept=5)

    def test_other_seats_on_two_days_do_not_cancel_out(self, anna: Resource) -> None:
        Resource.objects.filter(id=anna.id).update(capacity=2)
        change_rules(anna, slot_capacity=2)
        generate(anna)
        SlotInstance.objects.filter(start_at=denver(15, 10)).update(capacity=1)

        assert generate(anna) == GenerationReport(updated=1, kept=5)

    def test_people_with_the_same_hours_of_their_own_get_the_same_slots(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location)
        for somebody in (anna, ben):
            WeeklyRuleFactory(location=anna.location, resource=somebody, start_time=time(15))
        generate(anna)

        assert starts(anna) == starts(ben) == [denver(15, 15 + half // 2, half % 2 * 30) for half in range(4)]

    def test_in_many_small_batches_it_is_the_same(
        self, anna: Resource, monkeypatch: pytest.MonkeyPatch, locks: list[set[UUID]]
    ) -> None:
        monkeypatch.setattr(generation, "RESOURCE_DAYS_A_BATCH", 1)
        for _ in range(3):
            PersonFactory(location=anna.location)

        assert generate(anna) == GenerationReport(inserted=24)
        assert locks == [{resource_id} for resource_id in sorted(self.versions())]

    def test_the_queries_of_a_batch_do_not_grow_with_it(
        self, anna: Resource, django_assert_num_queries: Any
    ) -> None:
        for _ in range(10):
            PersonFactory(location=anna.location)

        with django_assert_num_queries(19):
            generate(anna, TUESDAY, TUESDAY + timedelta(days=20))

    def test_ids_are_of_version_7_and_in_order(self, anna: Resource) -> None:
        generate(anna)
        ids = list(SlotInstance.objects.order_by("start_at").values_list("id", flat=True))

        assert {(made.version, made.variant) for made in ids} == {(7, RFC_4122)}
        assert ids == sorted(ids)


class TestAnotherZone:
    def move(self, anna: Resource, zone: str) -> None:
        anna.location.timezone = zone
        anna.location.save()

    def test_moves_the_slots(self, anna: Resource) -> None:
        generate(anna)
        self.move(anna, "America/New_York")

        assert generate(anna) == GenerationReport(inserted=4, deleted=4, kept=2)
        assert starts(anna)[0] == denver(15, 7)

    def test_what_starts_at_the_same_moment_on_another_date_is_the_same_slot(self, anna: Resource) -> None:
        change_rules(anna, start_time=time(0), end_time=time(0), days_of_week=[1, 2, 3, 4, 5, 6, 7])
        generate(anna, TUESDAY, TUESDAY + timedelta(days=2))
        before = dict(SlotInstance.objects.values_list("start_at", "id"))
        self.move(anna, "Asia/Tokyo")  # sixteen hours ahead
        report = generate(anna, TUESDAY, TUESDAY + timedelta(days=2))

        after = dict(SlotInstance.objects.values_list("start_at", "id"))
        assert all(after[start] == slot_id for start, slot_id in before.items() if start in after)
        assert report.updated == 2 * 32
        assert list(find_violations()) == []


class TestTimeOff:
    def test_repeats_as_far_as_the_slots_reach(self, anna: Resource) -> None:
        away(anna, rrule="FREQ=DAILY", start_time=time(11), duration_minutes=60)
        anna.organization.policy.horizon_days = 40
        anna.organization.policy.save()
        generate_slots(organization=anna.organization)

        late = SlotInstance.objects.filter(date__gt=date(2030, 2, 20))
        assert set(late.values_list("start_at__hour", "status")) >= {(18, "blocked"), (17, "open")}
        assert not late.filter(start_at__hour=18, status="open").exists()

    def test_blocks_slots_and_hides_none(self, anna: Resource) -> None:
        generate(anna)
        day_off(anna, at(23 * 60, 60))

        assert list(SlotInstance.objects.order_by("start_at").values_list("status", flat=True)) == (
            ["blocked"] * 2 + ["open"] * 4
        )


class TestOrganization:
    def test_reaches_from_today_to_the_horizon(self, anna: Resource) -> None:
        anna.organization.policy.horizon_days = 7
        anna.organization.policy.save()
        generate_slots(organization=anna.organization)

        days = sorted(set(SlotInstance.objects.values_list("date", flat=True)))
        assert (days[0], days[-1]) == (date(2030, 1, 14), date(2030, 1, 21))

    def test_today_is_the_locations_own(self, anna: Resource, set_now: Callable[[datetime], None]) -> None:
        auckland = PersonFactory(
            location=LocationFactory(organization=anna.organization, timezone="Pacific/Auckland")
        )
        WeeklyRuleFactory(location=auckland.location)
        set_now(denver(14, 20))  # Tuesday afternoon in Auckland
        generate_slots(organization=anna.organization)

        assert min(SlotInstance.objects.filter(resource=auckland).values_list("date", flat=True)) == TUESDAY

    def test_closed_locations_rest(self, anna: Resource) -> None:
        anna.location.active = False
        anna.location.save()

        assert generate_slots(organization=anna.organization) == GenerationReport()

    def test_one_location_can_be_named(self, anna: Resource) -> None:
        other = PersonFactory(location=LocationFactory(organization=anna.organization))
        WeeklyRuleFactory(location=other.location)
        seen: list[str] = []
        generate_slots(
            organization=anna.organization,
            location_id=anna.location_id,
            first=TUESDAY,
            last=TUESDAY,
            on_progress=lambda location, report: seen.append(f"{location}: {report.inserted}"),
        )

        assert seen == [f"{anna.location}: 6"]
        assert starts(other) == []

    def test_one_person_can_be_named(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location)
        PersonFactory(location=LocationFactory(organization=anna.organization))
        report = generate_slots(
            organization=anna.organization, first=TUESDAY, last=TUESDAY, resource_id=ben.id
        )

        assert report == GenerationReport(inserted=6)
        assert starts(anna) == []

    def test_the_command_says_what_it_does_not_know(self, anna: Resource) -> None:
        with pytest.raises(CommandError, match="no such location or resource"):
            call_command("generate_slots", "--resource", str(new_id()))
        with pytest.raises(CommandError, match="is after"):
            call_command("generate_slots", "--from", "2030-01-16", "--to", "2030-01-15")

    def test_the_command_shows_a_bar_on_a_terminal(
        self, anna: Resource, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        monkeypatch.setenv("FORCE_COLOR", "1")
        call_command("generate_slots", "--resource", str(anna.id), "--to", "2030-01-15", stdout=StringIO())

        assert "Generating" in capsys.readouterr().err

    def test_the_command_says_what_it_did(self, anna: Resource) -> None:
        out = StringIO()
        call_command("generate_slots", "--from", "2030-01-15", "--to", "2030-01-16", stdout=out)

        assert out.getvalue() == f"{anna.location}: 12 new, 0 changed, 0 deleted, 0 closed, 0 kept\n"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_take_turns(race: Race) -> None:
    anna = PersonFactory()
    PersonFactory(location=anna.location)
    WeeklyRuleFactory(location=anna.location, end_time=time(12))

    reports = race([lambda: generate(anna, TUESDAY, TUESDAY + timedelta(days=2))] * 4)

    assert sorted(report.inserted for report in reports) == [0, 0, 0, 36]
    assert sum(report.kept for report in reports) == 3 * 36
    assert list(find_violations()) == []
