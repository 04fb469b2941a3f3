"""What the first page shows: a handful of queries, however many bookings there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Q

from apps.availability.models import CalendarEvent, Location, SlotInstance
from apps.bookings.admin_reads import local_date, today_there
from apps.bookings.models import Booking, Hold
from apps.bookings.states import BookingStatus
from apps.sessions.models import BookingSession, SessionStatus

WAITING_SHOWN = 5
HELD_SHOWN = 5
# No zone is further from UTC than this, so today's visits anywhere lie within it.
DAY_ANYWHERE = timedelta(hours=38)
SESSION_DAYS = 7
SOON = timedelta(days=7)

Ids = Iterable[UUID]


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far a location's bookable times reach. `last` is a date of its own."""

    location: Location
    last: date | None
    today: date

    @property
    def days_left(self) -> int:
        """From today to the last day."""
        return (self.last - self.today).days if self.last else 0

    @property
    def is_short(self) -> bool:
        """Whether customers run out of times soon."""
        return self.last is None or self.last < self.today + SOON


@dataclass(frozen=True, slots=True)
class Funnel:
    """The last seven days of the widget."""

    started: int
    completed: int
    abandoned: int

    @property
    def percent(self) -> int | None:
        """How many of a hundred finished visits ended in a booking."""
        ended = self.completed + self.abandoned
        return round(100 * self.completed / ended) if ended else None


def arrivals(organization_ids: Ids, *, now: datetime) -> list[CalendarEvent]:
    """The visits whose local day is today, the earliest first, with everything that a line shows."""
    return list(
        CalendarEvent.objects.all_organizations(reason="a person may work for several businesses")
        .filter(
            organization_id__in=organization_ids,
            type="customer",
            active=True,
            starts_at__range=(now - DAY_ANYWHERE, now + DAY_ANYWHERE),
        )
        .annotate(
            day=local_date(F("starts_at"), zone="booking__location__timezone"),
            today=today_there(now, zone="booking__location__timezone"),
        )
        .filter(day=F("today"))
        .select_related("booking__customer", "booking__location", "line", "resource")
        .order_by("starts_at", "id")
    )


def _bookings(organization_ids: Ids, statuses: Sequence[str]) -> Any:
    return (
        Booking.objects.all_organizations(reason="a person may work for several businesses")
        .filter(organization_id__in=organization_ids, status__in=statuses)
        .select_related("customer", "location")
    )


def waiting(organization_ids: Ids) -> tuple[int, list[Booking]]:
    """How many bookings want somebody's decision, and those that have waited longest."""
    bookings = _bookings(organization_ids, [BookingStatus.PENDING, BookingStatus.PENDING_CANCELLATION])
    return bookings.count(), list(bookings.order_by("created_at")[:WAITING_SHOWN])


def held(organization_ids: Ids, *, now: datetime) -> tuple[int, list[Hold]]:
    """How many times are somebody's for a few minutes right now, and those that end first."""
    holds = (
        Hold.objects.all_organizations(reason="a person may work for several businesses")
        .filter(organization_id__in=organization_ids, expires_at__gt=now)
        .active()
        .select_related("location", "booking__customer")
        .prefetch_related("lines__resource")
        .order_by("expires_at")
    )
    return holds.count(), list(holds[:HELD_SHOWN])


def funnel(organization_ids: Ids, *, now: datetime) -> Funnel:
    """Visits that began in the last seven days, by how they stand."""
    counts = (
        BookingSession.objects.all_organizations(reason="a person may work for several businesses")
        .filter(organization_id__in=organization_ids, created_at__gt=now - timedelta(days=SESSION_DAYS))
        .aggregate(
            started=Count("id"),
            completed=Count("id", filter=Q(status=SessionStatus.COMPLETED)),
            abandoned=Count("id", filter=Q(status=SessionStatus.ABANDONED)),
        )
    )
    return Funnel(**counts)


def horizons(organization_ids: Ids, *, now: datetime) -> list[Horizon]:
    """How far each active location's times reach, the nearest end first."""
    locations = list(
        Location.objects.all_organizations(reason="a person may work for several businesses").filter(
            organization_id__in=organization_ids, active=True
        )
    )
    last_days: dict[UUID, date] = dict(
        SlotInstance.objects.all_organizations(reason="of the locations above")
        .filter(location__in=locations, closed=False, start_at__gt=now)
        .order_by()
        .values_list("location_id")
        .annotate(last=Max("date"))
    )
    found = [
        Horizon(location, last_days.get(location.pk), now.astimezone(ZoneInfo(location.timezone)).date())
        for location in locations
    ]
    return sorted(found, key=lambda horizon: (horizon.last or date.min, horizon.location.name))
