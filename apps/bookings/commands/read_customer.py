"""Staff look at what names a customer: the log says who did, and when (DESIGN §12)."""

from typing import Any
from uuid import UUID

from apps.audit import log as audit
from apps.bookings.customers.reads import everything_of, get_customer
from apps.bookings.models import Customer
from apps.bookings.subjects import subject_of_customer
from apps.core.actors import Actor
from apps.core.commands import command


@command("bookings.view_customer")
def view_customer(*, actor: Actor, customer_id: UUID, through: str) -> Customer:
    """One customer; `through` says by which door. Raises NotFound."""
    customer = get_customer(actor.organization_id, customer_id)
    audit.record(
        actor,
        "bookings.customer.viewed",
        subject=subject_of_customer(customer),
        metadata={"through": through},
    )
    return customer


@command("bookings.export_customer")
def export_customer(*, actor: Actor, customer_id: UUID) -> dict[str, Any]:
    """Everything that is known of one customer, as JSON types (REQ-CUST-3). Raises NotFound."""
    customer = get_customer(actor.organization_id, customer_id)
    known = everything_of(customer)
    audit.record(actor, "bookings.customer.exported", subject=subject_of_customer(customer))
    return known
