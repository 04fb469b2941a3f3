"""Chainable filters on holds and bookings."""

from datetime import datetime
from typing import Self

from apps.bookings.states import LIVE, HoldStatus
from apps.core.querysets import ModelT, TenantQuerySet


class BookingQuerySet(TenantQuerySet[ModelT]):
    """Bookings."""

    def live(self) -> Self:
        """Those that can still happen."""
        return self.filter(status__in=LIVE)


class HoldQuerySet(TenantQuerySet[ModelT]):
    """Holds."""

    def active(self) -> Self:
        """Those that nothing has ended; some may be past their time and wait for the sweep."""
        return self.filter(status=HoldStatus.ACTIVE)

    def due(self, now: datetime) -> Self:
        """Active holds whose time has passed at `now`."""
        return self.active().filter(expires_at__lte=now)
