"""Whatever happens to a waitlist, it is as a list of people in line says it should be (Hypothesis)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.availability import occupancy
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import CalendarEvent, Resource
from apps.bookings.commands.accept_offer import accept_offer
from apps.bookings.commands.decline_offer import decline_offer
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.leave_waitlist import leave_waitlist
from apps.bookings.models import WaitlistEntry, WaitlistOffer
from apps.content.models import BookingService
from apps.core.clock import app_now
from apps.core.invariants import find_violations
from tests.availability.support import at, take
from tests.bookings.waiting import customer, offers_made, waits
from tests.conftest import TEST_NOW
from tests.factories.availability import PoolFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory

pytestmark = pytest.mark.django_db

SEATS, STARTS = 3, 2  # three at once, at nine and at half past


class Model:
    """The line as anybody would keep it on paper: seats left of each start, and who stands where."""

    def __init__(self) -> None:
        self.left = [SEATS] * STARTS
        self.walk_ins: list[int] = []  # the start of each
        self.parties: list[int] = []
        self.state: list[str] = []
        self.offer: list[int | None] = []
        self.let_go: list[set[int]] = []

    def join(self, party: int) -> None:
        self.parties.append(party)
        self.state.append("waiting")
        self.offer.append(None)
        self.let_go.append(set())

    def serve(self) -> list[int]:
        """Who gets an offer now, in order."""
        served = []
        for who, party in enumerate(self.parties):
            if self.state[who] != "waiting":
                continue
            for start in range(STARTS):
                if self.left[start] >= party and start not in self.let_go[who]:
                    self.left[start] -= party
                    self.state[who], self.offer[who] = "offered", start
                    served.append(who)
                    break
        return served

    def end(self, who: int, state: str, *, keeps_seats: bool, lets_go: bool = False) -> None:
        start = self.offer[who]
        if start is not None:
            if not keeps_seats:
                self.left[start] += self.parties[who]
            if lets_go:
                self.let_go[who].add(start)
        self.state[who], self.offer[who] = state, None

    def with_offer(self) -> list[int]:
        return [who for who, state in enumerate(self.state) if state == "offered"]

    def there(self) -> list[int]:
        return [who for who, state in enumerate(self.state) if state in {"waiting", "offered"}]


class World:
    """The same, with the product's own commands."""

    def __init__(self, room: Resource, yoga: BookingService) -> None:
        self.room, self.yoga, self.who = room, yoga, customer(room)
        self.entries: list[WaitlistEntry] = []
        self.walk_ins: list[CalendarEvent] = []

    def offer_of(self, who: int) -> WaitlistOffer:
        return WaitlistOffer.objects.get(entry=self.entries[who], status="open")

    def join(self, party: int) -> None:
        self.entries.append(waits(self.room.location, [self.yoga], party_size=party))

    def walk_in(self, start: int) -> None:
        self.walk_ins.append(take(self.room, at(-60 + 30 * start)))

    def walk_out(self, index: int) -> None:
        event = self.walk_ins.pop(index)
        event.refresh_from_db()
        with transaction.atomic():
            occupancy.lock_resources(self.room.organization_id, [self.room.id])
            occupancy.free([event])

    def accept(self, who: int) -> None:
        policy = self.room.organization.policy
        accept_offer(actor=self.who, policy=policy, offer_id=self.offer_of(who).id)

    def decline(self, who: int) -> None:
        decline_offer(actor=self.who, offer_id=self.offer_of(who).id)

    def leave(self, who: int) -> None:
        leave_waitlist(actor=self.who, booking_id=self.entries[who].booking_id)

    def lapse_all(self) -> None:
        set_clock((app_now() + timedelta(minutes=30)).isoformat())
        expire_holds()
        set_clock(TEST_NOW)


def set_clock(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.now', %s, false)", [moment])


STEP = st.tuples(
    st.sampled_from(
        ["join", "join", "walk in", "walk out", "serve", "accept", "decline", "leave", "lapse", "serve"]
    ),
    st.integers(0, 5),
)


@pytest.fixture
def rolled_back() -> Iterator[None]:
    yield
    set_clock(TEST_NOW)


@given(steps=st.lists(STEP, min_size=5, max_size=25))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_line_is_as_on_paper(rolled_back: None, steps: list[tuple[str, int]]) -> None:
    room = PoolFactory(capacity=SEATS)
    WeeklyRuleFactory(location=room.location, slot_capacity=SEATS, end_time="10:00", days_of_week=[1])
    room.organization.policy.horizon_days = 1
    room.organization.policy.save()
    generate_slots(organization=room.organization)
    yoga = ServiceFactory(organization=room.organization, duration_minutes=30)
    model, world = Model(), World(room, yoga)

    for verb, number in [*steps, ("serve", 0)]:
        step(model, world, verb, number)
        entries = WaitlistEntry.objects.in_bulk([entry.id for entry in world.entries])
        assert [entries[entry.id].status for entry in world.entries] == model.state
    assert list(find_violations()) == []


def step(model: Model, world: World, verb: str, number: int) -> None:
    if verb == "join":
        party = 1 + number % SEATS
        model.join(party)
        world.join(party)
    elif verb.startswith("walk"):
        walk(model, world, verb, number)
    elif verb == "serve":
        served = [world.entries.index(offer.entry) for offer in offers_made(world.room.location)]
        assert served == model.serve()
    elif verb == "lapse":
        for who in model.with_offer():
            model.end(who, "waiting", keeps_seats=False, lets_go=True)
        world.lapse_all()
    elif verb == "leave" and model.there():
        who = model.there()[number % len(model.there())]
        model.end(who, "left", keeps_seats=False)
        world.leave(who)
    elif verb in {"accept", "decline"} and model.with_offer():
        answer(model, world, verb, number)


def answer(model: Model, world: World, verb: str, number: int) -> None:
    who = model.with_offer()[number % len(model.with_offer())]
    if verb == "accept":
        model.end(who, "served", keeps_seats=True)
        world.accept(who)
    else:
        model.end(who, "waiting", keeps_seats=False, lets_go=True)
        world.decline(who)


def walk(model: Model, world: World, verb: str, number: int) -> None:
    start = number % STARTS
    if verb == "walk in" and model.left[start]:
        model.left[start] -= 1
        model.walk_ins.append(start)
        world.walk_in(start)
    elif verb == "walk out" and model.walk_ins:
        index = number % len(model.walk_ins)
        model.left[model.walk_ins.pop(index)] += 1
        world.walk_out(index)
