"""Opening, paying and calling off orders: shared by commands and reactions. They hold the locks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from apps.audit import log as audit
from apps.bookings.checkout.payments import PaymentState, begin_payment
from apps.bookings.confirming import confirm_held
from apps.bookings.ending import HeldVisit
from apps.bookings.errors import MixedCurrencies, OrderVoid
from apps.bookings.events import OrderPaid, OrderPlaced, OrderVoided
from apps.bookings.models import Booking, BookingLine, Customer, Order, OrderItem
from apps.bookings.placing.holding import prolong
from apps.bookings.states import OrderStatus
from apps.bookings.subjects import subject_of_order
from apps.core.actors import Actor
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy


@dataclass(frozen=True, slots=True)
class HeldBooking:
    """A locked held booking with its lines, and the locked holds that it stands on."""

    booking: Booking
    lines: Sequence[BookingLine]
    visits: Sequence[HeldVisit]


def ensure_one_currency(visits: Iterable[HeldVisit]) -> None:
    """What costs something is priced in one currency. Raises MixedCurrencies."""
    currencies = {visit.hold.currency for visit in visits if any(line.amount for line in visit.lines)}
    if len(currencies) > 1:
        raise MixedCurrencies(currencies=sorted(currencies))


def settle(
    *,
    actor: Actor,
    policy: OrganizationPolicy,
    customer: Customer,
    held: Sequence[HeldBooking],
    now: datetime,
) -> Order | None:
    """Open the order of these bookings, if they cost something, and confirm them unless it is paid first.

    Where a payment is awaited its bookings stay held, for `payment_hold_minutes` from now on. A booking that
    is quoted on site is on no bill, so that no payment would ever confirm it: it waits for none.
    """
    order = _opened(policy, customer, held)
    state = PaymentState.NOT_NEEDED if order is None else begin_payment(order)
    if order is not None:
        if state is PaymentState.PAID:
            order.status, order.paid_at = OrderStatus.PAID, now
        _save(actor, order, held, now=now)
    for one in held:
        if state is PaymentState.AWAITED and any(line.amount is not None for line in one.lines):
            _keep_for_payment(one.visits, until=now + timedelta(minutes=policy.payment_hold_minutes), now=now)
        else:
            confirm_held(
                actor=actor,
                policy=policy,
                booking=one.booking,
                lines=one.lines,
                visits=one.visits,
                now=now,
            )
    return order


def _opened(policy: OrganizationPolicy, customer: Customer, held: Sequence[HeldBooking]) -> Order | None:
    """The order of what has a price; None where all of that is nothing, or is quoted on site."""
    total = sum((line.amount or Decimal(0) for one in held for line in one.lines), Decimal(0))
    if not total:
        return None
    return Order(
        organization_id=policy.organization_id,
        customer=customer,
        payment=policy.payment,
        total=total,
        currency=next(one.booking.currency for one in held if any(line.amount for line in one.lines)),
    )


def _save(actor: Actor, order: Order, held: Sequence[HeldBooking], *, now: datetime) -> None:
    order.save(force_insert=True)
    OrderItem.objects.bulk_create(
        OrderItem(
            organization_id=order.organization_id,
            order=order,
            booking=one.booking,
            line=line,
            title=line.title,
            unit_price=line.amount,
            amount=line.amount,
        )
        for one in held
        for line in one.lines
        if line.amount is not None
    )
    audit.record(
        actor,
        "bookings.order.placed",
        subject=subject_of_order(order),
        new={"status": order.status, "total": str(order.total), "currency": order.currency},
        at=now,
    )
    publish(OrderPlaced.about(order, [one.booking.id for one in held]))


def _keep_for_payment(visits: Iterable[HeldVisit], *, until: datetime, now: datetime) -> None:
    """Hold the time until then; one that is held for longer already stays so."""
    for visit in visits:
        if visit.hold.expires_at < until:
            prolong(visit, expires_at=until, now=now)


def booking_ids_of(order: Order) -> list[UUID]:
    """The bookings that an order is for."""
    items = OrderItem.objects.for_organization(order.organization_id).filter(order=order)
    return sorted(set(items.values_list("booking_id", flat=True)))


def lines_of_bookings(organization_id: UUID, booking_ids: Collection[UUID]) -> list[BookingLine]:
    """The lines of these bookings, each booking's in their order, with service and resource."""
    lines = BookingLine.objects.for_organization(organization_id).filter(booking_id__in=booking_ids)
    return list(lines.select_related("service", "resource").order_by("booking_id", "sort_order"))


def lock_bookings(organization_id: UUID, booking_ids: Collection[UUID]) -> list[Booking]:
    """Lock the rows of bookings, in the order of their ids; their resources are locked already."""
    return list(
        Booking.objects.for_organization(organization_id)
        .filter(id__in=booking_ids)
        .select_related("customer", "location")
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )


def lock_order(organization_id: UUID, order_id: UUID) -> Order:
    """Lock an order's row, after the holds and events of its bookings (docs/locking.md)."""
    return (
        Order.objects.for_organization(organization_id)
        .select_for_update(no_key=True, of=("self",))
        .get(id=order_id)
    )


def mark_paid(*, actor: Actor, order: Order, now: datetime) -> None:
    """Note that a locked, open order has been paid."""
    order.status, order.paid_at = OrderStatus.PAID, now
    order.save(update_fields=["status", "paid_at", "updated_at"])
    _note(actor, order, "paid", now=now)
    publish(OrderPaid.about(order, booking_ids_of(order)))


def void_order(*, actor: Actor, order: Order, now: datetime) -> None:
    """Call off a locked, open order."""
    order.status, order.voided_at = OrderStatus.VOID, now
    order.save(update_fields=["status", "voided_at", "updated_at"])
    _note(actor, order, "voided", now=now)
    publish(OrderVoided.about(order, booking_ids_of(order)))


def _note(actor: Actor, order: Order, verb: str, *, now: datetime) -> None:
    audit.record(
        actor,
        f"bookings.order.{verb}",
        subject=subject_of_order(order),
        old={"status": OrderStatus.OPEN},
        new={"status": order.status},
        at=now,
    )


def ensure_none_was_called_off(organization_id: UUID, booking_id: UUID) -> None:
    """What a booking was to be paid with has not run out, and its order with it. Raises OrderVoid."""
    items = OrderItem.objects.for_organization(organization_id)
    if items.filter(booking_id=booking_id, order__status=OrderStatus.VOID).exists():
        raise OrderVoid("Something that was to be paid together with this has run out. Pick the time again.")


def open_orders_of(organization_id: UUID, booking_id: UUID) -> list[Order]:
    """The orders of a booking that are to be paid, locked."""
    return list(
        Order.objects.for_organization(organization_id)
        .filter(
            status=OrderStatus.OPEN,
            id__in=OrderItem.objects.for_organization(organization_id)
            .filter(booking_id=booking_id)
            .values("order_id"),
        )
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )
