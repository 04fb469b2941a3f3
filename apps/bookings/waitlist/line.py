"""Who waits, in which order, and for which starts (DESIGN §4, seed 004). Reads, and rules without effects.

The line of a location is in the order of the entries' ids. Whoever declines an offer, or lets it lapse, keeps
their place, but is not offered that very start again.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from apps.availability.models import Location
from apps.availability.planner import MAX_LINES
from apps.availability.planning.visits import VisitPlan, read_board
from apps.bookings.models import BookingLine, WaitlistEntry, WaitlistOffer
from apps.bookings.states import OfferStatus, WaitlistStatus
from apps.content.models import BookingService
from apps.core.errors import InvalidInput
from apps.organizations.models import OrganizationPolicy

LIVE_ENTRIES = frozenset({WaitlistStatus.WAITING, WaitlistStatus.OFFERED})
# An offer that could not be read before the visit begins is none.
SOONEST = timedelta(minutes=1)
MAX_WINDOW_DAYS = 366
Pulse = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody waits for. Days and times are the location's; a start at `latest` still counts."""

    location_id: UUID
    service_ids: tuple[UUID, ...]
    first_date: date
    last_date: date
    earliest: time | None = None
    latest: time | None = None
    resource_id: UUID | None = None
    party_size: int = 1

    def ensure_possible(self, *, today: date) -> None:
        """Something to wait for, and a time to come. Raises InvalidInput."""
        wrong: dict[str, list[str]] = {}
        if not 1 <= len(self.service_ids) <= MAX_LINES:
            wrong["services"] = [f"Choose between one and {MAX_LINES} services."]
        if self.last_date < max(self.first_date, today):
            wrong["last_date"] = ["This day is before the first one, or has passed."]
        elif self.last_date - self.first_date > timedelta(days=MAX_WINDOW_DAYS):
            wrong["last_date"] = [f"Wait for at most {MAX_WINDOW_DAYS} days."]
        if self.earliest is not None and self.latest is not None and self.latest < self.earliest:
            wrong["latest_time"] = ["This is before the earliest time."]
        if wrong:
            raise InvalidInput(wrong)

    def fingerprint(self, customer_id: UUID) -> bytes:
        """Names who waits for what: the same services in the same order, at the same location."""
        parts = [customer_id, self.location_id, *self.service_ids]
        return hashlib.sha256(b"".join(part.bytes for part in parts)).digest()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the line: their entry, the services they wait for, and the starts that they let go."""

    entry: WaitlistEntry
    services: Sequence[BookingService]
    let_go: frozenset[datetime]

    @property
    def plan(self) -> VisitPlan:
        """The visit, as the planner takes it: a preferred person does all that they can."""
        return VisitPlan(
            services=self.services, by=self.entry.resource_id, party=self.entry.booking.party_size
        )

    def would_take(self, start: datetime, zone: ZoneInfo) -> bool:
        """Whether a start (UTC) lies in the window and was not let go before."""
        local = start.astimezone(zone)
        earliest, latest = self.entry.earliest_time, self.entry.latest_time
        return (
            self.entry.first_date <= local.date() <= self.entry.last_date
            and (earliest is None or local.time() >= earliest)
            and (latest is None or local.time() <= latest)
            and start not in self.let_go
        )


def lock_line(location_id: UUID) -> None:
    """Take the location's line: who offers, or takes somebody out of it, does so one at a time.

    An advisory lock until the transaction ends; it stands above customers and resources (docs/locking.md).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"waitlist {location_id}"])


def pulse_of(location: Location) -> Pulse:
    """The versions of the location's settings and calendars: equal as long as nothing has changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT version FROM availability_settingsversion WHERE organization_id = %s),
                   (SELECT sum(version)::bigint FROM availability_resource WHERE location_id = %s)
            """,
            [location.organization_id, location.id],
        )
        settings, calendars = cursor.fetchone()
    return settings, calendars


def line_at(location: Location, *, before: UUID | None = None) -> list[Waiting]:
    """Who waits at a location, in order; up to an entry if one is named. Three queries.

    Whoever waits for a service that is not sold any more is left out.
    """
    entries = (
        WaitlistEntry.objects.for_organization(location.organization_id)
        .filter(status=WaitlistStatus.WAITING, booking__location=location)
        .select_related("booking")
        .order_by("id")
    )
    if before is not None:
        entries = entries.filter(id__lt=before)
    found = list(entries)
    services = _services_of(location.organization_id, found)
    let_go = _let_go_by(location.organization_id, found)
    return [
        Waiting(entry, services[entry.booking_id], frozenset(let_go[entry.id]))
        for entry in found
        if services[entry.booking_id] and all(service.active for service in services[entry.booking_id])
    ]


def _services_of(
    organization_id: UUID, entries: Sequence[WaitlistEntry]
) -> defaultdict[UUID | None, list[BookingService]]:
    services: defaultdict[UUID | None, list[BookingService]] = defaultdict(list)
    lines = (
        BookingLine.objects.for_organization(organization_id)
        .filter(booking_id__in=[entry.booking_id for entry in entries], service__isnull=False)
        .select_related("service")
        .order_by("booking_id", "sort_order")
    )
    for line in lines:
        if line.service is not None:
            services[line.booking_id].append(line.service)
    return services


def _let_go_by(organization_id: UUID, entries: Sequence[WaitlistEntry]) -> defaultdict[UUID, set[datetime]]:
    let_go: defaultdict[UUID, set[datetime]] = defaultdict(set)
    offers = (
        WaitlistOffer.objects.for_organization(organization_id)
        .filter(entry__in=entries, status__in=[OfferStatus.DECLINED, OfferStatus.LAPSED])
        .values_list("entry_id", "hold__starts_at")
    )
    for entry_id, start in offers:
        let_go[entry_id].add(start)
    return let_go


def first_start(
    waiting: Waiting, location: Location, policy: OrganizationPolicy, *, now: datetime
) -> datetime | None:
    """The earliest start (UTC) that somebody who waits could be given, all of the visit fitting; or None."""
    entry, zone = waiting.entry, ZoneInfo(location.timezone)
    board = read_board(
        policy=policy,
        location=location,
        wanted=waiting.plan,
        # Working time that begins on the day before may run into the first day.
        first=max(entry.first_date, date.min + timedelta(days=1)) - timedelta(days=1),
        last=entry.last_date,
        now=now,
    )
    starts = {
        start: slots
        for start, slots in board.starts.items()
        if start >= now + SOONEST and waiting.would_take(start, zone)
    }
    return next(replace(board, starts=starts).possible(), None) if starts else None


def fitting(
    line: Sequence[Waiting], location: Location, policy: OrganizationPolicy, *, now: datetime
) -> Iterator[tuple[Waiting, datetime]]:
    """Those of a line who could be given a start at this moment, in order, each with that start."""
    for waiting in line:
        start = first_start(waiting, location, policy, now=now)
        if start is not None:
            yield waiting, start


def somebody_waits(organization_id: UUID, location_id: UUID) -> bool:
    """Whether there is a line at all."""
    return (
        WaitlistEntry.objects.for_organization(organization_id)
        .filter(status=WaitlistStatus.WAITING, booking__location_id=location_id)
        .exists()
    )
