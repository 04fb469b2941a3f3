"""Finding or making the customer of a booking. Callers are commands.

Whoever types a phone number or an e-mail address has not shown that it is theirs. So an account is linked
to the record that is made for it, never to one that was there; and what strangers type does not change the
details of somebody who has an account.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.bookings.models import Customer, Identity, Preferences, digest_of_email, digest_of_phone
from apps.bookings.types import BookingDetails
from apps.core.kept_queries import KeptQuery
from apps.core.writing import insert_unless_there

IDENTITY_COLUMNS = ("identity_sealed", "phone_digest", "email_digest", "name_digests")


BY_PHONE = KeptQuery(
    lambda organization_id, digest: (
        Customer.objects.for_organization(organization_id)
        .filter(phone_digest=digest)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))
    )
)
BY_EMAIL = KeptQuery(
    lambda organization_id, digest: (
        Customer.objects.for_organization(organization_id).filter(email_digest=digest).order_by("id")[:2]
    )
)


def upsert_customer(
    organization_id: UUID,
    identity: Identity,
    *,
    preferences: Preferences | None = None,
    user_id: UUID | None = None,
) -> Customer:
    """The organization's customer whom this phone (E.164) or else this e-mail address belongs to.

    Updated to what they say now; what they leave out this time, such as the address, stays as it was. An
    e-mail address counts only where exactly one customer without an account has it. If phone and e-mail
    point at two customers, the phone wins, and staff see that the other may be the same (`look_alikes`).
    A signed-in customer (`user_id`) is their own record; who has none yet gets one, linked to the account.

    Customers are locked before resources (docs/locking.md), so two bookings of one person never wait for
    each other in a circle.
    """
    customer = _lock_match(organization_id, identity, user_id)
    if customer is None:
        new = _new(organization_id, identity, preferences, user_id)
        if insert_unless_there(new):
            return new
        customer = _lock_match(organization_id, identity, user_id)  # who was quicker in another tab
        if customer is None:
            new.save(force_insert=True)  # the constraint says what is in the way
            return new
    if customer.user_id is None or customer.user_id == user_id:
        _update(customer, identity, preferences)
    return customer


def foresee_customer(organization_id: UUID, details: BookingDetails) -> None:
    """Look for the customer of a booking, and lock them, with what is sent next."""
    identity = details.customer
    email_digest = digest_of_email(organization_id, identity.email)
    if details.user_id is None:
        BY_PHONE.foresee(organization_id, digest_of_phone(organization_id, identity.phone))
        if email_digest is not None:
            BY_EMAIL.foresee(organization_id, email_digest)


def customer_of(organization_id: UUID, details: BookingDetails) -> Customer:
    """The customer of a booking, as `upsert_customer` finds or makes them."""
    return upsert_customer(
        organization_id, details.customer, preferences=details.preferences, user_id=details.user_id
    )


def _lock_match(organization_id: UUID, identity: Identity, user_id: UUID | None) -> Customer | None:
    phone_digest = digest_of_phone(organization_id, identity.phone)
    if user_id is None:
        found = BY_PHONE(organization_id, phone_digest)
    else:
        customers = Customer.objects.for_organization(organization_id)
        found = _lock(customers.filter(Q(phone_digest=phone_digest) | Q(user_id=user_id)))
        found.sort(key=lambda customer: customer.user_id != user_id)  # one's own first, else the phone's
    email_digest = digest_of_email(organization_id, identity.email)
    if found or user_id is not None or email_digest is None:
        return found[0] if found else None
    alike = BY_EMAIL(organization_id, email_digest)
    if len(alike) != 1:
        return None
    customers = Customer.objects.for_organization(organization_id)
    mine = customers.filter(email_digest=email_digest, id=alike[0].id, user__isnull=True)
    return next(iter(_lock(mine)), None)


def _lock(customers: QuerySet[Customer]) -> list[Customer]:
    return list(customers.order_by("id").select_for_update(no_key=True, of=("self",)))


def lock_customers(organization_id: UUID, customer_ids: Sequence[UUID]) -> dict[UUID, Customer]:
    """Lock these customers, in the order of their ids; whoever is not of the organization is left out."""
    customers = Customer.objects.for_organization(organization_id).filter(id__in=customer_ids)
    return {customer.id: customer for customer in _lock(customers)}


def lock_customer_of_user(organization_id: UUID, user_id: UUID) -> Customer | None:
    """Lock the record of an account; None where it has none yet."""
    found = _lock(Customer.objects.for_organization(organization_id).filter(user_id=user_id))
    return found[0] if found else None


def _new(
    organization_id: UUID, identity: Identity, preferences: Preferences | None, user_id: UUID | None
) -> Customer:
    customer = Customer.of(organization_id=organization_id, identity=identity)
    customer.user_id = user_id
    if preferences is not None:
        customer.set_preferences(preferences)
    return customer


def _update(customer: Customer, identity: Identity, preferences: Preferences | None) -> None:
    changed = set_preferences(customer, preferences) + set_identity(customer, _merged(customer, identity))
    if changed:
        customer.save(update_fields=[*changed, "updated_at"])


def _merged(customer: Customer, identity: Identity) -> Identity:
    """What they say now, and what was known of the rest. A number that is another customer's stays theirs."""
    known = customer.identity
    if known is None:
        return identity
    phone = identity.phone
    if phone != known.phone and phone_is_taken(customer, phone):
        phone = known.phone
    return replace(
        identity,
        phone=phone,
        email=identity.email or known.email,
        address=identity.address or known.address,
    )


def phone_is_taken(customer: Customer, phone: str) -> bool:
    """Whether another customer of the organization has this number."""
    others = Customer.objects.for_organization(customer.organization_id).exclude(id=customer.id)
    return others.filter(phone_digest=digest_of_phone(customer.organization_id, phone)).exists()


def set_identity(customer: Customer, identity: Identity) -> list[str]:
    """Seal new details; returns the columns to save, none where nothing is new."""
    if identity == customer.identity:
        return []
    customer.set_identity(identity)
    return list(IDENTITY_COLUMNS)


def set_preferences(customer: Customer, preferences: Preferences | None) -> list[str]:
    """Note how they want to hear from the business; returns the columns to save."""
    if preferences is None or preferences == customer.preferences:
        return []
    customer.set_preferences(preferences)
    return ["notify_by_email", "notify_by_sms"]
