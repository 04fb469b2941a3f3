"""Paying first: the payment confirms, once, and the end of the hold wins over it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.bookings.checkout.checks import CheckedOut, CheckoutWanted
from apps.bookings.commands.check_out import check_out
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.commands.place_hold import place_hold
from apps.bookings.commands.record_payment import record_payment
from apps.bookings.errors import OrderVoid, PaymentTooLate
from apps.bookings.models import Booking, Hold, Order, ServiceSession
from apps.bookings.sweeping import ending_what_expired
from apps.bookings.types import TimeWanted
from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from tests.bookings.support import somebody, visitor_of
from tests.factories.availability import TEN_O_CLOCK, SlotFactory
from tests.factories.content import ServiceFactory
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def done() -> CheckedOut:
    """Two visits to two people, awaiting one payment."""
    first = SlotFactory.create()
    second = SlotFactory.create(resource__location=first.location, start_at=TEN_O_CLOCK + timedelta(hours=1))
    policy = first.organization.policy
    policy.payment = "manual"
    policy.save()
    service = ServiceFactory.create(organization=first.organization, price=Decimal(80), duration_minutes=30)
    actor = visitor_of(first)
    holds = [
        place_hold(actor=actor, policy=policy, wanted=TimeWanted(slot_id=slot.id, service_id=service.id))
        for slot in (first, second)
    ]
    wanted = CheckoutWanted(hold_ids=tuple(hold.id for hold in holds), details=somebody())
    return check_out(actor=actor, policy=policy, wanted=wanted)


def order_of(done: CheckedOut) -> Order:
    assert done.order is not None
    return done.order


def staff_of(done: CheckedOut) -> Actor:
    return Actor.system(order_of(done).organization_id, "Front desk")


def statuses() -> set[str]:
    return set(Booking.objects.values_list("status", flat=True))


def test_confirms_everything_that_waited_for_it(done: CheckedOut) -> None:
    order = record_payment(actor=staff_of(done), order_id=order_of(done).id)

    assert (order.status, statuses()) == ("paid", {"confirmed"})
    assert ServiceSession.objects.count() == 2
    assert OutboxMessage.objects.filter(name="order.paid").count() == 1
    assert list(find_violations()) == []


def test_a_second_callback_changes_nothing(done: CheckedOut) -> None:
    first = record_payment(actor=staff_of(done), order_id=order_of(done).id)
    again = record_payment(actor=staff_of(done), order_id=order_of(done).id)

    assert again.paid_at == first.paid_at
    assert OutboxMessage.objects.filter(name__in=["order.paid", "booking.confirmed"]).count() == 3


def test_is_refused_after_the_time_and_voids_the_order(done: CheckedOut, set_now: Any) -> None:
    order = order_of(done)
    set_now(Hold.objects.first().expires_at)  # type: ignore[union-attr]  # there are two

    with pytest.raises(PaymentTooLate), ending_what_expired(order.organization_id):
        record_payment(actor=staff_of(done), order_id=order.id)

    order.refresh_from_db()
    assert (order.status, statuses()) == ("void", {"expired"})
    assert OutboxMessage.objects.filter(name="order.voided").count() == 1
    assert list(find_violations()) == []


def test_is_refused_also_when_the_sweep_was_first(done: CheckedOut, set_now: Any) -> None:
    set_now(Hold.objects.first().expires_at)  # type: ignore[union-attr]  # there are two
    expire_holds()

    with pytest.raises(PaymentTooLate):
        record_payment(actor=staff_of(done), order_id=order_of(done).id)


def test_of_a_void_order_is_refused(done: CheckedOut) -> None:
    order = order_of(done)
    Booking.objects.update(status="cancelled", cancelled_at=TEN_O_CLOCK)
    Order.objects.update(status="void", voided_at=TEN_O_CLOCK)

    with pytest.raises(OrderVoid):
        record_payment(actor=staff_of(done), order_id=order.id)


def test_another_business_has_no_such_order(done: CheckedOut) -> None:
    stranger = Actor.system(OrganizationFactory.create().id)

    with pytest.raises(NotFound):
        record_payment(actor=stranger, order_id=order_of(done).id)


@pytest.mark.django_db(transaction=True)
def test_payment_and_sweep_at_once_agree(done: CheckedOut, race: Any, set_now: Any) -> None:
    """The clocks of the threads stand before the end, so the payment wins; the sweep finds nothing."""
    order = order_of(done)

    outcome = race([lambda: record_payment(actor=staff_of(done), order_id=order.id), expire_holds] * 2)

    assert not any(isinstance(one, Exception) for one in outcome), outcome
    assert statuses() == {"confirmed"}
    assert list(find_violations()) == []
