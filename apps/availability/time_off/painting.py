"""Time off as calendar events: painted over what is free, and painted again as bookings come and go.

Everything that writes here expects its resources locked (docs/locking.md). What has been stays as it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max
from psycopg.types.range import TimestamptzRange

from apps.availability.counters import recount
from apps.availability.lanes import Occupant, Period
from apps.availability.models import CalendarEvent, EventType, SlotInstance, TimeOff
from apps.availability.time_off.pieces import FOREVER, Piece, Timing, cover, occurrences, repaint
from apps.core.clock import app_now
from apps.organizations.models import OrganizationPolicy

# Repeated time off reaches this much further than the last slot, so that visits from there run into it too.
MARGIN = timedelta(days=8)
CHUNK = 100
MOMENT = timedelta(microseconds=1)


def timing_of(row: TimeOff) -> Timing:
    """When a time off is, as a value."""
    return Timing(
        start_date=row.start_date,
        start_time=row.start_time,
        duration_minutes=row.duration_minutes,
        rrule=row.rrule,
    )


def zone_of(row: TimeOff) -> ZoneInfo:
    """The zone of its location's clock."""
    return ZoneInfo(row.resource.location.timezone)


def occurrences_of(row: TimeOff, window: Period) -> list[Period]:
    """Its occurrences (UTC) that share a moment with the window; its resource comes with its location."""
    return occurrences(timing_of(row), zone_of(row), window)


def live_time_off(organization_id: UUID, resource_ids: Iterable[UUID]) -> dict[UUID, list[TimeOff]]:
    """The time off of these resources that has not been cancelled, the oldest first."""
    found: dict[UUID, list[TimeOff]] = defaultdict(list)
    for row in (
        TimeOff.objects.for_organization(organization_id)
        .filter(resource__in=list(resource_ids), cancelled_at__isnull=True)
        .select_related("resource__location")
        .order_by("id")
    ):
        found[row.resource_id].append(row)
    return found


def materialize_time_off(
    organization_id: UUID, resource_ids: Iterable[UUID], *, first: date, last: date, zone: ZoneInfo
) -> None:
    """Make the events of locked resources' time off as far as `last`; what is past stays as it was.

    Dates are the location's, both included. Idempotent.
    """
    for chunk in _chunks(resource_ids):
        window, until = _rolling(organization_id, chunk, first=first, last=last, zone=zone)
        paint(organization_id, chunk, window, repeat_until=until)


def not_materialized(
    organization_id: UUID, resource_ids: Iterable[UUID], *, first: date, last: date, zone: ZoneInfo
) -> list[UUID]:
    """Those of these resources that `materialize_time_off` would change something of. Takes no locks."""
    found: list[UUID] = []
    for chunk in _chunks(resource_ids):
        window, until = _rolling(organization_id, chunk, first=first, last=last, zone=zone)
        live = live_time_off(organization_id, chunk)
        found += _changes(organization_id, chunk, window, repeat_until=until, live=live).resource_ids()
    return found


def _chunks(resource_ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    ids = sorted(resource_ids)
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _rolling(
    organization_id: UUID, resource_ids: Sequence[UUID], *, first: date, last: date, zone: ZoneInfo
) -> tuple[Period, datetime]:
    """From now on, or from `first` if that is later; and how far repeated time off has to reach."""
    now = app_now()
    window = Period(max(now, datetime.combine(first, time.min, zone)), FOREVER)
    until = datetime.combine(last, time.min, zone) + MARGIN
    return window, max(until, reach(organization_id, resource_ids, now=now))


def reach(organization_id: UUID, resource_ids: Sequence[UUID], *, now: datetime) -> datetime:
    """How far repeated time off has to be there: to the horizon and the last slot, and a little further."""
    horizon = OrganizationPolicy.objects.only("horizon_days").get(organization=organization_id).horizon_days
    last_slot = (
        SlotInstance.objects.for_organization(organization_id)
        .filter(resource__in=resource_ids)
        .aggregate(last=Max("end_at"))["last"]
    )
    return max(now + timedelta(days=horizon), last_slot or now) + MARGIN


def grow_into(organization_id: UUID, freed: Mapping[UUID, Period]) -> None:
    """Let time off grow into time that has just been freed on locked resources, in the same transaction."""
    now: datetime | None = None
    live = live_time_off(organization_id, freed)
    for resource_id in live:
        now = now or app_now()
        window = Period(max(freed[resource_id].start, now), freed[resource_id].end)
        if window.start < window.end:
            paint(organization_id, [resource_id], window, repeat_until=window.end, live=live)


def paint(
    organization_id: UUID,
    resource_ids: Sequence[UUID],
    window: Period,
    *,
    repeat_until: datetime,
    live: Mapping[UUID, list[TimeOff]] | None = None,
) -> None:
    """Make the events of all time off of locked resources right inside a window, and the counters with them.

    Rows that are right already are not touched; the queries are as many for a hundred resources as for one.
    """
    live = live_time_off(organization_id, resource_ids) if live is None else live
    _changes(organization_id, resource_ids, window, repeat_until=repeat_until, live=live).write()


def _changes(
    organization_id: UUID,
    resource_ids: Sequence[UUID],
    window: Period,
    *,
    repeat_until: datetime,
    live: Mapping[UUID, list[TimeOff]],
) -> "_Changes":
    rows = _rows_in(organization_id, resource_ids, window)
    changes = _Changes(organization_id)
    for resource_id in resource_ids:
        canvas = _Canvas.of(rows.get(resource_id, []))
        time_off = live.get(resource_id, [])
        if time_off or canvas.pieces:
            changes.add(resource_id, time_off, canvas, window, repeat_until)
    return changes


def _rows_in(
    organization_id: UUID, resource_ids: Sequence[UUID], window: Period
) -> dict[UUID, list[CalendarEvent]]:
    """The active events that overlap or touch the window, by resource."""
    rows: dict[UUID, list[CalendarEvent]] = defaultdict(list)
    for event in (
        CalendarEvent.objects.for_organization(organization_id)
        .filter(resource__in=resource_ids, active=True)
        .overlapping(window.start - MOMENT, window.end + MOMENT)
        .order_by("occupied", "id")
    ):
        if event.resource_id is not None:
            rows[event.resource_id].append(event)
    return rows


@dataclass(frozen=True, slots=True)
class _Canvas:
    """What is there on one resource: pieces of time off, and everything else."""

    pieces: list[CalendarEvent]
    others: list[CalendarEvent]

    @classmethod
    def of(cls, rows: Iterable[CalendarEvent]) -> "_Canvas":
        canvas = cls([], [])
        for row in rows:
            (canvas.pieces if row.is_piece_of_time_off else canvas.others).append(row)
        return canvas

    def taken(self) -> list[Occupant]:
        return [Occupant(row.id, period_of(row), row.lanes) for row in self.others]

    def holds(self) -> list[CalendarEvent]:
        return [row for row in self.others if row.type == EventType.HOLD]


def period_of(event: CalendarEvent) -> Period:
    """The time that an event occupies."""
    return Period(event.occupied.lower, event.occupied.upper)


@dataclass(slots=True)
class _Changes:
    """What has to be written, for many resources at once."""

    organization_id: UUID
    stale: list[UUID] = field(default_factory=list)
    changed: list[CalendarEvent] = field(default_factory=list)
    new: list[CalendarEvent] = field(default_factory=list)
    marked: list[CalendarEvent] = field(default_factory=list)
    touched: dict[UUID, Period] = field(default_factory=dict)

    def add(
        self,
        resource_id: UUID,
        time_off: Sequence[TimeOff],
        canvas: _Canvas,
        window: Period,
        repeat_until: datetime,
    ) -> None:
        """Compare what should be there with what is."""
        wanted = [
            (row.id, occurrence) for row in time_off for occurrence in _inside(row, window, repeat_until)
        ]
        capacity = time_off[0].resource.capacity if time_off else 0
        painted = repaint(
            [Piece(_owner(row), period_of(row), row.lanes) for row in canvas.pieces],
            cover(wanted, canvas.taken(), window=window, capacity=capacity),
            window=window,
            goes_through=lambda owner, moment: any(
                who == owner and period.start < moment < period.end for who, period in wanted
            ),
        )
        self._match(resource_id, {row.id: row for row in time_off}, canvas.pieces, painted, capacity)
        self._mark_holds(canvas.holds(), wanted, window)

    def _match(
        self,
        resource_id: UUID,
        time_off: Mapping[UUID, TimeOff],
        rows: Sequence[CalendarEvent],
        painted: Sequence[Piece],
        capacity: int,
    ) -> None:
        """Give each piece the row that it had, if it had one: ids of events last."""
        spare: dict[UUID, list[CalendarEvent]] = defaultdict(list)
        for old in rows:
            spare[_owner(old)].append(old)
        for piece in painted:
            row = _take_best(spare[piece.owner], piece)
            kind = self._kind_of(piece.owner, time_off, row)
            if row is None:
                row = CalendarEvent(
                    organization_id=self.organization_id, resource_id=resource_id, time_off_id=piece.owner
                )
                self.new.append(row)
            elif _is(row, piece) and row.type == kind:
                continue
            else:
                self._touch(resource_id, period_of(row))
                self.changed.append(row)
            self._touch(resource_id, piece.period)
            _draw(row, piece, kind=kind, lane_limit=max(capacity, max(piece.lanes) + 1))
        for rest in spare.values():
            for gone in rest:
                self._touch(resource_id, period_of(gone))
                self.stale.append(gone.id)

    @staticmethod
    def _kind_of(owner: UUID, time_off: Mapping[UUID, TimeOff], row: CalendarEvent | None) -> str:
        """A cancelled time off still has its past: that stays of the kind that it was."""
        if owner in time_off:
            return time_off[owner].type
        return row.type if row is not None else EventType.BLOCKED

    def _mark_holds(
        self, holds: Iterable[CalendarEvent], wanted: Sequence[tuple[UUID, Period]], window: Period
    ) -> None:
        """Note on a hold which time off waits behind it: when it lapses, its time is not free for others."""
        for hold in holds:
            period = period_of(hold)
            behind = next((owner for owner, occurrence in wanted if occurrence.overlaps(period)), None)
            seen_whole = window.start <= period.start and period.end <= window.end
            if hold.time_off_id != behind and (behind is not None or seen_whole):
                hold.time_off_id = behind
                self.marked.append(hold)

    def _touch(self, resource_id: UUID, period: Period) -> None:
        before = self.touched.get(resource_id, period)
        self.touched[resource_id] = Period(min(before.start, period.start), max(before.end, period.end))

    def resource_ids(self) -> set[UUID]:
        """Whose rows would be written."""
        marked = {hold.resource_id for hold in self.marked if hold.resource_id is not None}
        return marked | self.touched.keys()

    def write(self) -> None:
        """Delete, change, insert, in this order: no statement leaves two events in one lane at its end."""
        events = CalendarEvent.objects.for_organization(self.organization_id)
        if self.stale:
            events.filter(id__in=self.stale).delete()
        if self.changed:
            fields = ["type", "starts_at", "ends_at", "occupied", "lanes", "lane_limit"]
            events.bulk_update(self.changed, fields)
        if self.new:
            events.bulk_create(self.new)
        if self.marked:
            events.bulk_update(self.marked, ["time_off"])
        for resource_id, period in self.touched.items():
            recount(resource_id, period)


def _inside(row: TimeOff, window: Period, repeat_until: datetime) -> list[Period]:
    until = min(window.end, repeat_until) if row.rrule else window.end
    return occurrences_of(row, Period(window.start, until)) if window.start < until else []


def _owner(row: CalendarEvent) -> UUID:
    if row.time_off_id is None:
        raise ValueError("A piece of time off has an owner.")
    return row.time_off_id


def _take_best(rows: list[CalendarEvent], piece: Piece) -> CalendarEvent | None:
    """The row that this piece was, taken off the list: the very same, else one that it overlaps."""
    best = next((row for row in rows if _is(row, piece)), None) or next(
        (row for row in rows if period_of(row).overlaps(piece.period)), None
    )
    if best is not None:
        rows.remove(best)
    return best


def _is(row: CalendarEvent, piece: Piece) -> bool:
    return period_of(row) == piece.period and row.lanes == piece.lanes


def _draw(row: CalendarEvent, piece: Piece, *, kind: str, lane_limit: int) -> None:
    row.type = kind
    row.starts_at, row.ends_at = piece.period.start, piece.period.end
    row.occupied = TimestamptzRange(piece.period.start, piece.period.end)
    row.lanes, row.lane_limit = piece.lanes, lane_limit
