"""A week of a branch as a grid: who works when, who is away, how many visits. A few queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from apps.availability.hours.rules import Rule, days_between, rules_of_day
from apps.availability.lanes import Period
from apps.availability.loading import midnight
from apps.availability.models import (
    AvailabilityRule,
    CalendarEvent,
    EventType,
    Location,
    Resource,
    SellsFrom,
)
from apps.availability.offering.offers import rule_value
from apps.backoffice.rota.access import people_of
from apps.core.clock import app_now

DAYS = 7
Pair = tuple[Rule, AvailabilityRule]


@dataclass(frozen=True, slots=True)
class Away:
    """A time off on one day, in the location's time."""

    time_off_id: UUID
    type: str
    label: str
    words: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What the rules say of a day, and which of them it was that decided."""

    windows: Sequence[str] = ()
    is_closed: bool = False
    note: str = ""
    own: bool = False
    kind: str = ""
    rows: Sequence[AvailabilityRule] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Somebody's day."""

    day: date
    hours: Hours
    away: Sequence[Away] = ()
    reminders: Sequence[str] = ()
    visits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the grid; without a person it is the branch's own hours."""

    person: Resource | None
    cells: Sequence[Cell]

    @property
    def has_own_week(self) -> bool:
        """Whether any day of this week has hours of their own, not the branch's."""
        return any(cell.hours.own for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The grid. Dates are the location's."""

    location: Location
    days: Sequence[date]
    today: date
    lines: Sequence[Line]
    has_hours: bool
    people: Sequence[Resource] = field(default_factory=list)

    @property
    def before(self) -> date:
        """The Monday before."""
        return self.days[0] - timedelta(days=DAYS)

    @property
    def after(self) -> date:
        """The Monday after."""
        return self.days[-1] + timedelta(days=1)

    @property
    def is_this_week(self) -> bool:
        """Whether today is one of its days."""
        return self.today in self.days


def monday_of(day: date) -> date:
    """The first day of a date's week."""
    return day - timedelta(days=day.weekday())


def today_of(location: Location) -> date:
    """The location's date."""
    return app_now().astimezone(ZoneInfo(location.timezone)).date()


def pairs_of(location: Location) -> list[Pair]:
    """The location's rules as values, with their rows. One query."""
    rows = AvailabilityRule.objects.for_organization(location.organization_id).filter(location=location)
    return [(rule_value(row), row) for row in rows.order_by("start_time", "id")]


def hours_of(pairs: Iterable[Pair], resource_id: UUID | None, day: date) -> Hours:
    """What decides a day for somebody, or for the location itself, after all precedence."""
    mine = [pair for pair in pairs if pair[0].resource_id in {None, resource_id}]
    speaking = [pair for pair in mine if pair[0].holds_on(day)]
    if not speaking:
        return Hours()
    highest = max(rule.rank for rule, _ in speaking)
    deciding = [pair for pair in speaking if pair[0].rank == highest]
    open_rules = rules_of_day([rule for rule, _ in mine], day)
    rows = [row for _, row in deciding]
    return Hours(
        windows=[clock_span(rule) for rule in sorted(open_rules, key=lambda rule: rule.start)],
        is_closed=not open_rules,
        note=next((row.note for row in rows if row.note), ""),
        own=rows[0].resource_id is not None,
        kind=rows[0].rule_kind,
        rows=rows,
    )


def clock_span(rule: Rule) -> str:
    """`09:00–17:00`; the midnight that ends a day is 24:00."""
    end = "24:00" if not (rule.end.hour or rule.end.minute) else f"{rule.end:%H:%M}"
    return f"{rule.start:%H:%M}–{end}"


def week_of(location: Location, monday: date) -> Week:
    """The week that begins on a Monday of the location's."""
    people, pairs = people_of(location), pairs_of(location)
    days = days_between(monday, monday + timedelta(days=DAYS - 1))
    calendar = _Calendar.read(location, people, days)
    sells_people = location.sells_from == SellsFrom.PEOPLE
    pool = None if sells_people or not people else people[0]
    lines = [_line(None, pool, pairs, days, calendar)]
    if sells_people:
        lines += [_line(person, person, pairs, days, calendar) for person in people]
    return Week(
        location=location,
        days=days,
        today=today_of(location),
        lines=lines,
        has_hours=bool(pairs),
        people=people if sells_people else [],
    )


def _line(
    person: Resource | None,
    taken: Resource | None,
    pairs: Sequence[Pair],
    days: Sequence[date],
    calendar: "_Calendar",
) -> Line:
    cells = [
        Cell(
            day=day,
            hours=hours_of(pairs, person.id if person else None, day),
            away=calendar.away.get((taken.id if taken else None, day), ()),
            reminders=calendar.reminders.get((taken.id if taken else None, day), ()),
            visits=calendar.visits[taken.id if taken else None, day],
        )
        for day in days
    ]
    return Line(person=person, cells=cells)


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What is in the calendars, by whose and the day."""

    away: Mapping[tuple[UUID | None, date], Sequence[Away]]
    reminders: Mapping[tuple[UUID | None, date], Sequence[str]]
    visits: Counter[tuple[UUID | None, date]]

    @classmethod
    def read(cls, location: Location, people: Sequence[Resource], days: Sequence[date]) -> "_Calendar":
        """One query."""
        zone = ZoneInfo(location.timezone)
        whole = Period(midnight(days[0], zone), midnight(days[-1] + timedelta(days=1), zone))
        events = (
            CalendarEvent.objects.for_organization(location.organization_id)
            .filter(starts_at__lt=whole.end, ends_at__gt=whole.start)
            .filter(
                Q(active=True, resource__in=people, type=EventType.CUSTOMER)
                | (Q(active=True, resource__in=people, time_off__isnull=False) & ~Q(type=EventType.HOLD))
                | (Q(type=EventType.REMINDER) & (Q(resource__in=people) | Q(resource__isnull=True)))
            )
            .select_related("time_off")
            .order_by("starts_at", "id")
        )
        visits: Counter[tuple[UUID | None, date]] = Counter()
        reminders: dict[tuple[UUID | None, date], list[str]] = defaultdict(list)
        pieces: dict[tuple[UUID | None, date], dict[UUID, list[CalendarEvent]]] = defaultdict(dict)
        bounds = {day: Period(midnight(day, zone), midnight(day + timedelta(days=1), zone)) for day in days}
        for event in events:
            starts = event.starts_at.astimezone(zone)
            if event.type == EventType.CUSTOMER:
                visits[event.resource_id, starts.date()] += 1
            elif event.type == EventType.REMINDER:
                reminders[event.resource_id, starts.date()].append(f"{starts:%H:%M} {event.note}")
            elif event.time_off_id is not None:
                for day, bound in bounds.items():
                    if event.starts_at < bound.end and bound.start < event.ends_at:
                        parts = pieces[event.resource_id, day].setdefault(event.time_off_id, [])
                        parts.append(event)
        away = {
            (whose, day): [_away(parts, bounds[day], zone) for parts in found.values()]
            for (whose, day), found in pieces.items()
        }
        return cls(away, reminders, visits)


def _away(parts: Sequence[CalendarEvent], bound: Period, zone: ZoneInfo) -> Away:
    """The pieces that a time off was cut into are one bar."""
    start, end = max(parts[0].starts_at, bound.start), min(max(part.ends_at for part in parts), bound.end)
    whole = start == bound.start and end == bound.end
    words = (
        "all day" if whole else f"{_clock(start, zone)}–{_clock(end, zone) if end < bound.end else '24:00'}"
    )
    first = parts[0]
    assert first.time_off is not None  # noqa: S101  (only such pieces come here)
    return Away(first.time_off.id, first.type, first.get_type_display(), words, first.time_off.note)


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"
