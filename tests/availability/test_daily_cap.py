"""At most so many visits on one day of the location."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest

from apps.availability.errors import SlotFull
from apps.availability.models import EventType, Resource, SlotInstance
from apps.availability.offering.search import find_offers
from apps.availability.types import VisitNeed
from apps.core.clock import app_now
from apps.core.invariants import find_violations
from tests.availability.support import at, denver, take
from tests.availability.time_off.support import MONDAY, generate
from tests.bookings.support import book, hold
from tests.factories.availability import PersonFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Resource:
    """Takes two visits a day, and works around the clock."""
    anna = PersonFactory(daily_cap=2)
    WeeklyRuleFactory(
        location=anna.location, start_time=time(0), end_time=time(0), days_of_week=[1, 2, 3, 4, 5, 6, 7]
    )
    generate(anna)
    return anna


@pytest.fixture(autouse=True)
def nothing_is_broken_in_the_end(set_now: Callable[[datetime], None]) -> Iterator[None]:
    yield
    assert list(find_violations()) == []


def slot(resource: Resource, hour: int, day: int = 14) -> SlotInstance:
    return SlotInstance.objects.select_related("organization__policy").get(
        resource=resource, start_at=denver(day, hour)
    )


def offered(resource: Resource, day: date = MONDAY) -> int:
    found = find_offers(
        location=resource.location,
        policy=resource.organization.policy,
        need=VisitNeed(),
        first=day,
        last=day,
        now=app_now(),
    )
    return len(found)


class TestDailyCap:
    def test_a_full_day_is_full_and_not_on_offer(self, anna: Resource) -> None:
        book(slot(anna, 10))
        assert offered(anna) > 0
        hold(slot(anna, 12))

        assert offered(anna) == 0
        with pytest.raises(SlotFull):
            hold(slot(anna, 14))

    def test_the_next_day_begins_at_midnight_on_the_wall(self, anna: Resource) -> None:
        book(slot(anna, 10))
        book(slot(anna, 23))

        assert offered(anna, MONDAY + timedelta(days=1)) == 48
        assert book(slot(anna, 0, day=15)).status == "confirmed"

    def test_a_visit_counts_on_the_day_on_which_it_starts(self, anna: Resource) -> None:
        late = at(13 * 60 + 45, 30)  # from 23:45 to 0:15
        take(anna, late, expires_at=app_now() + timedelta(minutes=5))
        book(slot(anna, 10))

        with pytest.raises(SlotFull):
            hold(slot(anna, 12))
        assert offered(anna, MONDAY + timedelta(days=1)) == 47

    def test_a_hold_counts_no_longer_than_it_lives(
        self, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        book(slot(anna, 10))
        expires_at = hold(slot(anna, 12)).holds.get().expires_at
        set_now(expires_at)

        assert offered(anna) > 0
        assert hold(slot(anna, 14)).status == "held"

    def test_only_visits_count(self, anna: Resource) -> None:
        take(anna, at(0), kind=EventType.MEETING)
        take(anna, at(60), kind=EventType.BREAK)

        assert hold(slot(anna, 14)).status == "held"

    def test_without_a_cap_there_is_no_limit(self, anna: Resource) -> None:
        Resource.objects.filter(id=anna.id).update(daily_cap=None)
        for hour in (10, 12, 14):
            book(slot(anna, hour))

        assert offered(anna) > 0
