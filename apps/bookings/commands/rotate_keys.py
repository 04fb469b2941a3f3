"""Customers' keys and digests follow the keys of the installation, a batch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.bookings.customers.upsert import IDENTITY_COLUMNS
from apps.bookings.models import Booking, Customer
from apps.core.commands import command
from apps.core.encryption import Unreadable, rewrapped_key

BATCH = 200
FIRST = UUID(int=0)


@dataclass(slots=True)
class Rotated:
    """What a batch came to; `last_id` is None where there was nothing left."""

    last_id: UUID | None = None
    rewrapped: int = 0
    redigested: int = 0
    unreadable: list[UUID] = field(default_factory=list)
    twice: list[UUID] = field(default_factory=list)


def rotate_keys() -> Iterator[Rotated]:
    """Every batch of every organization. What is right already is not written: so it can be repeated."""
    after: UUID | None = FIRST
    while after is not None:
        done = rotate_batch(after=after)
        yield done
        after = done.last_id


@command("bookings.rotate_keys")
def rotate_batch(*, after: UUID, size: int = BATCH) -> Rotated:
    """Wrap the data keys of the next customers by the current master key, and digest anew (REQ-PII-3).

    Who cannot be opened by any key is left as they are and named; so is whoever has become two customers
    since the digest key was changed.
    """
    customers = list(
        Customer.objects.all_organizations(reason="the keys are the installation's")
        .filter(id__gt=after, wrapped_key__isnull=False)
        .order_by("id")
        .select_for_update(no_key=True, of=("self",))[:size]
    )
    done = Rotated(last_id=customers[-1].id if len(customers) == size else None)
    for customer in customers:
        try:
            _rotate(customer, done)
        except Unreadable:
            done.unreadable.append(customer.id)
    return done


def _rotate(customer: Customer, done: Rotated) -> None:
    wrapped = rewrapped_key(bytes(customer.wrapped_key or b""), owner=customer.id.bytes)
    if wrapped is not None:
        customer.wrapped_key = wrapped
        customer.save(update_fields=["wrapped_key", "updated_at"])
        done.rewrapped += 1
    if customer.merged_into_id is not None or customer.identity is None:
        return
    old = _digests(customer)
    customer.set_identity(customer.identity)
    if _digests(customer) == old:
        return
    try:
        with transaction.atomic():
            customer.save(update_fields=[*IDENTITY_COLUMNS, "updated_at"])
            # An older number of theirs is not known any more, so its digest can't be made anew.
            Booking.objects.for_organization(customer.organization_id).filter(customer=customer).exclude(
                phone_digest=None
            ).exclude(phone_digest=old[0]).update(phone_digest=None)
            Booking.objects.for_organization(customer.organization_id).filter(
                customer=customer, phone_digest=old[0]
            ).update(phone_digest=customer.phone_digest)
    except IntegrityError:
        done.twice.append(customer.id)
    else:
        done.redigested += 1


def _digests(customer: Customer) -> tuple[bytes | None, bytes | None, list[bytes]]:
    """Of the phone, the e-mail address and the words of the name."""
    return (
        _bytes(customer.phone_digest),
        _bytes(customer.email_digest),
        [bytes(digest) for digest in customer.name_digests],
    )


def _bytes(value: "bytes | memoryview[int] | None") -> bytes | None:
    return None if value is None else bytes(value)
