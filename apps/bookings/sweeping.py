"""What a refusal leaves behind: it rolls back, so what it found to be over is ended after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from apps.bookings.commands.expire_holds import expire_hold
from apps.bookings.errors import HoldExpired, PaymentTooLate


@contextmanager
def ending_what_expired(organization_id: UUID) -> Iterator[None]:
    """Mark the holds that a refusal names as expired, each in a transaction of its own (seed 004).

    The sweep would do it within the minute. So the row says what the refusal says at once.
    """
    try:
        yield
    except (HoldExpired, PaymentTooLate) as error:
        for hold_id in error.data.get("hold_ids", ()):
            expire_hold(organization_id=organization_id, hold_id=UUID(hold_id))
        raise
