"""Whatever visitors, customers, staff and the clock do to holds and bookings, a pure model foresees it.

The model (pure_model.py) says of each action whether it must succeed, or with which code it must be
refused; where several people could do a service, only who could. After each step both worlds must be the
same. Quick by default; `--hypothesis-profile=thorough` does more than ten thousand steps.
"""

import logging
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from apps.bookings.checkout.checks import CheckoutWanted
from apps.bookings.commands.accept_offer import accept_offer
from apps.bookings.commands.cancel_booking import cancel_booking
from apps.bookings.commands.check_in_booking import check_in_booking
from apps.bookings.commands.check_out import check_out
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.decline_offer import decline_offer
from apps.bookings.commands.hold_booking import book_hold, hold_booking
from apps.bookings.commands.join_waitlist import join_waitlist
from apps.bookings.commands.leave_waitlist import leave_waitlist
from apps.bookings.commands.offer_waitlist import offer_waitlist
from apps.bookings.commands.place_hold import place_hold, place_holds
from apps.bookings.commands.record_payment import record_payment
from apps.bookings.commands.refresh_hold import refresh_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.commands.reschedule_booking import reschedule_booking
from apps.bookings.models import Hold, Order, WaitlistOffer
from apps.bookings.placing.moving import NewTime
from apps.bookings.states import CancelReason
from apps.bookings.waitlist.line import Wish as Waited
from tests.availability.support import denver, minutes
from tests.bookings import pure_model as model
from tests.bookings.both_worlds import GONE, OK, BothWorlds, details, pick, plain
from tests.bookings.small_world import (
    BOOKING_HOLD,
    CANCEL_NOTICE,
    CHECK_IN,
    HOLD,
    MOST_REFRESHES,
    MOVE_NOTICE,
    OFFER,
    Salon,
    chosen,
    id_of,
    parties,
    phones,
    some,
    starts,
    visitors,
    wishes,
)

logger = logging.getLogger(__name__)


class Bookings(BothWorlds):
    """Everything that can happen to a held or booked time."""

    # --- Holds -----------------------------------------------------------------------------------------

    @rule(visitor=visitors, wish=wishes, by_slot=st.booleans())
    def hold(self, visitor: int, wish: dict[str, Any], *, by_slot: bool) -> None:
        wanted, actor = self._wish(wish), self.sessions[visitor]
        expected = self._too_many(actor, 1) | self.world.codes(wanted)
        asked = self.salon.asked(wanted, by_slot=by_slot)
        made = self._act(expected or {OK}, lambda: place_hold(actor=actor, policy=self.policy, wanted=asked))
        if made is not None:
            self._note_hold(made, wanted, HOLD, actor)

    @rule(visitor=visitors, both=st.tuples(wishes, wishes))
    def hold_two(self, visitor: int, both: tuple[dict[str, Any], dict[str, Any]]) -> None:
        wanted, actor = [self._wish(wish) for wish in both], self.sessions[visitor]
        expected, ways = self._too_many(actor, 2), self.world.pairs(wanted)
        if not ways:
            expected |= set().union(*(self.world.codes(wish) for wish in wanted)) or {model.FULL}
        asked = [self.salon.asked(wish) for wish in wanted]
        made = self._act(expected or {OK}, lambda: place_holds(actor=actor, policy=self.policy, wanted=asked))
        if made is not None:
            found = tuple(self._way_of(hold=hold.id) for hold in made)
            assert found in [tuple(plain(way) for way in pair) for pair in ways]
            for hold, wish in zip(made, wanted, strict=True):
                self._note_hold(hold, wish, HOLD, actor)

    @precondition(lambda self: self._visitors_holds())
    @rule(number=some)
    def refresh(self, number: int) -> None:
        held = pick(self._visitors_holds(), number)
        expected = self._unusable(held)
        if not expected and held.refreshes >= MOST_REFRESHES:
            expected = {"HOLD_REFRESH_LIMIT"}
        actor, key = self._visitor(held.visitor), id_of(held.key)
        act = self._act(expected or {OK}, lambda: refresh_hold(actor=actor, policy=self.policy, hold_id=key))
        if act is not None:
            held.refreshes += 1
            held.until = max(held.until, self.world.now + minutes(held.minutes))

    @precondition(lambda self: self._visitors_holds())
    @rule(number=some)
    def release(self, number: int) -> None:
        held = pick(self._visitors_holds(), number)
        expected = self._unusable(held) or ({"HOLD_NOT_ACTIVE"} if held.booking else {OK})
        actor = self._visitor(held.visitor)
        if self._act(expected, lambda: release_hold(actor=actor, hold_id=id_of(held.key))) is not None:
            held.ended = "released"

    # --- The clock -------------------------------------------------------------------------------------

    @rule(number=st.sampled_from([1, 1, 2, 2, 4, 5, 7, 8]), sweep=st.booleans())
    def time_passes(self, number: int, *, sweep: bool) -> None:
        self.world.now += minutes(number)
        self._set_clock()
        if sweep:
            self._sweep()

    @rule(
        at=st.sampled_from([denver(14, 8, 30), denver(14, 9), denver(14, 9), denver(14, 11), denver(15, 10)])
    )
    def the_day_goes_on(self, at: datetime) -> None:
        if at > self.world.now:
            self.time_passes(number=(at - self.world.now) // minutes(1), sweep=False)

    # --- Bookings --------------------------------------------------------------------------------------

    @rule(first=st.booleans())
    def payment_comes_first(self, *, first: bool) -> None:
        """Or no longer; what is awaited already is still awaited."""
        self.payment_first = first
        self._save_policy()

    @rule(visitor=visitors, wish=wishes, phone=phones)
    def hold_with_a_name(self, visitor: int, wish: dict[str, Any], phone: str) -> None:
        wanted, actor = self._wish(wish), self.sessions[visitor]
        expected = self._too_many(actor, 1) | self.world.codes(wanted)
        if not expected:
            ways = self.world.ways(wanted, self.world.taken())
            expected = set().union(*(self.world.twice(phone, way) for way in ways))
        asked = self.salon.asked(wanted)
        made = self._act(
            expected,
            lambda: hold_booking(actor=actor, policy=self.policy, wanted=asked, details=details(phone)),
        )
        if made is not None:
            held = self._note_hold(Hold.objects.get(booking=made), wanted, BOOKING_HOLD, actor)
            self._open(made.id, held, phone)

    @precondition(lambda self: self._visitors_holds())
    @rule(number=some, phone=phones)
    def give_a_name(self, number: int, phone: str) -> None:
        held = pick(self._visitors_holds(), number)
        expected = self._unusable(held) or ({"HOLD_NOT_ACTIVE"} if held.booking else set())
        expected = expected or self.world.twice(phone, held.way)
        actor, key = self._visitor(held.visitor), id_of(held.key)
        made = self._act(expected, lambda: book_hold(actor=actor, hold_id=key, details=details(phone)))
        if made is not None:
            self._open(made.id, held, phone)

    @precondition(lambda self: self._visitors_holds())
    @rule(numbers=st.lists(some, min_size=1, max_size=2), phone=phones)
    def check_out(self, numbers: list[int], phone: str) -> None:
        """All of the holds become bookings, or none."""
        first = pick(self._visitors_holds(), numbers[0])
        own = [held for held in self._visitors_holds() if held.visitor == first.visitor]
        cart = list(dict.fromkeys([first, *(pick(own, number) for number in numbers[1:])]))
        statuses = {
            "used" if h.booking and not self._unusable(h) else self.world.hold_status(h) for h in cart
        }
        slots = {(held.way[0].who, held.way[0].start) for held in cart}
        if "expired" in statuses:
            expected = GONE
        elif statuses != {"active"}:
            expected = {"HOLD_NOT_ACTIVE"}
        else:
            one_by_one = [self.world.twice(phone, held.way) for held in cart]
            expected = set().union(*one_by_one)
            if len(slots) < len(cart) or {model.TWICE} in one_by_one:
                expected = {model.TWICE}
        wanted = CheckoutWanted(hold_ids=tuple(id_of(held.key) for held in cart), details=details(phone))
        actor = self._visitor(first.visitor)
        made = self._act(expected, lambda: check_out(actor=actor, policy=self.policy, wanted=wanted))
        if made is not None:
            pairs = zip(made.bookings, cart, strict=True)
            self._settle([self._open(one.id, held, phone) for (one, _), held in pairs], made.order)

    @precondition(lambda self: self.world.bookings)
    @rule(number=some)
    def confirm(self, number: int) -> None:
        booking = pick(self.world.bookings, number)
        status = self.world.booking_status(booking)
        expected = {OK} if status == "held" else GONE if status == "expired" else {"INVALID_TRANSITION"}
        if status == "held" and self.payment_first:
            # What ran out beside it has taken their order with it, as soon as somebody notes that.
            orders = {self.world.order_status(one) for one in self.world.orders if booking in one.bookings}
            expected = {"PAYMENT_AWAITED"} if orders else {OK}
            if "void" in orders:
                expected = {"PAYMENT_AWAITED", "ORDER_VOID"}
        actor, key = self._visitor(booking.visitor), id_of(booking.key)
        if self._act(expected, lambda: confirm_booking(actor=actor, booking_id=key)) is not None:
            if self.payment_first:
                newest = Order.objects.filter(items__booking_id=key).order_by("id").last()
                known = {order.key for order in self.world.orders}
                self._settle([booking], newest if newest and newest.id not in known else None)
            else:
                self._confirmed(booking)

    @rule(visitor=visitors, both=st.tuples(wishes, wishes), phone=phones, pay=st.booleans())
    def book(self, visitor: int, both: tuple[dict[str, Any], ...], phone: str, *, pay: bool) -> None:
        """The whole way at once: rule by rule it would seldom come about."""
        before, orders = len(self.world.holds), len(self.world.orders)
        for wish in both:
            self.hold(visitor=visitor, wish=wish, by_slot=False)
        if len(self.world.holds) > before:
            self.check_out(numbers=[0, 1], phone=phone)
        if pay and len(self.world.orders) > orders:
            self.pay(number=0)

    @precondition(lambda self: self.world.orders)
    @rule(number=some)
    def pay(self, number: int) -> None:
        order = pick(self.world.orders, number)
        statuses = {self.world.booking_status(booking) for booking in order.bookings}
        if order.paid or (self.world.order_status(order) == "open"):
            expected = {OK}
        else:
            expected = {"PAYMENT_TOO_LATE"} if "expired" in statuses else {"ORDER_VOID"}
        key = id_of(order.key)
        if self._act(expected, lambda: record_payment(actor=self.staff, order_id=key)) is not None:
            for booking in order.bookings:
                if booking.said == "held" and not order.paid:
                    self._confirmed(booking)
            order.paid = True

    @precondition(lambda self: self.world.bookings)
    @rule(number=some, by_link=st.booleans())
    def cancel(self, number: int, *, by_link: bool) -> None:
        booking = pick(self.world.bookings, number)
        status = self.world.booking_status(booking)
        # One that has run out is still held by its row until somebody notes that.
        expected = {"expired": GONE | {OK}, "cancelled": {"INVALID_TRANSITION"}}.get(status, {OK})
        if by_link and booking.way and booking.start - CANCEL_NOTICE < self.world.now:
            expected = expected - {OK} | ({"TOO_LATE_TO_CANCEL"} if OK in expected else set())
        actor, key = self.link if by_link else self.staff, id_of(booking.key)
        reason = CancelReason.CHANGED_PLANS
        act = self._act(
            expected,
            lambda: cancel_booking(actor=actor, policy=self.policy, booking_id=key, reason=reason),
        )
        if act is None:
            return
        booking.said = "cancelled"
        if booking.hold and not booking.hold.ended:
            booking.hold.ended = "released"
        for entry in self.world.line:
            if entry.booking is booking and not entry.over:
                self._leave(entry)

    @precondition(lambda self: self.world.bookings)
    @rule(number=some, start=starts, by_link=st.booleans())
    def reschedule(self, number: int, start: int | str, *, by_link: bool) -> None:
        booking = pick(self.world.bookings, number)
        status = self.world.booking_status(booking)
        wish = model.Wish(booking.services, self._start(start), booking.party)
        ways = self._ways_to_move(booking, wish)
        if status != "confirmed":
            expected = {"INVALID_TRANSITION"} | (GONE if status == "expired" else set())
        elif by_link and booking.start - MOVE_NOTICE < self.world.now:
            expected = {"TOO_LATE_TO_RESCHEDULE"}
        elif not ways:
            expected = self.world.codes(wish, beside=booking)
        else:
            twice = (self.world.twice(booking.customer, way, beside=booking) for way in ways)
            expected = set().union(*twice)
        actor, key = self.link if by_link else self.staff, id_of(booking.key)
        new = NewTime(start_at=wish.start)
        act = self._act(
            expected,
            lambda: reschedule_booking(actor=actor, policy=self.policy, booking_id=key, wanted=new),
        )
        if act is not None:
            booking.way = self._found(ways, self._way_of(booking=key))

    @precondition(lambda self: self.world.bookings)
    @rule(number=some, by_link=st.booleans())
    def check_in(self, number: int, *, by_link: bool) -> None:
        booking = pick(self.world.bookings, number)
        status = self.world.booking_status(booking)
        if status != "confirmed":
            expected = {"INVALID_TRANSITION"} | (GONE if status == "expired" else set())
        elif by_link and self.world.now < booking.start - CHECK_IN:
            expected = {"CHECK_IN_TOO_EARLY"}
        else:
            expected = {"CHECK_IN_CLOSED"} if by_link and self.world.now >= booking.end else {OK}
        actor, key = self.link if by_link else self.staff, id_of(booking.key)
        act = self._act(expected, lambda: check_in_booking(actor=actor, policy=self.policy, booking_id=key))
        if act is not None:
            booking.said = "checked_in"

    # --- The waitlist ----------------------------------------------------------------------------------

    @rule(visitor=visitors, services=chosen, phone=phones, party=parties, day=st.sampled_from([14, 14, 15]))
    def wait(self, visitor: int, services: str, phone: str, party: int, day: int) -> None:
        wanted = self._services(services)
        expected = {OK}
        if self.world.now >= denver(16, 0):
            expected = {"VALIDATION_ERROR"}
        elif any(
            entry.booking.customer == phone and entry.booking.services == wanted and not entry.over
            for entry in self.world.line
        ):
            expected = {"ALREADY_WAITING"}
        wish = Waited(
            location_id=self.salon.location.id,
            service_ids=tuple(id_of(service.key) for service in wanted),
            first_date=date(2030, 1, day),
            last_date=date(2030, 1, 15),
            party_size=party,
        )
        actor = self.sessions[visitor]
        made = self._act(
            expected,
            lambda: join_waitlist(actor=actor, policy=self.policy, wish=wish, details=details(phone)),
        )
        if made is not None:
            booking = model.Booking(made[0].id, phone, wanted, party, actor.session_id, said="waitlisted")
            self.world.bookings.append(booking)
            self.world.line.append(model.Entry(booking, denver(day, 0), denver(16, 0)))

    @precondition(lambda self: self.world.line)
    @rule()
    def offer(self) -> None:
        """Whoever is first in the line and can be given anything gets it: nobody is skipped."""
        type(self).steps += 1
        ids = offer_waitlist(organization_id=self.salon.organization.id, location_id=self.salon.location.id)
        for offer_id in ids:
            made = WaitlistOffer.objects.select_related("hold", "entry").get(id=offer_id)
            following = self.world.next_in_line()
            assert following is not None, "nobody was left who could be given anything"
            entry, wish = following
            assert made.entry.booking_id == entry.booking.key
            assert made.hold.starts_at == wish.start
            held = self._note_hold(made.hold, wish, min(OFFER, (wish.start - self.world.now) // minutes(1)))
            entry.offers.append(model.Offer(made.id, held))
        assert self.world.next_in_line() is None, "somebody was not offered what is free"

    @precondition(lambda self: self._offers())
    @rule(number=some, yes=st.booleans())
    def answer(self, number: int, *, yes: bool) -> None:
        entry, offer = pick(self._offers(), number)
        status = self.world.offer_status(offer)
        answered = {"WAITLIST_OFFER_ANSWERED"}
        # Whoever leaves declines, also what had lapsed unnoted.
        lapsed = {"WAITLIST_OFFER_LAPSED"} | (answered if entry.over == "left" else set())
        expected = {"open": {OK}, "lapsed": lapsed}.get(status, answered)
        key, booking, held = id_of(offer.key), entry.booking, offer.hold
        if not yes:
            if self._act(expected, lambda: decline_offer(actor=self.link, offer_id=key)) is not None:
                offer.answer, held.ended = "declined", "released"
            return
        if status == "open":
            expected = self.world.twice(booking.customer, held.way)
        act = self._act(expected, lambda: accept_offer(actor=self.link, policy=self.policy, offer_id=key))
        if act is not None:
            offer.answer, entry.over = "accepted", "served"
            booking.hold, booking.way, booking.said, held.booking = held, held.way, "held", booking
            if self.payment_first:
                self._settle([booking], Order.objects.filter(items__booking_id=id_of(booking.key)).last())
            else:
                self._confirmed(booking)

    @precondition(lambda self: self.world.line)
    @rule(number=some)
    def leave(self, number: int) -> None:
        entry = pick(self.world.line, number)
        expected = {"NOT_WAITING"} if entry.over else {OK}
        key = id_of(entry.booking.key)
        if self._act(expected, lambda: leave_waitlist(actor=self.link, booking_id=key)) is not None:
            entry.booking.said = "cancelled"
            self._leave(entry)


@pytest.mark.django_db
@pytest.mark.timeout(3600)  # for the thorough profile; the quick one takes seconds
def test_whatever_happens_is_what_the_model_foresees() -> None:
    Bookings.salon, Bookings.steps = Salon(), 0
    run_state_machine_as_test(
        Bookings,
        settings=settings(
            max_examples=max(1, settings().max_examples // 10),
            stateful_step_count=80,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    logger.info("%d steps, each as foreseen: %s", Bookings.steps, Bookings.outcomes.most_common())
