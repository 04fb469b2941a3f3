"""Staff correct what is known of a customer."""

from uuid import UUID

from apps.bookings.customers.changes import CustomerChanges, apply_changes, lock_customer
from apps.bookings.models import Customer
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.versions import ensure_version


@command("bookings.change_customer")
def change_customer(
    *, actor: Actor, customer_id: UUID, changes: CustomerChanges, expected_version: int | None = None
) -> Customer:
    """New contact details or preferences (REQ-CUST-1, seed 004).

    Raises NotFound, CustomerGone, StaleVersion, PhoneInUse.
    """
    customer = lock_customer(actor.organization_id, customer_id)
    ensure_version(customer, expected_version)
    apply_changes(actor=actor, customer=customer, changes=changes)
    return customer
