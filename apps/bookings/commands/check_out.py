"""Held times become bookings: all of them, or none."""

from apps.availability import occupancy
from apps.bookings.checkout import checks as checkout
from apps.bookings.checkout.checks import CheckedOut, CheckoutWanted
from apps.bookings.checkout.orders import HeldBooking, ensure_one_currency, settle
from apps.bookings.checkout.questions import checked_answers, keep_answers, questions_for
from apps.bookings.customers.upsert import customer_of
from apps.bookings.ending import HeldVisit, end_lapsed_holds, lock_holds
from apps.bookings.opening import open_booking
from apps.bookings.queries import lines_of_holds, resource_ids_of
from apps.bookings.self_service.links import new_link
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.organizations.models import OrganizationPolicy


@command("bookings.check_out")
def check_out(*, actor: Actor, policy: OrganizationPolicy, wanted: CheckoutWanted) -> CheckedOut:
    """One booking for each hold, their order, their answers and their links (REQ-HOLD-7, seed 004).

    Confirmed, or pending where the organization or a service wants to approve; where a payment is awaited
    they stay held for `payment_hold_minutes`. Raises NotFound, InvalidInput (also for questions without an
    answer), HoldExpired, HoldNotActive, MixedCurrencies, StaffOnly, AlreadyBooked,
    SelectionMismatch.
    """
    checkout.own_holds(actor, wanted.hold_ids)
    found_lines = lines_of_holds(actor.organization_id, wanted.hold_ids)
    services = {line.service_id for line in found_lines if line.service_id is not None}
    questions = questions_for(actor.organization_id, services)
    answers = checked_answers(actor.organization_id, questions, wanted.answers)

    details = wanted.details
    customer = customer_of(actor.organization_id, details)
    locked = occupancy.lock_resources(actor.organization_id, resource_ids_of(found_lines))
    now = app_now()
    end_lapsed_holds(locked.values(), now=now)  # one of the same customer's is in nobody's way
    visits = _in_order(wanted, lock_holds(actor.organization_id, wanted.hold_ids))

    checkout.ensure_usable(visits, now=now)
    ensure_one_currency(visits)
    checkout.set_prices(actor, visits, wanted.custom_prices)

    held = [
        HeldBooking(
            open_booking(actor=actor, held=visit, customer=customer, details=said, now=now),
            visit.lines,
            [visit],
        )
        for visit, said in zip(
            visits,
            checkout.details_of_each(actor.organization_id, visits, details),
            strict=True,
        )
    ]
    for one in held:
        keep_answers(one.booking, one.lines, questions, answers)
    order = settle(actor=actor, policy=policy, customer=customer, held=held, now=now)
    return CheckedOut([(one.booking, new_link(one.booking)) for one in held], order)


def _in_order(wanted: CheckoutWanted, visits: list[HeldVisit]) -> list[HeldVisit]:
    by_id = {visit.hold.id: visit for visit in visits}
    return [by_id[hold_id] for hold_id in wanted.hold_ids]
