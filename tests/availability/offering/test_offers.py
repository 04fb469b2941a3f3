"""What can be booked."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import AvailabilityRule, Location, Resource, SlotInstance
from apps.availability.offering.offers import booking_window
from apps.availability.offering.search import find_offers
from apps.availability.queries import (
    DayCount,
    alternatives,
    count_by_day,
    occupied_period,
    peaks_now,
    slots_at,
    within_working_time,
)
from apps.availability.types import Offer, VisitNeed
from apps.core.clock import app_now
from tests.availability.support import at, day_off, denver, minutes, take
from tests.availability.time_off.support import away
from tests.factories.availability import (
    LocationFactory,
    PersonFactory,
    PoolFactory,
    SlotFactory,
    WeeklyRuleFactory,
)
from tests.factories.content import ServiceFactory

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2030, 1, 14), date(2030, 1, 15)


@pytest.fixture
def anna() -> Resource:
    """Works from nine to noon on weekdays; it is Monday, eight o'clock."""
    anna = PersonFactory(name="Anna")
    WeeklyRuleFactory(location=anna.location, end_time=time(12))
    generate_slots(organization=anna.organization)
    return anna


def offers(where: Resource, need: VisitNeed | None = None, **parts: Any) -> list[Offer]:
    given: dict[str, Any] = {"first": MONDAY, "last": MONDAY, "now": app_now()}
    return find_offers(
        location=where.location, policy=where.organization.policy, need=need or VisitNeed(), **given | parts
    )


def starts(where: Resource, need: VisitNeed | None = None, **parts: Any) -> list[datetime]:
    return [offer.start_at for offer in offers(where, need, **parts)]


def need(length: int | None = None, **parts: Any) -> VisitNeed:
    return VisitNeed(duration=None if length is None else minutes(length), **parts)


def set_policy(where: Resource, **changes: int) -> None:
    policy = where.organization.policy
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save()


EVERY_HALF_HOUR = [denver(14, 9, 30 * number) for number in range(6)]


class TestFreeTime:
    def test_is_every_slot_with_room(self, anna: Resource) -> None:
        take(anna, at(0))  # ten o'clock

        assert starts(anna) == [start for start in EVERY_HALF_HOUR if start != denver(14, 10)]

    def test_says_who_when_and_how_many(self, anna: Resource) -> None:
        first = offers(anna)[0]

        slot = SlotInstance.objects.get(start_at=denver(14, 9))
        assert first == Offer(
            start_at=denver(14, 9),
            end_at=denver(14, 9, 30),
            date=MONDAY,
            slot_id=slot.id,
            resource_id=anna.id,
            resource_name="Anna",
            capacity=1,
            seats=1,
        )

    def test_a_lapsed_hold_is_free_before_any_sweep(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        take(anna, at(0), expires_at=app_now() + minutes(5))
        assert denver(14, 10) not in starts(anna)

        set_now(app_now() + minutes(5))
        assert denver(14, 10) in starts(anna)
        assert SlotInstance.objects.get(start_at=denver(14, 10)).status == "full", "the sweep has not run"

    def test_time_off_is_not_free(self, anna: Resource) -> None:
        day_off(anna, at(-60, 150))

        assert starts(anna) == [denver(14, 11, 30)]

    def test_hours_that_were_taken_away_since_are_not_offered(self, anna: Resource) -> None:
        AvailabilityRule.objects.update(start_time=time(10))

        assert starts(anna)[0] == denver(14, 10)

    def test_closed_slots_are_not_offered(self, anna: Resource) -> None:
        SlotInstance.objects.filter(start_at=denver(14, 9)).update(closed=True, status="blocked")

        assert denver(14, 9) not in starts(anna)


class TestLongVisits:
    def test_need_working_time_to_their_end(self, anna: Resource) -> None:
        assert starts(anna, need(90)) == EVERY_HALF_HOUR[:4]

    def test_need_to_be_free_to_their_end(self, anna: Resource) -> None:
        take(anna, at(30))  # half past ten

        assert starts(anna, need(90)) == [denver(14, 9)]

    def test_end_when_the_service_does_and_not_the_slot(self, anna: Resource) -> None:
        assert offers(anna, need(45))[0].end_at == denver(14, 9, 45)

    def test_run_on_from_one_window_into_the_next(self, anna: Resource) -> None:
        WeeklyRuleFactory(location=anna.location, start_time=time(12), end_time=time(13))

        assert starts(anna, need(180)) == [denver(14, 9), denver(14, 9, 30), denver(14, 10)]

    def test_run_over_midnight_and_over_days(self) -> None:
        night = PersonFactory()
        WeeklyRuleFactory(
            location=night.location, days_of_week=[1, 2, 3, 4, 5, 6, 7], start_time=time(0), end_time=time(0)
        )
        generate_slots(organization=night.organization, first=MONDAY, last=TUESDAY)
        three_days = need(3 * 24 * 60)
        assert denver(14, 12) in starts(night, three_days)

        take(night, at(3 * 24 * 60 - 30))  # in the last half hour of a visit from Monday at ten
        assert denver(14, 9, 30) in starts(night, three_days)
        assert denver(14, 10) not in starts(night, three_days)

    def test_on_the_last_day_that_was_asked_for_see_the_days_after_it(self) -> None:
        night = PersonFactory()
        WeeklyRuleFactory(
            location=night.location, days_of_week=[1, 2, 3, 4, 5, 6, 7], start_time=time(0), end_time=time(0)
        )
        generate_slots(organization=night.organization, first=MONDAY, last=MONDAY)
        take(night, at(13 * 24 * 60))

        assert starts(night, need(12 * 24 * 60))
        assert starts(night, need(14 * 24 * 60)) == []


class TestBuffers:
    def test_of_two_neighbours_add_up(self, anna: Resource) -> None:
        take(anna, at(0), buffer_after=minutes(15))  # ten to half past, cleaned up by a quarter to

        assert denver(14, 10, 30) not in starts(anna)
        assert denver(14, 11) in starts(anna, need(buffer_before=minutes(15)))
        assert denver(14, 11) not in starts(anna, need(buffer_before=minutes(16)))

    def test_may_lie_outside_working_time(self, anna: Resource) -> None:
        assert denver(14, 9) in starts(anna, need(buffer_before=minutes(30)))

    def test_come_from_the_service_else_the_person_else_the_business(self, anna: Resource) -> None:
        take(anna, at(0))
        half_past_nine = denver(14, 9, 30)
        set_policy(anna, buffer_after_minutes=10)
        assert half_past_nine not in starts(anna)

        Resource.objects.filter(id=anna.id).update(buffer_after_minutes=0)
        assert half_past_nine in starts(anna)
        assert half_past_nine not in starts(anna, need(buffer_after=minutes(5)))

    def test_of_nothing_is_not_the_same_as_none(self, anna: Resource) -> None:
        take(anna, at(0))
        set_policy(anna, buffer_after_minutes=10)

        assert denver(14, 9, 30) in starts(anna, need(buffer_after=timedelta(0)))

    def test_as_long_as_days_are_seen(self, anna: Resource) -> None:
        take(anna, at(5 * 24 * 60))  # Saturday at ten

        assert starts(anna, need(buffer_after=timedelta(days=4))) != []
        assert starts(anna, need(buffer_after=timedelta(days=6))) == []


class TestWindow:
    def test_a_start_at_exactly_now_and_notice_is_allowed(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        set_policy(anna, minimum_notice_minutes=90)
        assert starts(anna)[0] == denver(14, 9, 30)

        set_now(app_now() + timedelta(seconds=1))
        assert starts(anna)[0] == denver(14, 10)

    def test_without_notice_this_very_moment_is_allowed(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        set_now(denver(14, 10))

        assert starts(anna)[0] == denver(14, 10)

    def test_the_horizon_ends_it(self, anna: Resource) -> None:
        set_policy(anna, horizon_days=1)
        last = starts(anna, last=TUESDAY + timedelta(days=5))[-1]

        assert last < app_now() + timedelta(days=1) <= denver(15, 9)

    def test_both_ends_are_allowed(self, anna: Resource) -> None:
        set_policy(anna, minimum_notice_minutes=60, horizon_days=2)
        window = booking_window(anna.organization.policy, now=app_now())

        assert window.allows(app_now() + minutes(60))
        assert window.allows(app_now() + timedelta(days=2))
        assert not window.allows(app_now() + minutes(59))
        assert not window.allows(app_now() + timedelta(days=2, seconds=1))

    @pytest.mark.parametrize(
        ("first", "last"), [(date.min, date.min), (date.max, date.max), (TUESDAY, MONDAY)]
    )
    def test_far_away_dates_have_nothing(self, anna: Resource, first: date, last: date) -> None:
        assert offers(anna, first=first, last=last) == []

    def test_all_of_time_is_no_more_work_than_the_horizon(self, anna: Resource) -> None:
        everything = starts(anna, first=date.min, last=date.max)

        assert everything == starts(anna, first=MONDAY, last=MONDAY + timedelta(days=61))

    def test_a_night_that_began_yesterday_still_counts(self, set_now: Callable[[datetime], None]) -> None:
        night = PersonFactory()
        WeeklyRuleFactory(location=night.location, start_time=time(22), end_time=time(2))
        generate_slots(organization=night.organization)
        set_now(denver(15, 0, 30))

        assert starts(night) == [denver(15, 0, 30), denver(15, 1), denver(15, 1, 30)]


class TestWho:
    def test_one_offer_a_start_and_person_by_name(self, anna: Resource) -> None:
        PersonFactory(location=anna.location, name="Aaron")
        generate_slots(organization=anna.organization)

        assert [(o.start_at, o.resource_name) for o in offers(anna)[:3]] == [
            (denver(14, 9), "Aaron"),
            (denver(14, 9), "Anna"),
            (denver(14, 9, 30), "Aaron"),
        ]

    def test_only_who_has_all_the_skills(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location, skills=["gas", "hvac"])
        generate_slots(organization=anna.organization)

        assert {o.resource_id for o in offers(anna, need(skills=("gas",)))} == {ben.id}
        assert {o.resource_id for o in offers(anna, need(skills=("gas", "hvac")))} == {ben.id}
        assert offers(anna, need(skills=("gas", "roof"))) == []

    def test_only_the_person_who_was_asked_for(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location)
        generate_slots(organization=anna.organization)

        assert {o.resource_id for o in offers(anna, resource_id=ben.id)} == {ben.id}

    def test_nobody_who_is_off_the_roster(self, anna: Resource) -> None:
        Resource.objects.filter(id=anna.id).update(active=False)

        assert offers(anna) == []

    def test_a_pool_needs_no_skills_and_counts_its_places(self) -> None:
        pool = PoolFactory(capacity=3)
        WeeklyRuleFactory(location=pool.location, slot_capacity=3)
        generate_slots(organization=pool.organization, first=MONDAY, last=MONDAY)
        take(pool, at(0), party=2)
        by_start = {offer.start_at: offer for offer in offers(pool, need(skills=("gas",)))}

        assert (by_start[denver(14, 9)].seats, by_start[denver(14, 10)].seats) == (3, 1)
        assert denver(14, 10) not in starts(pool, need(party=2))

    def test_a_person_where_only_places_are_sold_has_nothing(self) -> None:
        pool = PoolFactory(capacity=3)
        person = PersonFactory(location=pool.location)
        WeeklyRuleFactory(location=pool.location)
        generate_slots(organization=pool.organization, first=MONDAY, last=MONDAY)

        assert offers(pool, resource_id=person.id) == []
        assert offers(pool, resource_id=pool.id) != []

    def test_a_slots_own_capacity_limits_the_count(self) -> None:
        pool = PoolFactory(capacity=5)
        WeeklyRuleFactory(location=pool.location, slot_capacity=2)
        generate_slots(organization=pool.organization, first=MONDAY, last=MONDAY)
        take(pool, at(0))

        assert {o.start_at: o.seats for o in offers(pool)}[denver(14, 10)] == 1
        assert denver(14, 10) not in starts(pool, need(party=2))


class TestCost:
    def test_is_the_same_for_many_days_people_and_events(self, anna: Resource) -> None:
        def queries(**parts: Any) -> int:
            with CaptureQueriesContext(connection) as captured:
                offers(anna, need(60, buffer_after=minutes(5)), **parts)
            return len(captured)

        few = queries()
        for number in range(4):
            person = PersonFactory(location=anna.location)
            WeeklyRuleFactory(location=anna.location, resource=person, end_time=time(10 + number))
            take(person, at(30 * number))
        generate_slots(organization=anna.organization)

        assert queries(last=MONDAY + timedelta(days=40)) == few == 4, (
            "the clock, people, rules, and everything that is in their calendars"
        )


class TestQueries:
    def test_starts_are_counted_once_a_day_whoever_has_them(self, anna: Resource) -> None:
        PersonFactory(location=anna.location)
        generate_slots(organization=anna.organization)
        take(anna, at(0))

        counts = count_by_day(offers(anna, last=TUESDAY))
        assert counts == [DayCount(date=MONDAY, available=6), DayCount(date=TUESDAY, available=6)]

    def test_alternatives_are_the_three_nearest_in_order(self, anna: Resource) -> None:
        take(anna, at(0))
        found = alternatives(
            location=anna.location,
            policy=anna.organization.policy,
            need=VisitNeed(),
            start_at=denver(14, 10),
            now=app_now(),
        )

        # Nine and eleven are equally near: the later one is easier to make.
        assert [offer.start_at for offer in found] == [denver(14, 9, 30), denver(14, 10, 30), denver(14, 11)]

    def test_alternatives_name_each_start_once(self, anna: Resource) -> None:
        PersonFactory(location=anna.location)
        generate_slots(organization=anna.organization)
        found = alternatives(
            location=anna.location,
            policy=anna.organization.policy,
            need=VisitNeed(),
            start_at=denver(14, 9),
            now=app_now(),
        )

        assert len({offer.start_at for offer in found}) == 3

    def test_alternatives_may_be_days_away_and_may_be_none(self, anna: Resource) -> None:
        day_off(anna, at(-60, 24 * 60))
        near: dict[str, Any] = {
            "location": anna.location,
            "policy": anna.organization.policy,
            "need": VisitNeed(),
            "start_at": denver(14, 9),
        }
        assert [offer.date for offer in alternatives(**near, now=app_now())] == [TUESDAY] * 3

        day_off(anna, at(23 * 60, 30 * 24 * 60))
        assert alternatives(**near, now=app_now()) == []

    def test_slots_at_a_start_are_those_of_everyone_who_could(self, anna: Resource) -> None:
        ben = PersonFactory(location=anna.location, skills=["gas"])
        generate_slots(organization=anna.organization)

        def people(**parts: Any) -> set[Any]:
            resource_id = parts.pop("resource_id", None)
            found = slots_at(anna.location, denver(14, 9), need(**parts), resource_id=resource_id)
            return {slot.resource_id for slot in found}

        assert people() == {anna.id, ben.id}
        assert people(skills=("gas",)) == {ben.id}
        assert people(resource_id=anna.id) == {anna.id}

    def test_a_visit_must_fit_into_working_time_unless_its_slot_says_so(self, anna: Resource) -> None:
        slot = SlotInstance.objects.select_related("location", "resource").get(start_at=denver(14, 11, 30))

        assert within_working_time([slot], need()) == [slot]
        assert within_working_time([slot], need(30)) == [slot]
        assert within_working_time([slot], need(31)) == []

    def test_a_visit_into_the_day_after_next_finds_its_hours(self) -> None:
        night = PersonFactory()
        WeeklyRuleFactory(
            location=night.location,
            days_of_week=[1, 2, 3, 4, 5, 6, 7],
            start_time=time(23, 30),
            end_time=time(23),
        )
        WeeklyRuleFactory(
            location=night.location,
            days_of_week=[1, 2, 3, 4, 5, 6, 7],
            start_time=time(23),
            end_time=time(23, 30),
        )
        generate_slots(organization=night.organization, first=MONDAY, last=MONDAY)
        late = SlotInstance.objects.select_related("location", "resource").get(
            start_at=denver(15, 22, 30), date=MONDAY
        )

        assert within_working_time([late], need(20 * 60)) == [late]
        assert late.start_at in starts(night, need(20 * 60))

    def test_what_is_occupied_has_the_buffers(self, anna: Resource) -> None:
        slot = SlotFactory.build(
            start_at=at(0).start, resource=anna, location=anna.location, organization=anna.organization
        )
        period = occupied_period(
            slot, need(60, buffer_before=minutes(5), buffer_after=minutes(10)), anna.organization.policy
        )

        assert period == at(-5, 75)

    def test_the_peak_of_this_moment_ignores_lapsed_holds(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        take(anna, at(0), expires_at=app_now() + minutes(5))
        assert peaks_now([(anna.id, at(0))]) == [1]
        assert peaks_now([(anna.id, at(30))]) == [0]

        set_now(app_now() + minutes(5))
        assert peaks_now([(anna.id, at(0))]) == [0]

    def test_the_peak_counts_a_lapsed_hold_with_time_off_behind_it(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        take(anna, at(0), expires_at=app_now() + minutes(5))
        away(anna, 9, 480)

        set_now(app_now() + minutes(5))

        assert peaks_now([(anna.id, at(0))]) == [1]


class TestNeed:
    def test_of_a_service_takes_what_it_says_and_leaves_the_rest_open(self) -> None:
        service = ServiceFactory.build(
            duration_minutes=90, buffer_before_minutes=0, required_skills=["gas"], organization=None
        )

        assert VisitNeed.of(service, party=2) == VisitNeed(
            duration=minutes(90), buffer_before=timedelta(0), buffer_after=None, skills=("gas",), party=2
        )

    def test_of_nothing_is_the_slot_itself(self) -> None:
        assert VisitNeed.of(None) == VisitNeed()


def test_a_location_is_of_one_business_only() -> None:
    location = LocationFactory()

    assert Location.objects.for_organization(location.organization).get() == location
    assert (
        not Location.objects.for_organization(LocationFactory().organization).filter(id=location.id).exists()
    )
