"""What changes a customer's record: shared by the commands of staff and of the customers themselves."""

from dataclasses import dataclass, replace
from uuid import UUID

from apps.audit import log as audit
from apps.bookings.customers.upsert import lock_customers, phone_is_taken, set_identity, set_preferences
from apps.bookings.errors import CustomerGone, PhoneInUse
from apps.bookings.models import Customer, Identity
from apps.bookings.subjects import subject_of_customer
from apps.core.actors import Actor
from apps.core.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanges:
    """New values for what is named; None leaves it as it is."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: dict[str, str] | None = None
    notify_by_email: bool | None = None
    notify_by_sms: bool | None = None


def lock_customer(organization_id: UUID, customer_id: UUID) -> Customer:
    """Lock one customer whose record is in use. Raises NotFound, CustomerGone."""
    customer = lock_customers(organization_id, [customer_id]).get(customer_id)
    if customer is None:
        raise NotFound("There is no such customer.")
    ensure_in_use(customer)
    return customer


def ensure_in_use(customer: Customer) -> None:
    """Neither erased nor part of another by now. Raises CustomerGone."""
    if customer.merged_into_id is not None:
        raise CustomerGone(
            "This customer became part of another. Go on with that one.",
            merged_into=str(customer.merged_into_id),
        )
    if customer.erased_at is not None:
        raise CustomerGone


def apply_changes(*, actor: Actor, customer: Customer, changes: CustomerChanges) -> None:
    """Write new details of a locked customer; the log says which, never what. Raises PhoneInUse."""
    known = customer.identity or Identity(name="", phone="")
    if changes.phone is not None and changes.phone != known.phone and phone_is_taken(customer, changes.phone):
        raise PhoneInUse
    names = ("name", "phone", "email", "address")
    given = {name: getattr(changes, name) for name in names if getattr(changes, name) is not None}
    different = [name for name, value in given.items() if value != getattr(known, name)]
    columns = set_identity(customer, replace(known, **given))

    wanted = replace(
        customer.preferences,
        **{
            way: value
            for way, value in (("email", changes.notify_by_email), ("sms", changes.notify_by_sms))
            if value is not None
        },
    )
    preference_columns = set_preferences(customer, wanted)
    if not columns and not preference_columns:
        return
    customer.save(update_fields=[*columns, *preference_columns, "updated_at"])
    audit.record(
        actor,
        "bookings.customer.changed",
        subject=subject_of_customer(customer),
        new={"fields": [*different, *(["preferences"] if preference_columns else [])]},
    )
