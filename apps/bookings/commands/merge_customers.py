"""Two records turn out to be one person's."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from apps.audit import log as audit
from apps.availability.models import CalendarEvent
from apps.bookings.customers.changes import ensure_in_use
from apps.bookings.customers.upsert import IDENTITY_COLUMNS, lock_customers, set_identity
from apps.bookings.errors import CustomersHaveAccounts
from apps.bookings.events import CustomersMerged
from apps.bookings.models import Booking, BookingAnswer, Customer, Order
from apps.bookings.subjects import subject_of_customer
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput, NotFound
from apps.core.outbox import publish

PREFERENCES = ("notify_by_email", "notify_by_sms")


@command("bookings.merge_customers")
def merge_customers(*, actor: Actor, customer_id: UUID, into_id: UUID) -> Customer:
    """Make whatever is one customer's the other's, who stays (REQ-CUST-2, seed 004).

    Bookings, orders, calendar and account move; what was said with a booking is sealed anew, with the key
    of whoever stays. They keep their own name and phone, take over what they lacked, and are written to
    only by ways that both want. Locked are both customers, by id, then the bookings and what hangs on them.
    Raises NotFound, InvalidInput, CustomerGone, CustomersHaveAccounts.
    """
    if customer_id == into_id:
        raise InvalidInput({"into_id": ["Choose another customer than this one."]})
    found = lock_customers(actor.organization_id, [customer_id, into_id])
    if len(found) < 2:  # noqa: PLR2004  (the two)
        raise NotFound("There is no such customer.")
    going, staying = found[customer_id], found[into_id]
    for customer in (going, staying):
        ensure_in_use(customer)
    if going.user_id and staying.user_id and going.user_id != staying.user_id:
        raise CustomersHaveAccounts

    moved = _move_bookings(going, staying)
    Order.objects.for_organization(actor.organization_id).filter(customer=going).update(customer=staying)
    Customer.objects.for_organization(actor.organization_id).filter(merged_into=going).update(
        merged_into=staying
    )
    _retire(going, staying)

    audit.record(
        actor,
        "bookings.customer.merged",
        subject=subject_of_customer(going),
        new={"into": str(into_id), "bookings": moved},
    )
    publish(CustomersMerged(organization_id=actor.organization_id, customer_id=customer_id, into_id=into_id))
    return staying


def _move_bookings(going: Customer, staying: Customer) -> int:
    bookings = list(
        Booking.objects.for_organization(going.organization_id)
        .filter(customer=going)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )
    for booking in bookings:
        booking.customer = going
        intake = booking.intake
        booking.customer = staying
        booking.set_intake(intake)
    _reseal_answers(bookings, going, staying)
    Booking.objects.for_organization(going.organization_id).bulk_update(
        bookings, ["customer", "intake_sealed"], batch_size=500
    )
    CalendarEvent.objects.for_organization(going.organization_id).filter(customer=going).update(
        customer=staying
    )
    return len(bookings)


def _reseal_answers(bookings: Iterable[Booking], going: Customer, staying: Customer) -> None:
    by_id = {booking.id: booking for booking in bookings}
    answers = list(BookingAnswer.objects.for_organization(going.organization_id).filter(booking__in=by_id))
    for row in answers:
        row.booking = by_id[row.booking_id]
        row.booking.customer = going
        value = row.answer
        row.booking.customer = staying
        row.set_answer(value)
    BookingAnswer.objects.for_organization(going.organization_id).bulk_update(
        answers, ["answer_sealed"], batch_size=500
    )


def _retire(going: Customer, staying: Customer) -> None:
    """The one is found no more, so that the other can take its digests and its account."""
    known, other = staying.identity, going.identity
    both = going.preferences
    user_id = staying.user_id or going.user_id
    going.phone_digest = going.email_digest = going.user_id = None
    going.name_digests = []
    going.merged_into = staying
    going.save(
        update_fields=["phone_digest", "email_digest", "name_digests", "user", "merged_into", "updated_at"]
    )
    if known is not None and other is not None:
        set_identity(
            staying,
            replace(known, email=known.email or other.email, address=known.address or other.address),
        )
    staying.notify_by_email = staying.notify_by_email and both.email
    staying.notify_by_sms = staying.notify_by_sms and both.sms
    staying.user_id = user_id
    staying.save(update_fields=[*IDENTITY_COLUMNS, *PREFERENCES, "user", "updated_at"])
