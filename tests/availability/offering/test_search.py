"""A search that remembers finds what one finds that has just begun."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from threading import Event as Signal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.availability import occupancy
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.errors import SlotFull
from apps.availability.models import CalendarEvent, Resource, SlotInstance
from apps.availability.offering.search import LIFETIME, Search, find_offers
from apps.availability.offering.stamps import Stamp, read_stamp
from apps.availability.types import Offer, VisitNeed
from apps.core.clock import app_now
from tests.availability.support import at, denver, minutes, take
from tests.factories.availability import PersonFactory, PoolFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db

MONDAY, SUNDAY = date(2030, 1, 14), date(2030, 1, 20)


def two_people(**fields: Any) -> list[Resource]:
    """They work from nine to noon, the second one until one, every day of the week."""
    anna = PersonFactory(name="Anna", **fields)
    bert = PersonFactory(name="Bert", organization=anna.organization, location=anna.location, **fields)
    every_day = [1, 2, 3, 4, 5, 6, 7]
    WeeklyRuleFactory(location=anna.location, end_time=time(12), days_of_week=every_day)
    WeeklyRuleFactory(location=anna.location, resource=bert, end_time=time(13), days_of_week=every_day)
    generate_slots(organization=anna.organization, last=SUNDAY)
    return [anna, bert]


def a_pool() -> list[Resource]:
    """Three places, from nine to noon."""
    pool = PoolFactory(capacity=3)
    WeeklyRuleFactory(location=pool.location, end_time=time(12))
    generate_slots(organization=pool.organization, last=SUNDAY)
    return [pool]


def question(where: Resource, need: VisitNeed, **parts: Any) -> dict[str, Any]:
    location = where.location
    policy = location.organization.policy
    return {"location": location, "policy": policy, "need": need, "first": MONDAY, "last": SUNDAY} | parts


def stamp_of(where: Resource) -> Stamp:
    return read_stamp(where.organization_id, where.location_id)


def look(search: Search, where: Resource) -> list[Offer]:
    stamp = stamp_of(where)
    return search.offers(search.run(now=stamp.now, versions=stamp.state.versions))


def free_one(event: CalendarEvent) -> None:
    with transaction.atomic():
        assert event.resource_id is not None
        occupancy.lock_resources(event.organization_id, [event.resource_id])
        occupancy.free([event])


def days_of(offers: Iterable[Offer]) -> dict[date, int]:
    """How many different starts each day has."""
    return dict(sorted(Counter(day for day, _ in {(one.date, one.start_at) for one in offers}).items()))


CASES: dict[str, tuple[Callable[[], list[Resource]], VisitNeed]] = {
    "visits with buffers": (
        two_people,
        VisitNeed(duration=minutes(60), buffer_before=minutes(10), buffer_after=minutes(20)),
    ),
    "visits of a slot's length": (two_people, VisitNeed()),
    "places for two": (a_pool, VisitNeed(duration=minutes(45), party=2)),
    "two visits a day": (lambda: two_people(daily_cap=2), VisitNeed(duration=minutes(30))),
}


class Life:
    """Things that happen to these people's time, by chance."""

    def __init__(self, resources: list[Resource], draw: random.Random) -> None:
        self.resources = resources
        self.draw = draw
        self.now = app_now()
        self.events: list[CalendarEvent] = []

    def something_happens(self) -> None:
        what = self.draw.random()
        if what < 0.6:
            self._somebody_is_taken()
        elif what < 0.95 and self.events:
            free_one(self.events.pop(self.draw.randrange(len(self.events))))
        elif what > 0.95:
            SlotInstance.objects.filter(resource=self.draw.choice(self.resources), date="2030-01-16").delete()
            generate_slots(organization=self.resources[0].organization, last=SUNDAY)

    def _somebody_is_taken(self) -> None:
        resource = self.draw.choice(self.resources)
        visit = at(self.draw.randrange(-60, 6 * 24 * 60, 15), self.draw.choice([15, 60, 300]))
        ends = self.draw.choice([None, None, self.now + minutes(1), self.now + minutes(5)])
        for event in [one for one in self.events if one.expires_at and one.expires_at <= self.now]:
            if event.resource_id == resource.id:  # a claim ends what has lapsed; nobody has swept the others
                self.events.remove(event)
                free_one(event)
        with suppress(SlotFull):
            self.events.append(take(resource, visit, expires_at=ends))

    def time_passes(self, set_now: Callable[[datetime], None]) -> None:
        if self.now < denver(14, 9, 8):
            self.now += timedelta(seconds=self.draw.choice([0, 0, 0, 20, 60, 600]))
            set_now(self.now)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_it_finds_what_a_new_one_finds(
    set_now: Callable[[datetime], None], case: str, seed: int
) -> None:
    make, need = CASES[case]
    life = Life(make(), random.Random(f"{case} {seed}"))  # noqa: S311  (not a secret)
    where = life.resources[0]
    lists, counts = (
        Search(**question(where, need), now=life.now, listing=listing) for listing in (True, False)
    )

    for _ in range(25):
        for _ in range(life.draw.choice([0, 1, 1, 1, 2, 18])):  # eighteen may be more than are noted
            life.something_happens()
        life.time_passes(set_now)

        expected = find_offers(**question(where, need), now=life.now)
        assert look(lists, where) == expected
        counted = counts.run(now=life.now, versions=stamp_of(where).state.versions)
        assert counted.count_by_day() == days_of(expected)


class TestWhatIsRead:
    def test_after_a_booking_only_its_time(self) -> None:
        anna, _ = two_people()
        search = Search(**question(anna, VisitNeed(duration=minutes(30))), now=app_now())
        look(search, anna)
        take(anna, at(0))

        with CaptureQueriesContext(connection) as queries:
            look(search, anna)

        assert [tables(query) for query in queries] == ["resource", "calendarevent"]

    def test_after_a_booking_far_away_nothing(self) -> None:
        anna, _ = two_people()
        need = VisitNeed(duration=minutes(30))
        search = Search(**question(anna, need, last=MONDAY), now=app_now())
        look(search, anna)
        take(anna, at(6 * 24 * 60))

        with CaptureQueriesContext(connection) as queries:
            look(search, anna)

        assert [tables(query) for query in queries] == ["resource"]

    def test_everything_where_nobody_knows_what_has_changed(self) -> None:
        anna, bert = two_people()
        search = Search(**question(anna, VisitNeed(duration=minutes(30))), now=app_now())
        look(search, anna)
        for number in range(17):
            take(bert, at(24 * 60 + number * 5, 5))

        with CaptureQueriesContext(connection) as queries:
            look(search, anna)

        assert [tables(query) for query in queries] == ["resource", "slotinstance calendarevent"]


def tables(query: dict[str, str]) -> str:
    names = [
        name
        for name in ("resource", "slotinstance", "calendarevent")
        if f"availability_{name}" in query["sql"]
    ]
    return " ".join(names)


class TestNotes:
    """What a resource says of its own last changes (migration 0006)."""

    def changed_since(self, anna: Resource, known: int) -> list[tuple[int, int]] | None:
        return stamp_of(anna).state.versions[anna.id.bytes].changed_since(known)

    def version(self, anna: Resource) -> int:
        return stamp_of(anna).state.versions[anna.id.bytes].number

    def test_name_the_time_with_its_buffers(self) -> None:
        anna = two_people()[0]
        before = self.version(anna)
        take(anna, at(0), buffer_before=minutes(10), buffer_after=minutes(20))

        changes = self.changed_since(anna, before)

        assert changes is not None
        assert [ends - begins for begins, ends in changes] == [60 * 60 * 1_000_000]
        assert self.changed_since(anna, before + 1) == []

    def test_go_back_sixteen_changes(self) -> None:
        anna = two_people()[0]
        before = self.version(anna)
        for number in range(17):
            take(anna, at(number * 10, 10))

        assert self.changed_since(anna, before) is None
        assert len(self.changed_since(anna, before + 1) or ()) == 16

    def test_end_with_what_changes_more_than_time(self) -> None:
        anna = two_people()[0]
        before = self.version(anna)
        take(anna, at(0))
        SlotInstance.objects.filter(resource=anna, date="2030-01-16").delete()
        generate_slots(organization=anna.organization, last=SUNDAY)
        assert self.changed_since(anna, before) is None

        after = self.version(anna)
        assert self.changed_since(anna, after - 1) is None
        take(anna, at(60))
        assert len(self.changed_since(anna, after) or ()) == 1
        assert self.changed_since(anna, after - 1) is None


@pytest.mark.django_db(transaction=True)
def test_threads_that_share_a_search_see_every_booking(race: Callable[..., list[Any]]) -> None:
    anna, bert = two_people()
    need = VisitNeed(duration=minutes(30))
    search = Search(**question(anna, need), now=app_now())
    booked = Signal()

    def book() -> None:
        for number in range(30):
            take(bert if number % 2 else anna, at((number % 6) * 24 * 60 + number // 6 * 10, 10))
        booked.set()

    def read() -> list[Offer]:
        while not booked.is_set():
            look(search, anna)
        return look(search, anna)

    _, *answers = race([book, read, read, read])

    assert answers == [find_offers(**question(anna, need), now=app_now())] * 3


def test_a_search_ends_before_its_horizon_does() -> None:
    anna = two_people()[0]
    search = Search(**question(anna, VisitNeed()), now=app_now())

    assert search.run(now=app_now()).valid_until <= search.ends_at == app_now() + LIFETIME
