"""Identifiers: UUIDv7 everywhere, so that primary keys sort by their birth (seed 003)."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

# Crockford's alphabet: nothing in it is misread over the phone.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()


def new_reference(*, prefix: str = "WB", length: int = 7) -> str:
    """A short code that a customer can read out, such as `WB-7K3M9QX`; unguessable, not secret."""
    return f"{prefix}-{''.join(secrets.choice(REFERENCE_ALPHABET) for _ in range(length))}"
