"""Everything happens to one waitlist at once, and each freed place goes to the first who can have it.

Its twins take the guards away, to show what stands behind them.
"""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import CalendarEvent, Resource
from apps.bookings.commands import offer_waitlist as offering
from apps.bookings.commands.accept_offer import accept_offer
from apps.bookings.commands.decline_offer import decline_offer
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.leave_waitlist import leave_waitlist
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.models import Hold, WaitlistEntry, WaitlistOffer
from apps.bookings.types import TimeWanted
from apps.bookings.waitlist.line import fitting
from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.core.errors import DomainError
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from tests.availability.support import denver
from tests.bookings.support import somebody
from tests.bookings.waiting import customer, offers_made, states, waits
from tests.conftest import Race
from tests.factories.availability import PoolFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

SEATS = 6


@pytest.fixture
def room() -> Resource:
    """Six at once, from nine to half past, on Mondays; it is Monday, eight o'clock."""
    room = PoolFactory(capacity=SEATS)
    room.organization.policy.max_live_holds = 50
    room.organization.policy.save()
    WeeklyRuleFactory(location=room.location, slot_capacity=SEATS, end_time=time(9, 30), days_of_week=[1])
    generate_slots(organization=room.organization)
    return room


@pytest.fixture
def yoga(room: Resource) -> BookingService:
    return ServiceFactory(organization=room.organization, duration_minutes=30)


def taken(room: Resource, yoga: BookingService) -> list[tuple[Actor, Hold]]:
    """All seats held, each by somebody else."""
    wanted = TimeWanted(location_id=room.location_id, start_at=denver(14, 9), service_id=yoga.id)
    actors = [Actor.session(room.organization_id, new_id()) for _ in range(SEATS)]
    return [
        (actor, place_hold(actor=actor, policy=room.organization.policy, wanted=wanted)) for actor in actors
    ]


def allowed(call: Callable[[], Any]) -> Callable[[], Any]:
    """A call whose refusal is as good an answer as any."""

    def run() -> Any:
        try:
            return call()
        except DomainError as error:
            return error

    return run


def run_of(room: Resource) -> Callable[[], Any]:
    return lambda: offers_made(room.location)


def lapse_all() -> None:
    """Half an hour later on this connection: what has not been answered by then is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.now', %s, false)", [denver(14, 8, 30).isoformat()])
    expire_holds()


def ensure_right(results: list[Any]) -> None:
    """Nobody met anything but an answer, and all that is written agrees."""
    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, DomainError)] == []
    assert list(find_violations()) == []
    accepted = Counter(WaitlistOffer.objects.filter(status="accepted").values_list("entry_id", flat=True))
    assert all(count == 1 for count in accepted.values()), "served once"
    served = set(WaitlistEntry.objects.filter(status="served").values_list("id", flat=True))
    assert served == set(accepted), "whoever accepted is served, and nobody else"
    open_offers = set(WaitlistOffer.objects.filter(status="open").values_list("entry_id", flat=True))
    offered = set(WaitlistEntry.objects.filter(status="offered").values_list("id", flat=True))
    assert open_offers == offered
    assert not WaitlistOffer.objects.filter(status="open").exclude(hold__status="active").exists()
    assert CalendarEvent.objects.filter(active=True).count() <= SEATS


class TestTheLine:
    def test_freed_seats_go_to_the_first_in_the_line_whoever_looks(
        self, race: Race, room: Resource, yoga: BookingService
    ) -> None:
        held = taken(room, yoga)
        entries = [waits(room.location, [yoga]) for _ in range(8)]
        releases = [partial(release_hold, actor=actor, hold_id=hold.id) for actor, hold in held[:4]]

        results = race([*releases, *[run_of(room) for _ in range(4)]])
        offers_made(room.location)

        ensure_right(results)
        assert states(entries) == ["offered"] * 4 + ["waiting"] * 4

    def test_releases_offers_answers_and_leaving_at_once(
        self, race: Race, room: Resource, yoga: BookingService
    ) -> None:
        policy, who = room.organization.policy, customer(room)
        held = taken(room, yoga)
        entries = [waits(room.location, [yoga]) for _ in range(12)]
        for actor, hold in held[:4]:
            release_hold(actor=actor, hold_id=hold.id)
        first = offers_made(room.location)
        assert [offer.entry for offer in first] == entries[:4]

        calls = [
            lambda: release_hold(actor=held[4][0], hold_id=held[4][1].id),
            lambda: release_hold(actor=held[5][0], hold_id=held[5][1].id),
            lambda: accept_offer(actor=who, policy=policy, offer_id=first[0].id),
            lambda: accept_offer(actor=who, policy=policy, offer_id=first[0].id),
            lambda: decline_offer(actor=who, offer_id=first[1].id),
            lambda: accept_offer(actor=who, policy=policy, offer_id=first[1].id),
            lambda: leave_waitlist(actor=who, booking_id=entries[2].booking_id),
            lambda: decline_offer(actor=who, offer_id=first[2].id),
            lambda: leave_waitlist(actor=who, booking_id=entries[5].booking_id),
            *[run_of(room) for _ in range(3)],
        ]
        random.Random(7).shuffle(calls)  # noqa: S311  (the same order each time)
        results = race([allowed(call) for call in calls])
        offers_made(room.location)

        ensure_right(results)
        # Everything that is free has been given out, and to those who stood first.
        assert CalendarEvent.objects.filter(active=True).count() == SEATS
        now = states(entries)
        assert now[0] == "served"
        assert now[1] in {"served", "waiting"}
        assert (now[2], now[5]) == ("left", "left")
        waiting = [index for index, status in enumerate(now) if status == "waiting"]
        given = [index for index, status in enumerate(now) if status in {"offered", "served"}]
        declined = set(WaitlistOffer.objects.filter(status="declined").values_list("entry_id", flat=True))
        behind = [index for index in waiting if entries[index].id not in declined]
        assert max(given) < min(behind), now

    @pytest.mark.parametrize("seed", range(3))
    def test_offers_that_lapse_while_they_are_answered(
        self, race: Race, room: Resource, yoga: BookingService, seed: int
    ) -> None:
        policy, who = room.organization.policy, customer(room)
        entries = [waits(room.location, [yoga]) for _ in range(16)]
        first = offers_made(room.location)
        assert len(first) == SEATS

        calls: list[Callable[[], Any]] = [
            *[partial(accept_offer, actor=who, policy=policy, offer_id=offer.id) for offer in first[:4]],
            *[partial(decline_offer, actor=who, offer_id=offer.id) for offer in first[2:5]],
            *[lapse_all for _ in range(2)],
            *[run_of(room) for _ in range(3)],
        ]
        random.Random(seed).shuffle(calls)  # noqa: S311  (the same orders each time)
        results = race([allowed(call) for call in calls])
        offers_made(room.location)

        ensure_right(results)
        assert CalendarEvent.objects.filter(active=True).count() == SEATS, "whatever was freed is given out"
        let_go = set(
            WaitlistOffer.objects.filter(status__in=["declined", "lapsed"]).values_list("entry_id", flat=True)
        )
        now = states(entries)
        given = [index for index, status in enumerate(now) if status in {"offered", "served"}]
        behind = [
            index
            for index, status in enumerate(now)
            if status == "waiting" and entries[index].id not in let_go
        ]
        assert max(given) < min(behind), now

    def test_many_accept_one_offer(self, race: Race, room: Resource, yoga: BookingService) -> None:
        entry = waits(room.location, [yoga])
        (offer,) = offers_made(room.location)
        policy, who = room.organization.policy, customer(room)

        results = race(
            [
                allowed(lambda: accept_offer(actor=who, policy=policy, offer_id=offer.id)),
                allowed(lambda: decline_offer(actor=who, offer_id=offer.id)),
                allowed(lambda: leave_waitlist(actor=who, booking_id=entry.booking_id)),
            ]
            * 3
        )

        ensure_right(results)
        # To leave is possible after declining, too; anything else happens once.
        assert 1 <= sum(not isinstance(result, DomainError) for result in results) <= 2

    def test_nobody_joins_twice_from_two_tabs(self, race: Race, room: Resource, yoga: BookingService) -> None:
        ada = somebody(phone="+13035550188")

        results = race([allowed(lambda: waits(room.location, [yoga], details=ada)) for _ in range(8)])

        assert Counter(type(result).__name__ for result in results) == {
            "WaitlistEntry": 1,
            "AlreadyWaiting": 7,
        }


class TestWhoIsBefore:
    """While a run looks for somebody, the line changes in front of them."""

    def test_whoever_could_have_it_meanwhile_gets_it(
        self, monkeypatch: pytest.MonkeyPatch, room: Resource, yoga: BookingService
    ) -> None:
        held = taken(room, yoga)
        two, one = waits(room.location, [yoga], party_size=2), waits(room.location, [yoga])
        release_hold(actor=held[0][0], hold_id=held[0][1].id)
        later = iter([held[1]])

        def and_meanwhile(*args: Any, **kwargs: Any) -> Any:
            """One seat is free, for one; before it is taken, the second becomes free, for two."""
            found = list(fitting(*args, **kwargs))
            for actor, hold in later:
                in_another_connection(partial(release_hold, actor=actor, hold_id=hold.id))
            return iter(found)

        monkeypatch.setattr(offering, "fitting", and_meanwhile)
        offers = offers_made(room.location)

        assert [offer.entry for offer in offers] == [two]
        assert states([two, one]) == ["offered", "waiting"]

    def test_without_the_second_look_they_are_passed_over(
        self, monkeypatch: pytest.MonkeyPatch, room: Resource, yoga: BookingService
    ) -> None:
        monkeypatch.setattr(offering, "_is_overtaken", lambda *_: False)
        held = taken(room, yoga)
        two, one = waits(room.location, [yoga], party_size=2), waits(room.location, [yoga])
        release_hold(actor=held[0][0], hold_id=held[0][1].id)
        later = iter([held[1]])

        def and_meanwhile(*args: Any, **kwargs: Any) -> Any:
            found = list(fitting(*args, **kwargs))
            for actor, hold in later:
                in_another_connection(partial(release_hold, actor=actor, hold_id=hold.id))
            return iter(found)

        monkeypatch.setattr(offering, "fitting", and_meanwhile)
        offers_made(room.location)

        assert states([two, one]) == ["waiting", "offered"]


class TestWithoutTheGuards:
    @pytest.fixture
    def without_the_locks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Runs no longer take turns, and nobody looks at the entry again."""
        monkeypatch.setattr(offering, "lock_line", lambda _location_id: None)

        def as_it_was(_organization_id: Any, entry_id: Any) -> WaitlistEntry:
            entry = WaitlistEntry.objects.select_related("booking").get(id=entry_id)
            entry.status = "waiting"
            return entry

        monkeypatch.setattr(offering, "lock_entry", as_it_was)

    def test_runs_at_once_meet_the_constraint(
        self, race: Race, room: Resource, yoga: BookingService, without_the_locks: None
    ) -> None:
        entry = waits(room.location, [yoga])

        results = race([run_of(room) for _ in range(8)])

        clashes = [result for result in results if isinstance(result, IntegrityError)]
        assert any("waitlist_one_open_offer" in str(error) for error in clashes), results
        # The backstop holds even so: one offer for one entry, one seat taken.
        assert WaitlistOffer.objects.filter(entry=entry).count() == 1
        assert CalendarEvent.objects.filter(active=True).count() == 1


def in_another_connection(call: Callable[[], Any]) -> None:
    """Run it on a thread of its own, and wait for it."""

    def run() -> None:
        try:
            call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(run).result(timeout=30)
