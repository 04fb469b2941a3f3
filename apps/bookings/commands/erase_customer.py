"""A customer is forgotten."""

from uuid import UUID

from django.db.models import Q

from apps.audit import log as audit
from apps.bookings.customers.changes import ensure_in_use
from apps.bookings.customers.reads import live_references
from apps.bookings.customers.upsert import lock_customers
from apps.bookings.errors import CustomerHasBookings
from apps.bookings.events import CustomerErased
from apps.bookings.models import Booking, Customer
from apps.bookings.self_service.links import revoke_links_of_customer
from apps.bookings.subjects import subject_of_customer
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.core.outbox import publish


@command("bookings.erase_customer")
def erase_customer(*, actor: Actor, customer_id: UUID) -> Customer:
    """Throw the customer's key away, and whatever they could be found by (REQ-CUST-3, DESIGN §12).

    What was sealed with it, in any table, can't be read any more, by nobody and not from a backup's rows
    either; bookings, orders and the log stay as figures. Records that became part of this one go with it,
    and so do the links to its bookings. Who still has a visit to come is not erased: the business could not
    serve them. Cancel first, or erase afterwards. Raises NotFound, CustomerGone, CustomerHasBookings.
    """
    customer, *merged = _lock_with_merged(actor.organization_id, customer_id)
    now = app_now()
    references = live_references([customer, *merged], now=now)
    if references:
        raise CustomerHasBookings(references=references)

    for row in (customer, *merged):
        row.forget(now)
        row.save()
    Booking.objects.for_organization(actor.organization_id).filter(customer=customer).update(
        phone_digest=None, intake_sealed=None
    )
    revoke_links_of_customer(customer)

    audit.record(actor, "bookings.customer.erased", subject=subject_of_customer(customer), at=now)
    publish(
        CustomerErased(
            organization_id=actor.organization_id,
            customer_id=customer_id,
            merged_ids=tuple(row.id for row in merged),
        )
    )
    return customer


def _lock_with_merged(organization_id: UUID, customer_id: UUID) -> list[Customer]:
    """The customer and the records that became part of theirs; read unlocked, locked together, read again."""
    ids = Customer.objects.for_organization(organization_id).filter(
        Q(id=customer_id) | Q(merged_into=customer_id)
    )
    found = lock_customers(organization_id, list(ids.values_list("id", flat=True)))
    customer = found.pop(customer_id, None)
    if customer is None:
        raise NotFound("There is no such customer.")
    ensure_in_use(customer)
    return [customer, *(row for row in found.values() if row.merged_into_id == customer_id)]
