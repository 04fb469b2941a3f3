"""Visits of several services, planned over what the database knows."""

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import Resource, SellsFrom, SlotInstance
from apps.availability.offering.search import find_offers
from apps.availability.planner import Itinerary, Mode
from apps.availability.planning.visits import VisitPlan, plan_visits
from apps.availability.types import VisitNeed
from apps.content.models import BookingService
from apps.core.clock import app_now
from apps.core.errors import InvalidInput
from tests.availability.support import at, day_off, denver, minutes, take
from tests.factories.availability import LocationFactory, PersonFactory, PoolFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2030, 1, 14), date(2030, 1, 15)


@pytest.fixture
def master() -> Resource:
    """At a salon that is open on weekdays from nine to five, where a student washes; it is Monday, eight."""
    master = PersonFactory(name="Karina", skills=["colour"])
    PersonFactory(name="Student", location=master.location, skills=["wash"])
    WeeklyRuleFactory(location=master.location)
    generate_slots(organization=master.organization)
    return master


def service(where: Resource, length: int, *skills: str, **fields: Any) -> BookingService:
    return ServiceFactory(
        organization=where.organization, duration_minutes=length, required_skills=list(skills), **fields
    )


def planned(where: Resource, services: Sequence[BookingService], **parts: Any) -> list[Itinerary]:
    given: dict[str, Any] = {"first": MONDAY, "last": MONDAY, "now": app_now()}
    asked = {name: parts.pop(name) for name in list(parts) if name in given}
    return plan_visits(
        organization=where.organization,
        location=where.location,
        wanted=VisitPlan(services=services, **parts),
        **given | asked,
    )


def starts(itineraries: Sequence[Itinerary]) -> list[datetime]:
    return sorted(one.start for one in itineraries)


class TestPlanVisits:
    def test_the_student_washes_and_the_master_colours(self, master: Resource) -> None:
        student = Resource.objects.get(name="Student")
        take(master, at(0, 210))  # until half past one
        found = planned(master, [service(master, 30, "wash"), service(master, 90, "colour")])

        assert min(starts(found)) == denver(14, 13)
        first = next(one for one in found if one.start == denver(14, 13))
        assert [(s.resource_id, s.visit.start, s.visit.end) for s in first.segments] == [
            (student.id, denver(14, 13), denver(14, 13, 30)),
            (master.id, denver(14, 13, 30), denver(14, 15)),
        ]

    def test_a_service_over_two_days(self, master: Resource) -> None:
        day_off(master, at(120, 5 * 60))  # from noon to five
        long = service(master, 300, "colour", may_split=True)
        found = planned(master, [long])
        assert found == [], "the day's own free time is cut short by time off, not by the end of work"

        WeeklyRuleFactory(
            location=master.location,
            resource=master,
            start_time=time(9),
            end_time=time(12),
            days_of_week=[1, 2],
        )
        assert planned(master, [service(master, 300, "colour")]) == []
        found = planned(master, [long])
        assert [(s.visit.start, s.visit.end) for s in found[0].segments] == [
            (denver(14, 9), denver(14, 12)),
            (denver(15, 9), denver(15, 11)),
        ]

    def test_somebody_in_particular(self, master: Resource) -> None:
        nanna = PersonFactory(name="Nanna", location=master.location, skills=["colour"])
        generate_slots(organization=master.organization)
        lines = [service(master, 30, "wash"), service(master, 30, "colour")]

        found = planned(master, lines, named={1: nanna.id})
        assert {one.segments[1].resource_id for one in found} == {nanna.id}
        assert planned(master, lines, named={0: nanna.id}) == []

    def test_somebody_does_what_they_can_and_others_the_rest(self, master: Resource) -> None:
        nanna = PersonFactory(name="Nanna", location=master.location, skills=["colour"])
        generate_slots(organization=master.organization)
        wash, colour = service(master, 30, "wash"), service(master, 30, "colour")

        found = planned(master, [wash, colour, colour], by=nanna.id)
        assert {tuple(s.resource_id for s in one.segments[1:]) for one in found} == {(nanna.id, nanna.id)}
        assert {one.segments[0].resource_id for one in found} == {Resource.objects.get(name="Student").id}
        assert planned(master, [wash], by=nanna.id) == [], "who can do nothing of it is not replaced"
        assert planned(master, [wash, colour], by=PersonFactory().id) == [], "somebody of another place"

    def test_a_place_in_the_pool_needs_no_skill(self) -> None:
        pool = PoolFactory(capacity=2)
        WeeklyRuleFactory(location=pool.location, end_time=time(10), slot_capacity=2)
        generate_slots(organization=pool.organization)
        lines = [service(pool, 30, "wash"), service(pool, 30, "colour")]

        assert starts(planned(pool, lines)) == [denver(14, 9)]
        assert starts(planned(pool, lines, mode=Mode.PARALLEL)) == [denver(14, 9), denver(14, 9, 30)]
        assert planned(pool, lines, mode=Mode.PARALLEL, party=2) == []

    def test_notice_and_horizon_count_for_the_start(
        self, master: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        set_now(denver(14, 16))

        assert starts(planned(master, [service(master, 30)])) == [denver(14, 16), denver(14, 16, 30)]
        assert planned(master, [service(master, 30)], first=date.min, last=date.min) == []

    def test_a_daily_cap_counts_booked_held_and_own(self, master: Resource) -> None:
        Resource.objects.filter(id=master.id).update(daily_cap=2)
        lines = [service(master, 30, "colour")] * 2
        assert planned(master, lines)

        take(master, at(0), expires_at=app_now() + minutes(5))
        assert planned(master, lines) == []
        assert planned(master, lines[:1])

    def test_nobody_there_means_nothing(self) -> None:
        nobody = PersonFactory(active=False)

        assert planned(nobody, [service(nobody, 30)]) == []

    def test_too_much_at_once_is_refused(self, master: Resource) -> None:
        with pytest.raises(InvalidInput, match="VALIDATION_ERROR"):
            planned(master, [])
        with pytest.raises(InvalidInput, match="VALIDATION_ERROR"):
            planned(master, [service(master, 5)] * 9)

    def test_asks_as_many_questions_of_the_database_whatever_there_is(self, master: Resource) -> None:
        def queries(services: Sequence[BookingService], **parts: Any) -> int:
            with CaptureQueriesContext(connection) as captured:
                planned(master, services, **parts)
            return len(captured)

        now, wash = app_now(), service(master, 30, "wash")
        assert master.organization.policy.horizon_days, "read before the count"
        few = queries([wash], now=now)
        for number in range(6):
            take(PersonFactory(location=master.location, skills=["wash"]), at(30 * number))
        generate_slots(organization=master.organization)

        assert (
            queries([wash, service(master, 60, "colour")], now=now, last=TUESDAY + timedelta(days=9)) == few
        )
        assert few == 5, "the clock, who, their slots, their rules, their events"


@pytest.mark.parametrize("seed", range(8))
def test_one_service_is_offered_when_find_offers_says_so(seed: int) -> None:
    """Of one service the planner's starts are the offers' starts, whoever is there and whatever is on."""
    chance = random.Random(seed)  # noqa: S311  (the same setups each time)
    where = LocationFactory(sells_from=chance.choice(SellsFrom.values))
    kind = PersonFactory if where.sells_from == SellsFrom.PEOPLE else PoolFactory
    people = [
        kind(
            location=where,
            capacity=chance.choice([1, 1, 3]),
            skills=chance.choice([[], ["gas"]]),
            buffer_after_minutes=chance.choice([None, 0, 20]),
        )
        for _ in range(1 if where.sells_from == SellsFrom.POOL else 3)
    ]
    WeeklyRuleFactory(location=where, end_time=time(13), slot_capacity=chance.choice([1, 2]))
    WeeklyRuleFactory(location=where, start_time=time(14), end_time=time(18))
    generate_slots(organization=where.organization)
    for _ in range(6):
        one = chance.choice(people)
        slot = chance.choice(list(SlotInstance.objects.filter(resource=one, date=MONDAY, booked=0)))
        start = (slot.start_at - at(0).start) // minutes(1)
        take(
            one,
            at(start),
            buffer_after=minutes(chance.choice([0, 0, 15])) if one.capacity > 1 else minutes(0),
        )
    offering = service(people[0], chance.choice([30, 45, 90]), *chance.choice([[], ["gas"]]))
    party = chance.choice([1, 1, 2])

    offers = find_offers(
        location=where,
        policy=where.organization.policy,
        need=VisitNeed.of(offering, party=party),
        first=MONDAY,
        last=TUESDAY,
        now=app_now(),
    )
    found = planned(people[0], [offering], last=TUESDAY, party=party)

    assert starts(found) == sorted({offer.start_at for offer in offers})
