"""Chainable filters on sessions."""

from datetime import datetime
from typing import Self

from apps.core.querysets import ModelT, TenantQuerySet


class SessionQuerySet(TenantQuerySet[ModelT]):
    """Booking sessions."""

    def active(self) -> Self:
        """Those without an outcome yet."""
        return self.filter(status="active")

    def idle_since(self, moment: datetime) -> Self:
        """Active ones in which nothing has happened after `moment` (UTC)."""
        return self.active().filter(last_activity_at__lt=moment)
