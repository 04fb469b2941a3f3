"""Records that only their customer's key opens."""

import json
from typing import Any

from django.db import models

from apps.core.encryption import seal_text, unseal_text


class SealedRecord(models.Model):
    """Gives a model with a `data_key()` the two operations on sealed JSON."""

    class Meta:
        abstract = True

    def data_key(self) -> bytes | None:
        """The key, or None once it has been shredded."""
        raise NotImplementedError

    def seal(self, field: str, value: dict[str, Any]) -> bytes | None:
        """JSON, encrypted for this field; None if the key is gone."""
        key = self.data_key()
        return seal_text(key, json.dumps(value), field=field) if key else None

    def unseal(self, field: str, sealed: "bytes | memoryview[int] | None") -> dict[str, Any] | None:
        """The inverse of `seal`; None if there is nothing or the key is gone."""
        key = self.data_key()
        if not sealed or not key:
            return None
        opened: dict[str, Any] = json.loads(unseal_text(key, bytes(sealed), field=field))
        return opened
