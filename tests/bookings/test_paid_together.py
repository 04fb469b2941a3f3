"""Visits that were checked out together: what becomes of one never leaves another without an answer."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from apps.availability.models import SlotInstance
from apps.bookings.checkout.checks import CheckedOut, CheckoutWanted
from apps.bookings.commands.check_out import check_out
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.record_payment import record_payment
from apps.bookings.commands.refresh_hold import refresh_hold
from apps.bookings.errors import InvalidTransition, OrderVoid
from apps.bookings.models import Booking, Hold
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.invariants import find_violations
from tests.availability.support import minutes
from tests.bookings.salon import Salon
from tests.bookings.support import somebody, visitor_of
from tests.bookings.waiting import waits
from tests.factories.availability import TEN_O_CLOCK, LocationFactory, SlotFactory
from tests.factories.content import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots() -> list[SlotInstance]:
    """Of two people; a payment comes first."""
    first = SlotFactory.create()
    second = SlotFactory.create(resource__location=first.location, start_at=TEN_O_CLOCK + minutes(60))
    policy = first.organization.policy
    policy.payment = "manual"
    policy.save()
    return [first, second]


def in_cart(actor: Actor, slot: SlotInstance, price: Decimal | None) -> Hold:
    service = ServiceFactory.create(organization=slot.organization, price=price, duration_minutes=30)
    wanted = TimeWanted(slot_id=slot.id, service_id=service.id)
    return place_hold(actor=actor, policy=slot.organization.policy, wanted=wanted)


def checked_out(actor: Actor, slot: SlotInstance, *holds: Hold) -> CheckedOut:
    wanted = CheckoutWanted(hold_ids=tuple(hold.id for hold in holds), details=somebody())
    return check_out(actor=actor, policy=slot.organization.policy, wanted=wanted)


def statuses() -> list[str]:
    return list(Booking.objects.order_by("starts_at").values_list("status", flat=True))


def test_what_is_quoted_on_site_waits_for_no_payment(slots: list[SlotInstance]) -> None:
    actor = visitor_of(slots[0])
    holds = [in_cart(actor, slots[0], Decimal(80)), in_cart(actor, slots[1], None)]
    done = checked_out(actor, slots[0], *holds)
    assert done.order is not None
    assert statuses() == ["held", "confirmed"]
    record_payment(actor=Actor.system(slots[0].organization_id), order_id=done.order.id)
    assert statuses() == ["confirmed", "confirmed"]


def test_who_outlives_the_order_picks_the_time_again(
    slots: list[SlotInstance], set_now: Callable[[datetime], None]
) -> None:
    actor = visitor_of(slots[0])
    holds = [in_cart(actor, slot, Decimal(80)) for slot in slots]
    done = checked_out(actor, slots[0], *holds)
    until = Hold.objects.get(id=holds[0].id).expires_at
    set_now(until - minutes(1))
    refresh_hold(actor=actor, policy=slots[0].organization.policy, hold_id=holds[0].id)
    set_now(until)
    expire_holds()
    assert statuses() == ["held", "expired"]
    with pytest.raises(OrderVoid):
        confirm_booking(actor=actor, booking_id=done.bookings[0][0].id)
    assert list(find_violations()) == []


def test_whoever_waits_cannot_confirm_what_has_no_time() -> None:
    location = LocationFactory()
    service = Salon(location).service("Wash", 30)
    waiting = waits(location, [service]).booking
    assert waiting.session_id is not None
    actor = Actor.session(location.organization_id, waiting.session_id)
    with pytest.raises(InvalidTransition):
        confirm_booking(actor=actor, booking_id=waiting.id)
