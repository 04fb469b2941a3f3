"""Finding or making the customer of a booking. Callers are commands."""

from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.bookings.models import Customer, Identity, digest_of_phone


def upsert_customer(organization_id: UUID, identity: Identity) -> Customer:
    """The organization's customer with this phone number (E.164), updated to what they say now.

    Customers are locked before resources (docs/locking.md), so two bookings of one person never wait for
    each other in a circle. What they leave out this time, such as the address, stays as it was.
    """
    customer = _lock_by_phone(organization_id, identity.phone)
    if customer is None:
        try:
            with transaction.atomic():
                customer = Customer.of(organization_id=organization_id, identity=identity)
                customer.save(force_insert=True)
                return customer
        except IntegrityError:  # the same person, in another tab, was quicker
            customer = _lock_by_phone(organization_id, identity.phone)
            if customer is None:
                raise
    known = customer.identity
    merged = replace(
        identity,
        email=identity.email or (known.email if known else ""),
        address=identity.address or (known.address if known else {}),
    )
    if merged != known:
        customer.set_identity(merged)
        customer.save(update_fields=["identity_sealed", "phone_digest", "email_digest", "updated_at"])
    return customer


def _lock_by_phone(organization_id: UUID, phone: str) -> Customer | None:
    return (
        Customer.objects.for_organization(organization_id)
        .filter(phone_digest=digest_of_phone(organization_id, phone))
        .select_for_update(no_key=True)
        .first()
    )
