"""Who waits gets what becomes free, in their order."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from apps.audit.models import AuditEntry
from apps.availability import occupancy
from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.commands.rules import add_rule
from apps.availability.commands.set_capacity import set_capacity
from apps.availability.hours.policies import RuleFields
from apps.availability.models import AvailabilityRule, CalendarEvent, EventType, Resource
from apps.bookings.commands.accept_offer import accept_offer
from apps.bookings.commands.cancel_booking import cancel_booking
from apps.bookings.commands.decline_offer import decline_offer
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.leave_waitlist import leave_waitlist
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.models import Hold, OrderItem, WaitlistOffer
from apps.bookings.states import CancelReason
from apps.bookings.types import TimeWanted
from apps.bookings.waitlist.errors import (
    AlreadyWaiting,
    NotWaiting,
    WaitlistNotOpen,
    WaitlistOfferAnswered,
    WaitlistOfferLapsed,
)
from apps.bookings.waitlist.sweep import sweep_waitlist
from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from apps.organizations.models import OrganizationPolicy, PaymentStrategy
from tests.availability.support import at, denver, take
from tests.availability.time_off.support import away, staff
from tests.bookings.support import somebody
from tests.bookings.waiting import customer, deliver, offers_made, starts, states, status_of, waits
from tests.factories.availability import LocationFactory, PersonFactory, PoolFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Resource:
    """She works on weekdays from nine to eleven; it is Monday, eight o'clock."""
    anna = PersonFactory(name="Anna")
    WeeklyRuleFactory(location=anna.location, end_time=time(11))
    generate_slots(organization=anna.organization)
    return anna


@pytest.fixture
def hour(anna: Resource) -> BookingService:
    return ServiceFactory(organization=anna.organization, duration_minutes=60, price=Decimal(50))


@pytest.fixture
def full(anna: Resource) -> list[CalendarEvent]:
    """Both of Monday's hours are taken."""
    return [take(anna, at(-60, 60)), take(anna, at(0, 60))]


def free(event: CalendarEvent) -> None:
    """What took the time is over, under the lock as with any change."""
    with transaction.atomic():
        occupancy.lock_resources(event.organization_id, [event.resource_id] if event.resource_id else [])
        occupancy.free([event])


class TestJoining:
    def test_is_a_booking_without_a_time(self, anna: Resource, hour: BookingService) -> None:
        entry = waits(anna.location, [hour, hour], party_size=1, latest=time(12))

        booking = entry.booking
        assert (booking.status, booking.starts_at, booking.total_price) == ("waitlisted", None, Decimal(100))
        assert [(line.title, line.resource, line.hold) for line in booking.lines.all()] == [
            (hour.title, None, None)
        ] * 2
        assert booking.manage_tokens.count() == 1
        assert booking.customer.identity is not None
        assert OutboxMessage.objects.filter(name="waitlist.joined").count() == 1
        assert AuditEntry.objects.filter(action="bookings.waitlist.joined").count() == 1
        assert not CalendarEvent.objects.exists()

    def test_nobody_waits_twice_for_the_same(self, anna: Resource, hour: BookingService) -> None:
        ada = somebody(phone="+13035550199")
        first = waits(anna.location, [hour], details=ada)

        with pytest.raises(AlreadyWaiting):
            waits(anna.location, [hour], details=ada, last=date(2030, 1, 20))
        other = ServiceFactory(organization=anna.organization)
        assert states([waits(anna.location, [other], details=ada)]) == ["waiting"], "that is something else"

        leave_waitlist(actor=customer(anna), booking_id=first.booking_id)
        assert states([waits(anna.location, [hour], details=ada)]) == ["waiting"]

    def test_a_business_may_keep_no_waitlist(self, anna: Resource, hour: BookingService) -> None:
        anna.location.organization.policy.waitlist_open = False

        with pytest.raises(WaitlistNotOpen):
            waits(anna.location, [hour])

    def test_what_can_never_come_is_refused(self, anna: Resource, hour: BookingService) -> None:
        with pytest.raises(InvalidInput, match="VALIDATION"):
            waits(anna.location, [hour], first=date(2030, 1, 10), last=date(2030, 1, 13))
        with pytest.raises(InvalidInput):
            waits(anna.location, [hour], first=date(2030, 1, 16), last=date(2030, 1, 15))
        with pytest.raises(InvalidInput):
            waits(anna.location, [hour], earliest=time(12), latest=time(11))
        with pytest.raises(InvalidInput):
            waits(anna.location, [hour], last=date(2032, 1, 1))
        with pytest.raises(InvalidInput):
            waits(anna.location, [])
        with pytest.raises(NotFound):
            waits(anna.location, [ServiceFactory()])
        with pytest.raises(NotFound):
            waits(anna.location, [hour], resource_id=PersonFactory().id)

    def test_if_something_is_free_they_hear_at_once(self, anna: Resource, hour: BookingService) -> None:
        entry = waits(anna.location, [hour])
        deliver()

        assert states([entry]) == ["offered"]


class TestOffering:
    def test_the_first_in_the_line_gets_the_freed_time_as_a_hold(
        self, anna: Resource, hour: BookingService, full: list[CalendarEvent]
    ) -> None:
        ada, ben = waits(anna.location, [hour]), waits(anna.location, [hour])
        assert offers_made(anna.location) == []

        free(full[1])
        (offer,) = offers_made(anna.location)

        assert (offer.entry, offer.status, offer.hold.starts_at) == (ada, "open", denver(14, 10))
        assert offer.hold.expires_at == denver(14, 8, 30)
        assert offer.hold.session_id is None
        assert states([ada, ben]) == ["offered", "waiting"]
        event = CalendarEvent.objects.get(hold=offer.hold)
        assert (event.type, event.active, event.resource) == (EventType.HOLD, True, anna)
        assert OutboxMessage.objects.filter(name="waitlist.offered").count() == 1
        assert list(find_violations()) == []

    def test_several_freed_times_serve_several_in_one_run(
        self, anna: Resource, hour: BookingService, full: list[CalendarEvent]
    ) -> None:
        entries = [waits(anna.location, [hour]) for _ in range(3)]
        free(full[0])
        free(full[1])

        offers = offers_made(anna.location)

        assert [offer.entry for offer in offers] == entries[:2]
        assert starts(offers) == [denver(14, 9), denver(14, 10)]
        assert states(entries) == ["offered", "offered", "waiting"]

    def test_days_times_person_and_party_are_kept_to(self, anna: Resource, hour: BookingService) -> None:
        ben = PersonFactory(name="Ben", location=anna.location, capacity=2)
        WeeklyRuleFactory(location=anna.location, resource=ben, end_time=time(11), slot_capacity=2)
        generate_slots(organization=anna.organization)
        tuesday = date(2030, 1, 15)
        late = waits(anna.location, [hour], earliest=time(9, 30), latest=time(9, 30))
        by_ben = waits(anna.location, [hour], resource_id=ben.id)
        two = waits(anna.location, [hour], party_size=2)
        later = waits(anna.location, [hour], first=tuesday, last=tuesday)
        never = waits(anna.location, [hour], earliest=time(11))

        offers = {offer.entry_id: offer.hold for offer in offers_made(anna.location)}

        assert offers[late.id].starts_at == denver(14, 9, 30)
        assert offers[by_ben.id].lines.get().resource == ben
        assert offers[two.id].party_size == 2
        assert offers[two.id].lines.get().resource == ben
        assert offers[later.id].starts_at == denver(15, 9)
        assert never.id not in offers

    def test_whoever_does_not_fit_is_passed_over_and_keeps_their_place(
        self, anna: Resource, full: list[CalendarEvent]
    ) -> None:
        long = ServiceFactory(organization=anna.organization, duration_minutes=120)
        short = ServiceFactory(organization=anna.organization, duration_minutes=60)
        first, second = waits(anna.location, [long]), waits(anna.location, [short])
        free(full[0])

        (offer,) = offers_made(anna.location)

        assert offer.entry == second
        decline_offer(actor=customer(anna), offer_id=offer.id)
        free(full[1])
        assert [one.entry for one in offers_made(anna.location)] == [first]

    def test_several_services_are_offered_as_one_visit(self) -> None:
        salon = LocationFactory()
        PersonFactory(location=salon, name="Student", skills=["wash"])
        PersonFactory(location=salon, name="Karina", skills=["colour"])
        WeeklyRuleFactory(location=salon)
        generate_slots(organization=salon.organization)
        wash, colour = (
            ServiceFactory(organization=salon.organization, duration_minutes=30, required_skills=[skill])
            for skill in ("wash", "colour")
        )
        entry = waits(salon, [wash, colour])

        (offer,) = offers_made(salon)

        booking = accept_offer(actor=customer(salon), policy=salon.organization.policy, offer_id=offer.id)
        assert [line.resource.name for line in booking.lines.all() if line.resource] == ["Student", "Karina"]
        assert (booking.starts_at, booking.ends_at) == (denver(14, 9), denver(14, 10))
        assert states([entry]) == ["served"]

    def test_an_offer_does_not_outlive_the_start(
        self, anna: Resource, hour: BookingService, set_now: Callable[[datetime], None]
    ) -> None:
        set_now(denver(14, 9, 50))
        entry = waits(anna.location, [hour])

        (offer,) = offers_made(anna.location)

        assert (offer.entry, offer.hold.expires_at) == (entry, denver(14, 10))

    def test_a_place_in_a_class(self, hour: BookingService) -> None:
        pool = PoolFactory(capacity=3)
        WeeklyRuleFactory(location=pool.location, slot_capacity=3, end_time=time(9, 30))
        generate_slots(organization=pool.organization)
        yoga = ServiceFactory(organization=pool.organization, duration_minutes=30)
        entries = [waits(pool.location, [yoga], party_size=size) for size in (2, 2, 1)]

        offers = offers_made(pool.location)

        assert [offer.entry for offer in offers] == [entries[0], entries[2]]

    def test_what_is_not_sold_any_more_is_not_offered(self, anna: Resource, hour: BookingService) -> None:
        waits(anna.location, [hour])
        hour.active = False
        hour.save()

        assert offers_made(anna.location) == []

    def test_whoever_declines_everything_is_offered_the_next_day(
        self, anna: Resource, hour: BookingService
    ) -> None:
        entry = waits(anna.location, [hour], last=date(2030, 2, 1))
        for _ in range(3):
            (offer,) = offers_made(anna.location)
            decline_offer(actor=customer(anna), offer_id=offer.id)

        assert starts(offers_made(anna.location)) == [denver(15, 9)]
        assert WaitlistOffer.objects.filter(entry=entry).count() == 4


class TestAnswering:
    def test_accepting_makes_the_hold_the_bookings_time(self, anna: Resource, hour: BookingService) -> None:
        entry = waits(anna.location, [hour])
        (offer,) = offers_made(anna.location)
        hour.price = Decimal(60)
        hour.save()

        booking = accept_offer(actor=customer(anna), policy=anna.organization.policy, offer_id=offer.id)

        assert (booking.id, booking.status) == (entry.booking_id, "confirmed")
        assert (booking.starts_at, booking.total_price) == (denver(14, 9), Decimal(50))
        event = CalendarEvent.objects.get(hold=offer.hold)
        assert (event.type, event.booking_id, event.active) == (EventType.CUSTOMER, booking.id, True)
        assert [line.resource for line in booking.lines.all()] == [anna]
        assert booking.service_session.planned_start == denver(14, 9)
        assert states([entry]) == ["served"]
        names = set(OutboxMessage.objects.values_list("name", flat=True))
        assert {"waitlist.accepted", "booking.confirmed"} <= names
        assert list(find_violations()) == []

        with pytest.raises(WaitlistOfferAnswered):
            accept_offer(actor=customer(anna), policy=anna.organization.policy, offer_id=offer.id)
        with pytest.raises(WaitlistOfferAnswered):
            decline_offer(actor=customer(anna), offer_id=offer.id)
        with pytest.raises(NotWaiting):
            leave_waitlist(actor=customer(anna), booking_id=booking.id)

    def test_the_business_may_want_to_say_yes_first(self, anna: Resource) -> None:
        careful = ServiceFactory(organization=anna.organization, requires_approval=True)
        waits(anna.location, [careful])
        (offer,) = offers_made(anna.location)

        booking = accept_offer(actor=customer(anna), policy=anna.organization.policy, offer_id=offer.id)

        assert booking.status == "pending"

    def test_the_business_may_want_to_be_paid_first(self, anna: Resource, hour: BookingService) -> None:
        OrganizationPolicy.objects.update(payment=PaymentStrategy.MANUAL)
        policy = OrganizationPolicy.objects.get(organization=anna.organization)
        waits(anna.location, [hour])
        (offer,) = offers_made(anna.location)

        booking = accept_offer(actor=customer(anna), policy=policy, offer_id=offer.id)

        assert booking.status == "held"
        assert OrderItem.objects.get(booking=booking).amount == Decimal(50)

    def test_declined_it_goes_to_the_next_at_once(self, anna: Resource, hour: BookingService) -> None:
        take(anna, at(0, 60))
        ada, ben = waits(anna.location, [hour]), waits(anna.location, [hour])
        (offer,) = offers_made(anna.location)
        assert offer.entry == ada

        decline_offer(actor=customer(anna), offer_id=offer.id)
        deliver()

        assert states([ada, ben]) == ["waiting", "offered"]
        assert WaitlistOffer.objects.get(entry=ben).hold.starts_at == offer.hold.starts_at

    def test_who_let_a_start_go_is_offered_others_but_not_that_one(
        self, anna: Resource, hour: BookingService, full: list[CalendarEvent]
    ) -> None:
        ada = waits(anna.location, [hour])
        free(full[0])
        (offer,) = offers_made(anna.location)
        decline_offer(actor=customer(anna), offer_id=offer.id)
        assert offers_made(anna.location) == []

        free(full[1])

        # Half past nine is another start than nine.
        assert starts(offers_made(anna.location)) == [denver(14, 9, 30)]
        assert states([ada]) == ["offered"]

    def test_lapsed_it_goes_to_the_next(
        self, anna: Resource, hour: BookingService, set_now: Callable[[datetime], None]
    ) -> None:
        take(anna, at(0, 60))
        ada, ben = waits(anna.location, [hour]), waits(anna.location, [hour])
        (offer,) = offers_made(anna.location)
        set_now(denver(14, 8, 30))

        with pytest.raises(WaitlistOfferLapsed):
            accept_offer(actor=customer(anna), policy=anna.organization.policy, offer_id=offer.id)
        with pytest.raises(WaitlistOfferLapsed):
            decline_offer(actor=customer(anna), offer_id=offer.id)
        expire_holds()
        deliver()

        assert states([ada, ben]) == ["waiting", "offered"]
        offer.refresh_from_db()
        assert (offer.status, offer.answered_at) == ("lapsed", denver(14, 8, 30))
        assert OutboxMessage.objects.filter(name="waitlist.lapsed").count() == 1

    def test_a_run_ends_what_has_lapsed_by_itself(
        self, anna: Resource, hour: BookingService, set_now: Callable[[datetime], None]
    ) -> None:
        take(anna, at(0, 60))
        ada, ben = waits(anna.location, [hour]), waits(anna.location, [hour])
        offers_made(anna.location)
        set_now(denver(14, 8, 31))

        assert [offer.entry for offer in offers_made(anna.location)] == [ben]
        assert states([ada]) == ["waiting"]


class TestLeaving:
    def test_cancels_the_booking(
        self, anna: Resource, hour: BookingService, full: list[CalendarEvent]
    ) -> None:
        entry = waits(anna.location, [hour])

        booking = leave_waitlist(actor=customer(anna), booking_id=entry.booking_id)

        assert (booking.status, booking.cancel_reason) == ("cancelled", "left_waitlist")
        assert states([entry]) == ["left"]
        free(full[0])
        assert offers_made(anna.location) == []
        with pytest.raises(NotWaiting):
            leave_waitlist(actor=customer(anna), booking_id=entry.booking_id)

    def test_what_they_were_offered_goes_to_the_next(self, anna: Resource, hour: BookingService) -> None:
        take(anna, at(0, 60))
        ada, ben = waits(anna.location, [hour]), waits(anna.location, [hour])
        (offer,) = offers_made(anna.location)

        leave_waitlist(actor=customer(anna), booking_id=ada.booking_id)
        deliver()

        assert states([ada, ben]) == ["left", "offered"]
        assert Hold.objects.get(id=offer.hold_id).status == "released"
        assert list(find_violations()) == []

    def test_an_entry_is_closed_when_its_days_have_passed(
        self, anna: Resource, hour: BookingService, set_now: Callable[[datetime], None], full: object
    ) -> None:
        monday = waits(anna.location, [hour])
        week = waits(anna.location, [hour], last=date(2030, 1, 19), earliest=time(20))
        set_now(denver(14, 23, 59))
        sweep_waitlist()
        assert states([monday, week]) == ["waiting", "waiting"]

        set_now(denver(15, 0))
        sweep_waitlist()

        assert states([monday, week]) == ["closed", "waiting"]
        assert status_of(monday.booking) == "cancelled"


class TestWhatFreesTime:
    def test_a_released_hold(self, anna: Resource, hour: BookingService) -> None:
        actor = Actor.session(anna.organization_id, new_id())
        wanted = TimeWanted(location_id=anna.location_id, start_at=denver(14, 9), service_id=hour.id)
        hold = place_hold(actor=actor, policy=anna.organization.policy, wanted=wanted)
        take(anna, at(0, 60))
        entry = waits(anna.location, [hour])
        deliver()
        assert states([entry]) == ["waiting"]

        release_hold(actor=actor, hold_id=hold.id)
        deliver()

        assert states([entry]) == ["offered"]

    def test_a_hold_that_runs_out(
        self, anna: Resource, hour: BookingService, set_now: Callable[[datetime], None]
    ) -> None:
        wanted = TimeWanted(location_id=anna.location_id, start_at=denver(14, 9), service_id=hour.id)
        actor = Actor.session(anna.organization_id, new_id())
        place_hold(actor=actor, policy=anna.organization.policy, wanted=wanted)
        take(anna, at(0, 60))
        entry = waits(anna.location, [hour])
        deliver()

        set_now(denver(14, 8, 5))
        expire_holds()
        deliver()

        assert states([entry]) == ["offered"]

    def test_somebody_who_is_back(self, anna: Resource, hour: BookingService) -> None:
        off = away(anna, 9, 120)
        entry = waits(anna.location, [hour])
        deliver()
        assert states([entry]) == ["waiting"]

        cancel_time_off(actor=staff(anna), time_off_id=off.time_off.id)
        deliver()

        assert states([entry]) == ["offered"]

    def test_hours_that_were_added(self, anna: Resource, hour: BookingService, full: object) -> None:
        entry = waits(anna.location, [hour])
        afternoon: dict[str, Any] = {
            "start_time": time(13),
            "end_time": time(14),
            "slot_granularity_minutes": 30,
        }
        add_rule(
            actor=staff(anna),
            fields=RuleFields(location_id=anna.location_id, days_of_week=(1,), **afternoon),
        )
        deliver()

        assert states([entry]) == ["offered"]

    def test_room_for_more(self, anna: Resource, hour: BookingService, full: object) -> None:
        AvailabilityRule.objects.update(slot_capacity=2)
        entry = waits(anna.location, [hour])
        deliver()
        assert states([entry]) == ["waiting"]

        set_capacity(actor=staff(anna), resource_id=anna.id, capacity=2)
        deliver()

        assert states([entry]) == ["offered"]

    def test_a_cancelled_visit(self, anna: Resource, hour: BookingService) -> None:
        visit, ada = waits(anna.location, [hour]), somebody()
        (offer,) = offers_made(anna.location)
        booked = accept_offer(actor=customer(anna), policy=anna.organization.policy, offer_id=offer.id)
        take(anna, at(0, 60))
        entry = waits(anna.location, [hour], details=ada)
        deliver()
        assert states([visit, entry]) == ["served", "waiting"]

        cancel_booking(
            actor=staff(anna),
            policy=anna.organization.policy,
            booking_id=booked.id,
            reason=CancelReason.WEATHER,
        )
        deliver()

        assert states([entry]) == ["offered"]
        assert WaitlistOffer.objects.get(entry=entry).hold.starts_at == denver(14, 9)

    def test_a_waitlisted_booking_that_is_cancelled(self, anna: Resource, hour: BookingService) -> None:
        take(anna, at(0, 60))
        ada, ben = waits(anna.location, [hour]), waits(anna.location, [hour])
        offers_made(anna.location)

        cancel_booking(
            actor=staff(anna),
            policy=anna.organization.policy,
            booking_id=ada.booking_id,
            reason=CancelReason.OTHER,
        )
        deliver()

        assert states([ada, ben]) == ["left", "offered"]

    def test_what_no_event_told_of_is_found_by_the_sweep(
        self, anna: Resource, hour: BookingService, full: list[CalendarEvent]
    ) -> None:
        entry = waits(anna.location, [hour])
        deliver()
        free(full[0])

        assert sweep_waitlist() == 1
        assert states([entry]) == ["offered"]
        assert sweep_waitlist() == 0
