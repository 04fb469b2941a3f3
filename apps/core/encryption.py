"""Personal data at rest: AES-GCM under a data key of each customer's own (seed 003, DESIGN §12).

A data key is wrapped by a master key from the environment. Forgetting a customer means throwing away
the wrapped key: whatever it sealed, in any table, is noise from then on.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.core.context import note_private

NONCE_BYTES = 12
KEY_BYTES = 32


class Unreadable(Exception):
    """The key does not open this: it was shredded, rotated away, or the data is not ours."""


def _key(encoded: str, name: str) -> bytes:
    key = base64.b64decode(encoded)
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must hold base64 of {KEY_BYTES} bytes.")
    return key


def _master_keys() -> list[bytes]:
    if not settings.FIELD_MASTER_KEYS:
        raise ImproperlyConfigured("Set FIELD_MASTER_KEYS: docs/operations.md says how.")
    return [_key(encoded, "FIELD_MASTER_KEYS") for encoded in settings.FIELD_MASTER_KEYS]


def _seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def _unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
        raise Unreadable("This value was sealed with another key.") from error


def new_wrapped_key(*, owner: bytes) -> bytes:
    """A fresh data key, wrapped by the current master key and bound to its owner's id."""
    return _seal(_master_keys()[0], os.urandom(KEY_BYTES), owner)


def unwrap_key(wrapped: bytes, *, owner: bytes) -> bytes:
    """The data key itself; tries the master keys from the newest to the oldest. Raises Unreadable."""
    for master in _master_keys():
        try:
            return _unseal(master, wrapped, owner)
        except Unreadable:
            continue
    raise Unreadable("No master key opens this data key.")


def rewrapped_key(wrapped: bytes, *, owner: bytes) -> bytes | None:
    """The same data key, wrapped by the current master key; None if it is already. Raises Unreadable."""
    try:
        _unseal(_master_keys()[0], wrapped, owner)
    except Unreadable:
        return _seal(_master_keys()[0], unwrap_key(wrapped, owner=owner), owner)
    return None


def seal_text(data_key: bytes, text: str, *, field: str) -> bytes:
    """Encrypt one field's text; the field's name is bound in, so values can't be swapped between columns."""
    note_private(text)
    return _seal(data_key, text.encode(), field.encode())


def unseal_text(data_key: bytes, sealed: bytes, *, field: str) -> str:
    """The inverse of `seal_text`. Raises Unreadable."""
    text = _unseal(data_key, bytes(sealed), field.encode()).decode()
    note_private(text)
    return text


def lookup_digest(value: str, *, purpose: str, organization: bytes) -> bytes:
    """A keyed digest by which an exact value can be found again without being stored.

    It depends on the organization, so equal phones of two tenants do not look equal.
    """
    key = _key(settings.FIELD_DIGEST_KEY, "FIELD_DIGEST_KEY")
    message = b"\x00".join([purpose.encode(), organization, value.encode()])
    return hmac.new(key, message, hashlib.sha256).digest()
