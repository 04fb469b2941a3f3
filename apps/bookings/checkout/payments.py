"""Who sees to it that an order is paid: one strategy each, chosen by the organization (seed 004).

`begin` is called in the transaction that opens the order, and says whether its bookings can be confirmed at
once. One that awaits a payment keeps the time for `payment_hold_minutes`. A gateway is one more strategy: its
`begin` answers AWAITED; a reaction to `order.placed` asks the gateway for a payment, after the commit and
outside any transaction; and its callback calls the command `record_payment`, as often as the gateway likes:
the first one has the effect, and one that comes after the hold's end is refused.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from apps.bookings.models import Order
from apps.organizations.models import PaymentStrategy


class PaymentState(StrEnum):
    """How far the payment of an order has come when the order is opened."""

    NOT_NEEDED = "not_needed"  # nobody waits for it: the bookings are confirmed now
    AWAITED = "awaited"  # the bookings stay held until it comes, or until their time is over
    PAID = "paid"  # the money is here already


class PaymentMethod(Protocol):
    """What a way to pay must be able to say. No network calls: a transaction is open."""

    def begin(self, order: Order) -> PaymentState:
        """How the payment of this unsaved order begins."""


class AtTheVisit:
    """Customers pay when they come; staff may record that."""

    def begin(self, order: Order) -> PaymentState:  # noqa: ARG002  (the same for every order)
        """Nobody waits."""
        return PaymentState.NOT_NEEDED


class RecordedByStaff:
    """Somebody of the business sees the money and says so."""

    def begin(self, order: Order) -> PaymentState:  # noqa: ARG002  (the same for every order)
        """Until they do, the time is only held."""
        return PaymentState.AWAITED


METHODS: Mapping[str, PaymentMethod] = {
    PaymentStrategy.NONE: AtTheVisit(),
    PaymentStrategy.MANUAL: RecordedByStaff(),
}


def begin_payment(order: Order) -> PaymentState:
    """How the payment of an order begins, by the strategy that it was opened with."""
    return METHODS[order.payment].begin(order)
