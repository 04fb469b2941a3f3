"""Fifty simultaneous holds, over and over: never more than fit, never fewer, no deadlock, no accident.

A few rounds by default; `ROUNDS=1000 pytest tests/concurrency/test_fifty_holds_at_once.py` is the long proof.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from random import Random
from threading import get_ident
from typing import Any

import pytest

from apps.availability import occupancy
from apps.availability.errors import SlotFull
from apps.availability.lanes import Occupant, Period, peak_in_use
from apps.availability.models import CalendarEvent, SlotInstance
from apps.bookings.commands.place_hold import place_hold, place_holds
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.errors import TooManyHolds
from apps.bookings.models import Hold
from apps.bookings.placing import holding as holding_of_visits
from apps.bookings.types import TimeWanted, VisitWanted, Wanted
from apps.core.actors import Actor
from apps.core.errors import DomainError
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.organizations.models import OrganizationPolicy
from tests.availability.support import slots_every
from tests.bookings.salon import Salon, a_salon
from tests.bookings.support import visitor_of
from tests.concurrency.crowd import CLIENTS, PLANNED_ROUNDS, ROUNDS, accidents, crowd_of, dice
from tests.factories.availability import PersonFactory, SlotFactory, WeeklyRuleFactory
from tests.factories.organizations import OrganizationFactory
from tests.widget_client import WidgetClient, problem

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(max(300, 30 * ROUNDS)),
]

SMALL = 3


def wanting(slot: SlotInstance, party: int) -> Callable[[], Hold]:
    """Somebody who wants so many seats of this slot, ready to go."""
    actor, policy = visitor_of(slot), slot.organization.policy
    wanted = TimeWanted(slot_id=slot.id, party_size=party)
    return lambda: place_hold(actor=actor, policy=policy, wanted=wanted)


@pytest.mark.usefixtures("no_deadlock")
class TestOneSlot:
    @pytest.mark.parametrize("capacity", [1, 3, 49, 50])
    def test_takes_exactly_what_fits(self, capacity: int) -> None:
        with crowd_of(CLIENTS) as crowd:
            for number in range(ROUNDS):
                random = dice((capacity, number))
                slot = SlotFactory(capacity=capacity)
                parties = [random.randint(1, 3) for _ in range(CLIENTS)]

                results = crowd([wanting(slot, party) for party in parties])

                assert accidents(results) == []
                won = [party for party, one in zip(parties, results, strict=True) if isinstance(one, Hold)]
                lost = [
                    party for party, one in zip(parties, results, strict=True) if not isinstance(one, Hold)
                ]
                assert {type(one) for one in results} <= {Hold, SlotFull}
                left = capacity - sum(won)
                assert left >= 0, "more than fit"
                assert all(party > left for party in lost), "fewer than fit"
                slot.refresh_from_db()
                assert (slot.booked, slot.hold) == (0, sum(won))
        assert list(find_violations()) == []


@pytest.mark.usefixtures("no_deadlock")
class TestAnybody:
    def test_everybody_of_ten_is_found(self) -> None:
        with crowd_of(CLIENTS) as crowd:
            for _ in range(ROUNDS):
                slot = SlotFactory()
                for _ in range(9):
                    SlotFactory(resource=PersonFactory(location=slot.location))
                wanted = TimeWanted(location_id=slot.location_id, start_at=slot.start_at)
                policy = slot.organization.policy

                results = crowd(
                    [
                        partial(place_hold, actor=visitor_of(slot), policy=policy, wanted=wanted)
                        for _ in range(CLIENTS)
                    ]
                )

                assert Counter(type(one) for one in results) == {Hold: 10, SlotFull: CLIENTS - 10}
        assert list(find_violations()) == []


@pytest.mark.usefixtures("no_deadlock")
class TestOverlappingNeighbours:
    @pytest.mark.parametrize("capacity", [1, 3, 49, 50])
    def test_of_one_person_take_exactly_what_fits(self, capacity: int) -> None:
        """A start each quarter of an hour, half an hour long, and parties of up to three."""
        with crowd_of(CLIENTS) as crowd:
            for number in range(ROUNDS):
                random = dice((capacity, number))
                # So few starts that many want each of them.
                count = 8 if capacity <= SMALL else 3
                slots = slots_every(PersonFactory(capacity=capacity), step=15, length=30, count=count)
                wishes = [(random.choice(slots), random.randint(1, min(3, capacity))) for _ in range(CLIENTS)]

                results = crowd([wanting(slot, party) for slot, party in wishes])

                assert accidents(results) == []
                assert {type(one) for one in results} <= {Hold, SlotFull}
                taken = occupants(slots[0])
                for slot in slots:
                    assert peak_in_use(taken, Period(slot.start_at, slot.end_at)) <= capacity, "more than fit"
                for (slot, party), one in zip(wishes, results, strict=True):
                    if not isinstance(one, Hold):
                        in_use = peak_in_use(taken, Period(slot.start_at, slot.end_at))
                        assert in_use + party > capacity, "fewer than fit"
        assert list(find_violations()) == []


def occupants(slot: SlotInstance) -> list[Occupant]:
    """Who has time of the slot's person."""
    events = CalendarEvent.objects.filter(resource_id=slot.resource_id, active=True)
    return [Occupant(one.id, Period(one.starts_at, one.ends_at), one.lanes) for one in events]


def visitor(salon: Salon) -> Actor:
    return Actor.session(salon.organization.id, new_id())


def policy_of(salon: Salon) -> OrganizationPolicy:
    return OrganizationPolicy.objects.select_related("organization").get(organization=salon.organization)


def holding(salon: Salon, *wanted: Wanted) -> Callable[[], list[Hold]]:
    """Somebody who wants all of these, ready to go."""
    actor, policy = visitor(salon), policy_of(salon)
    return lambda: place_holds(actor=actor, policy=policy, wanted=wanted)


def nobody_was_turned_away_for_nothing(
    salon: Salon, wishes: Sequence[Sequence[Wanted]], results: Sequence[Any]
) -> None:
    """Nothing was given back, so whoever was refused must be refused again now that it is quiet."""
    for wish, one in zip(wishes, results, strict=True):
        if isinstance(one, DomainError):
            with pytest.raises(type(one)):
                holding(salon, *wish)()


@pytest.mark.usefixtures("no_deadlock")
class TestSeveralPeopleAtOnce:
    def test_itineraries_that_cross_each_other(self) -> None:
        """The one has Anna then Bea, the other Bea then Anna; or both at the same moment."""
        for number in range(PLANNED_ROUNDS):
            random = dice(number)
            salon = a_salon(students=0, masters=0)
            for name in ("Anna", "Bea", "Cleo"):
                salon.person(name, "wash", "colour")
            salon.open_doors()
            wishes = [[crossing(salon, random)] for _ in range(CLIENTS)]
            with crowd_of(CLIENTS) as crowd:
                results = crowd([holding(salon, *wish) for wish in wishes])

            assert accidents(results) == []
            assert Counter(isinstance(one, list) for one in results)[True] >= 3
            nobody_was_turned_away_for_nothing(salon, wishes, results)
            assert list(find_violations()) == []

    def test_anybody_of_a_team_until_nobody_is_left(self) -> None:
        """Ten pairs of people, and all fifty are first shown the same one."""
        for _ in range(PLANNED_ROUNDS):
            salon = a_salon(students=10, masters=10)
            wish: list[Wanted] = [salon.visit("Wash", "Colour", hour=10)]
            with crowd_of(CLIENTS) as crowd:
                results = crowd([holding(salon, *wish) for _ in range(CLIENTS)])

            assert accidents(results) == []
            assert Counter(type(one) for one in results) == {list: 10, SlotFull: 40}
            assert list(find_violations()) == []

    def test_several_visits_all_or_nothing(self) -> None:
        """Pairs of visits that want the same people the other way round."""
        for number in range(PLANNED_ROUNDS):
            random = dice(number)
            salon = a_salon(students=3, masters=0)
            names = list(salon.people)
            wishes = []
            for _ in range(CLIENTS):
                first, second = random.sample(names, 2)
                hour = random.choice([9, 10, 11])
                wishes.append(
                    [
                        salon.visit("Wash", hour=hour, by={0: first}),
                        salon.visit("Wash", hour=hour, by={0: second}),
                    ]
                )
            with crowd_of(CLIENTS) as crowd:
                results = crowd([holding(salon, *wish) for wish in wishes])

            assert accidents(results) == []
            won = [one for one in results if isinstance(one, list)]
            assert Hold.objects.filter(organization=salon.organization).count() == 2 * len(won)
            assert len(won) == len({wish[0].start_at for wish in wishes if isinstance(wish[0], VisitWanted)})
            assert list(find_violations()) == []


def crossing(salon: Salon, random: Random) -> VisitWanted:
    first, second = random.sample(list(salon.people), 2)
    services = random.sample(["Wash", "Colour"], 2)
    hour, mode = random.choice([9, 11, 13]), random.choice(["chain", "parallel"])
    by = random.choice([{0: first, 1: second}, {0: first}, {1: second}, {}])
    return salon.visit(*services, hour=hour, by=by, mode=mode)


@pytest.mark.usefixtures("no_deadlock")
class TestOneVisitor:
    def test_never_has_more_than_so_many(self) -> None:
        for _ in range(PLANNED_ROUNDS):
            organization = OrganizationFactory()
            slot = SlotFactory(resource__location__organization=organization)
            slots = [SlotFactory(resource=PersonFactory(location=slot.location)) for _ in range(CLIENTS)]
            actor, policy = visitor_of(slot), organization.policy

            def one_more(slot: SlotInstance, actor: Actor, policy: OrganizationPolicy) -> Hold:
                return place_hold(actor=actor, policy=policy, wanted=TimeWanted(slot_id=slot.id))

            with crowd_of(CLIENTS) as crowd:
                results = crowd([partial(one_more, slot, actor, policy) for slot in slots])

            assert Counter(type(one) for one in results) == {Hold: 5, TooManyHolds: CLIENTS - 5}


class TestWithoutTheGuards:
    """What happens with the guards away, to show that it is they who do it."""

    def test_one_visitor_has_more_than_so_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(holding_of_visits, "lock_visitor", lambda _: None)
        slots = [SlotFactory()]
        slots += [SlotFactory(resource=PersonFactory(location=slots[0].location)) for _ in range(11)]
        actor, policy = visitor_of(slots[0]), slots[0].organization.policy

        with crowd_of(len(slots)) as crowd:
            for _ in range(20):
                results = crowd(
                    [
                        partial(place_hold, actor=actor, policy=policy, wanted=TimeWanted(slot_id=slot.id))
                        for slot in slots
                    ]
                )
                if sum(isinstance(one, Hold) for one in results) > policy.max_live_holds:
                    return
                for hold in Hold.objects.filter(status="active"):
                    release_hold(actor=actor, hold_id=hold.id)
        pytest.fail("The cap held without its lock: the test proves nothing.")

    def test_crossing_visits_run_into_deadlocks(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        lock = occupancy.lock_resources

        def one_by_one(organization_id: Any, resource_ids: Any) -> dict[Any, Any]:
            ids = sorted(resource_ids)
            dice(get_ident()).shuffle(ids)
            return {key: value for one in ids for key, value in lock(organization_id, [one]).items()}

        monkeypatch.setattr(occupancy, "lock_resources", one_by_one)
        monkeypatch.setattr(occupancy, "foresee_locks", lambda *_: None)
        salon = a_salon(students=0, masters=0)
        for name in ("Anna", "Bea", "Cleo", "Dora"):
            salon.person(name, "wash", "colour")
        salon.open_doors()
        random = dice("crossing")
        with crowd_of(20) as crowd:
            for _ in range(10):
                crowd([holding(salon, crossing(salon, random)) for _ in range(20)])
                if "deadlock" in caplog.text:
                    return
        pytest.fail("No deadlock without the order of the locks: the test proves nothing.")


@pytest.mark.usefixtures("no_deadlock")
class TestOverHttp:
    def test_somebody_hears_yes_and_everybody_else_hears_why_not(self) -> None:
        slot = SlotFactory(capacity=3)
        WeeklyRuleFactory(location=slot.location)
        SlotFactory(resource=slot.resource, start_at=slot.start_at + timedelta(hours=1), capacity=3)
        widgets = [WidgetClient(slot.organization) for _ in range(CLIENTS)]

        with crowd_of(CLIENTS) as crowd:
            answers = crowd(
                [partial(widget.post, "/v1/holds", {"slot_id": str(slot.id)}) for widget in widgets]
            )

        assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 47}
        refused = [answer for answer in answers if answer.status_code == 409]
        assert {problem(answer) for answer in refused} == {(409, "SLOT_FULL")}
        assert all(answer.json()["alternatives"] for answer in refused)
        assert SlotInstance.objects.get(id=slot.id).hold == 3
