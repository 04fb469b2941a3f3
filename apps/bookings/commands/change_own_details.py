"""A signed-in customer says who they are."""

from uuid import UUID

from apps.audit import log as audit
from apps.bookings.customers.changes import CustomerChanges, apply_changes, ensure_in_use
from apps.bookings.customers.upsert import lock_customer_of_user
from apps.bookings.errors import PhoneInUse
from apps.bookings.models import Customer, Identity
from apps.bookings.subjects import subject_of_customer
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput

NEEDED = "We need this to know you by."


@command("bookings.change_own_details")
def change_own_details(*, actor: Actor, user_id: UUID, changes: CustomerChanges) -> Customer:
    """Change the record of an account, or make it: with a name and a phone number (REQ-CUST-4, seed 003).

    A number that is another customer's is refused: who types a number has not shown that it is theirs.
    Raises PhoneInUse, InvalidInput.
    """
    customer = lock_customer_of_user(actor.organization_id, user_id)
    if customer is not None:
        ensure_in_use(customer)
        apply_changes(actor=actor, customer=customer, changes=changes)
        return customer
    missing = {name: [NEEDED] for name in ("name", "phone") if not getattr(changes, name)}
    if missing:
        raise InvalidInput(missing)
    customer = _new(actor, user_id, changes)
    audit.record(actor, "bookings.customer.added", subject=subject_of_customer(customer))
    return customer


def _new(actor: Actor, user_id: UUID, changes: CustomerChanges) -> Customer:
    identity = Identity(
        name=changes.name or "",
        phone=changes.phone or "",
        email=changes.email or "",
        address=changes.address or {},
    )
    customer = Customer.of(organization_id=actor.organization_id, identity=identity)
    if (
        Customer.objects.for_organization(actor.organization_id)
        .filter(phone_digest=customer.phone_digest)
        .exists()
    ):
        raise PhoneInUse
    customer.user_id = user_id
    customer.notify_by_email = changes.notify_by_email is not False
    customer.notify_by_sms = changes.notify_by_sms is not False
    customer.save(force_insert=True)
    return customer
