"""Chainable filters on time: who, when, and what still counts."""

from datetime import datetime
from typing import Self

from django.db.models import F, Q
from psycopg.types.range import TimestamptzRange

from apps.core.functions import AppNow
from apps.core.querysets import ModelT, TenantQuerySet


class ResourceQuerySet(TenantQuerySet[ModelT]):
    """People, rooms, equipment and pools."""

    def in_service(self) -> Self:
        """Those that can be booked at all."""
        return self.filter(active=True, location__active=True)

    def with_skills(self, skills: list[str]) -> Self:
        """Those that have every one of these skills."""
        return self.filter(skills__contains=skills) if skills else self


class CalendarEventQuerySet(TenantQuerySet[ModelT]):
    """Whatever occupies a resource."""

    def occupying(self, now: datetime) -> Self:
        """Active events that still count at `now`: an expired hold occupies nothing.

        Except one with time off behind it: once it is swept, the time off takes its place.
        """
        counts = Q(expires_at__isnull=True) | Q(expires_at__gt=now) | Q(time_off__isnull=False)
        return self.filter(counts, active=True)

    def pieces_of_time_off(self) -> Self:
        """Active events that a time off owns. A hold may only name the time off that waits behind it."""
        return self.filter(active=True, time_off__isnull=False).exclude(type="hold")

    def visits(self) -> Self:
        """What customers have taken: booked or held."""
        return self.filter(type__in=["customer", "hold"])

    def lapsed(self, now: datetime | AppNow) -> Self:
        """Holds that are past their time but have not been swept."""
        return self.filter(active=True, expires_at__lte=now)

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """Events whose occupied time, buffers included, shares a moment with [start, end)."""
        return self.filter(occupied__overlap=TimestamptzRange(start, end))


class SlotQuerySet(TenantQuerySet[ModelT]):
    """Materialised start times."""

    def sellable(self) -> Self:
        """Slots that the rules still make and that nobody has blocked."""
        return self.filter(closed=False).exclude(status="blocked")

    def with_room(self) -> Self:
        """Slots whose counters leave a seat."""
        return self.sellable().filter(capacity__gt=F("booked") + F("hold"))

    def starting_between(self, start: datetime, end: datetime) -> Self:
        """Slots that start in [start, end)."""
        return self.filter(start_at__gte=start, start_at__lt=end)
