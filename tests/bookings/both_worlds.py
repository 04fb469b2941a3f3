"""The frame of the machine in test_state_machine.py: acting in both worlds, and comparing them.

Rows may be late with one thing only: that a hold's time has come is noted by sweeps, and by whoever needs the
time.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)

from apps.availability.models import CalendarEvent
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.leave_waitlist import close_ended_entries, release_unclaimed
from apps.bookings.models import Booking, Hold, Identity, Order, WaitlistEntry, WaitlistOffer
from apps.bookings.types import BookingDetails
from apps.core.actors import Actor, ActorKind
from apps.core.errors import DomainError
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.organizations.models import PaymentStrategy
from tests.availability.support import minutes
from tests.bookings import pure_model as model
from tests.bookings.small_world import (
    MOST_HOLDS,
    NOTICE,
    OFF_GRID,
    PAYMENT,
    STARTS,
    Salon,
    id_of,
)

T = TypeVar("T")
OK = model.OK
GONE = {"HOLD_EXPIRED"}


class BothWorlds(RuleBasedStateMachine):
    """A machine without rules: the two worlds, and whether they are the same."""

    salon: Salon
    steps = 0
    outcomes: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        # As Django's own test cases do it: commands may open their durable transactions inside.
        self.around: Any = transaction.atomic()
        setattr(self.around, "_from_testcase", True)  # noqa: B010  (Django's own mark, which no type knows)
        self.around.__enter__()
        self.world = self.salon.world()
        self.policy = self.salon.organization.policy
        self.payment_first = False
        self._save_policy()
        self._set_clock()
        self.sessions = [Actor.session(self.salon.organization.id, new_id()) for _ in range(2)]
        self.staff = Actor.system(self.salon.organization.id, "Reception")
        self.link = Actor(ActorKind.CUSTOMER, self.salon.organization.id, str(new_id()), "A customer's link")

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:  # else it would hide what has failed
                self._sweep()
                assert list(find_violations()) == []
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    def _set_clock(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.now', %s, false)", [self.world.now.isoformat()])

    def _save_policy(self) -> None:
        self.policy.payment = PaymentStrategy.MANUAL if self.payment_first else PaymentStrategy.NONE
        self.policy.save()

    def _act(self, expected: set[str], act: Callable[[], T]) -> T | None:
        """What comes of it, which must be as foreseen: a code, or OK."""
        type(self).steps += 1
        result, code = None, OK
        try:
            result = act()
        except DomainError as error:
            code = error.code
        self.outcomes[code or "it was done"] += 1
        assert code in expected, f"{code or 'it succeeded'}, where {expected} was foreseen"
        return result

    def _sweep(self) -> None:
        """Rows are late with nothing after this, and nobody waits for days that are over."""
        type(self).steps += 1
        expire_holds()
        close_ended_entries()
        self.world.note_what_ran_out()
        for entry in self.world.line:
            if self.world.entry_status(entry) == "waiting" and self.world.now >= entry.until:
                entry.over, entry.booking.said = "closed", "cancelled"
        late = CalendarEvent.objects.filter(organization=self.salon.organization).lapsed(self.world.now)
        assert not late.exists()
        self._compare(late=False)

    def _leave(self, entry: model.Entry) -> None:
        """What was offered is free again: after a cancelled booking by a reaction, which follows here."""
        entry.over = "left"
        for offer in entry.offers:
            if self.world.offer_status(offer) == "open":
                offer.answer, offer.hold.ended = "declined", "released"
                release_unclaimed(organization_id=self.salon.organization.id, hold_id=id_of(offer.hold.key))

    def _offers(self) -> list[tuple[model.Entry, model.Offer]]:
        return [(entry, offer) for entry in self.world.line for offer in entry.offers]

    # --- What the model notes --------------------------------------------------------------------------

    def _wish(self, wish: dict[str, Any]) -> model.Wish:
        named = self.salon.people[wish["named"]].key if wish["named"] else None
        services, start = self._services(wish["services"]), self._start(wish["start"])
        return model.Wish(services, start, wish["party"], wish["parallel"], named)

    def _start(self, which: int | str) -> datetime:
        to_come = [start for start in STARTS if start >= self.world.now + NOTICE]
        if isinstance(which, int) and to_come:
            return to_come[which % len(to_come)]
        return OFF_GRID if which == "off grid" else STARTS[0]

    def _services(self, names: str) -> tuple[model.Service, ...]:
        return tuple(self.salon.services[name] for name in names.split())

    def _visitor(self, session_id: object) -> Actor:
        return next(actor for actor in self.sessions if actor.session_id == session_id)

    def _visitors_holds(self) -> list[model.Hold]:
        """Nobody but staff can do anything with the hold behind an offer."""
        return [held for held in self.world.holds if held.visitor is not None]

    def _too_many(self, actor: Actor, more: int) -> set[str]:
        room = self.world.live_holds(actor.session_id) + more <= MOST_HOLDS
        return set() if room else {"TOO_MANY_HOLDS"}

    def _unusable(self, held: model.Hold) -> set[str]:
        status = self.world.hold_status(held)
        return set() if status == "active" else GONE if status == "expired" else {"HOLD_NOT_ACTIVE"}

    def _note_hold(self, made: Hold, wish: model.Wish, length: int, actor: Actor | None = None) -> model.Hold:
        way = self._found(self.world.ways(wish, self.world.taken()), self._way_of(hold=made.id))
        until = self.world.now + minutes(length)
        held = model.Hold(made.id, wish, way, until, length, visitor=actor.session_id if actor else None)
        self.world.holds.append(held)
        return held

    def _ways_to_move(self, booking: model.Booking, wish: model.Wish) -> list[model.Way]:
        """Its own time counts as free; with the same people where that works."""
        ways = self.world.ways(wish, self.world.taken(beside=booking))
        people = [piece.who for piece in booking.way]
        return [way for way in ways if [piece.who for piece in way] == people] or ways

    def _found(self, ways: Sequence[model.Way], as_booked: Any) -> model.Way:
        return next(way for way in ways if plain(way) == as_booked)

    def _way_of(self, **whose: Any) -> Any:
        """Who does what when, in the order of the services."""
        rows = CalendarEvent.objects.filter(active=True, line__isnull=False, **whose)
        return list(rows.order_by("line__sort_order").values_list("resource_id", "starts_at", "ends_at"))

    def _open(self, key: UUID, held: model.Hold, phone: str) -> model.Booking:
        wish = held.wish
        booking = model.Booking(key, phone, wish.services, wish.party, held.visitor, held, held.way)
        held.booking = booking
        self.world.bookings.append(booking)
        return booking

    def _settle(self, bookings: Sequence[model.Booking], made: Order | None) -> None:
        """What costs something is on one order; if it is to be paid first, it waits for that."""
        billed = [one for one in bookings if any(service.price for service in one.services)]
        total = sum(service.price or 0 for booking in billed for service in booking.services)
        assert (made.total if made else 0) == total
        if made is not None:
            self.world.orders.append(model.Order(made.id, billed))
        for booking in bookings:
            if booking in billed and self.payment_first and booking.hold:
                booking.hold.until = max(booking.hold.until, self.world.now + minutes(PAYMENT))
            else:
                self._confirmed(booking)

    def _confirmed(self, booking: model.Booking) -> None:
        booking.said = "confirmed"
        if booking.hold:
            booking.hold.ended = "converted"

    # --- Both worlds -----------------------------------------------------------------------------------

    @invariant()
    def both_worlds_are_the_same(self) -> None:
        self._compare(late=True)

    def _compare(self, *, late: bool) -> None:
        """Rows that are late may not have noted yet what the clock has ended."""
        world, organization = self.world, self.salon.organization
        assert sorted(self.salon.event_rows()) == sorted(self._taken_rows())
        # Whoever leaves or cancels after their time says so with the row that is still open.
        soft: dict[str, set[str]] = {"expired": {"released"}, "lapsed": {"declined"}}
        if late:
            soft = {
                "expired": {"released", "active", "held"},
                "lapsed": {"declined", "open"},
                "waiting": {"offered"},
                "void": {"open"},
            }

        def compare(model_class: Any, expected: dict[object, str], key: str = "id") -> None:
            found = dict(model_class.objects.filter(organization=organization).values_list(key, "status"))
            assert found.keys() == expected.keys()
            wrong = {
                key: (found[key], status)
                for key, status in expected.items()
                if found[key] != status and found[key] not in soft.get(status, ())
            }
            assert not wrong, f"as it is, and as it should be: {wrong}"

        compare(Hold, {one.key: world.hold_status(one) for one in world.holds})
        compare(Booking, {one.key: world.booking_status(one) for one in world.bookings})
        compare(Order, {one.key: world.order_status(one) for one in world.orders})
        compare(WaitlistOffer, {one.key: world.offer_status(one) for _, one in self._offers()})
        compare(WaitlistEntry, {one.booking.key: world.entry_status(one) for one in world.line}, "booking_id")

    def _taken_rows(self) -> list[tuple[Any, ...]]:
        world = self.world
        held = [(one.way, one.key) for one in world.holds if world.hold_status(one) == "active"]
        booked = [(one.way, one.key) for one in world.bookings if one.said in {"confirmed", "checked_in"}]
        return [
            (piece.who, piece.start, piece.end, piece.busy_from, piece.busy_to, piece.seats, key)
            for way, key in [*held, *booked]
            for piece in way
        ]


def pick(found: Sequence[T], number: int) -> T:
    return found[-1 - number % len(found)]


def plain(way: model.Way) -> list[tuple[object, datetime, datetime]]:
    return [(piece.who, piece.start, piece.end) for piece in way]


def details(phone: str) -> BookingDetails:
    return BookingDetails(customer=Identity(name="Ada Lovelace", phone=phone))
