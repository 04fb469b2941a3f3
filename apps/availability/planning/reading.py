"""Visits of several services as questions that can be asked again (docs/exposure.md, seed 002).

What a question finds is kept by the stamp that it was found at, for everybody who asks the same: planning a
month is arithmetic of some tenths of a second. All datetimes are aware and in UTC, dates the location's.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from threading import Lock
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.lanes import Period
from apps.availability.models import Location, SellsFrom
from apps.availability.offering.exposure import DayPart, day_part_of
from apps.availability.offering.search import LIFETIME
from apps.availability.offering.stamps import Stamp
from apps.availability.planner import Itinerary
from apps.availability.planning.free_time import FreeTime, Wanted
from apps.availability.planning.visits import Board, VisitPlan, read_board
from apps.content.models import BookingService
from apps.core.errors import NotFound
from apps.core.shelf import Shelf
from apps.organizations.models import OrganizationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitsAsked:
    """Which visits are asked for, and where: as the settings of a stamp have it."""

    organization_id: UUID
    policy: OrganizationPolicy
    location: Location
    wanted: VisitPlan

    @property
    def location_id(self) -> UUID:
        """The location's id."""
        return self.location.id

    @property
    def key(self) -> tuple[object, ...]:
        """What tells two questions apart; the settings' version stands for all that settings say."""
        wanted = self.wanted
        services = tuple(service.id.hex for service in wanted.services)
        return (
            self.location.id.hex,
            services,
            str(wanted.mode),
            wanted.max_gap // timedelta(minutes=1),
            wanted.same_person,
            str(wanted.by),
            wanted.party,
        )

    def board(self, first: date, last: date, stamp: Stamp) -> Board:
        """Everything that decides which of these visits fit between two dates."""
        return read_board(
            policy=self.policy,
            location=self.location,
            wanted=self.wanted,
            first=first,
            last=last,
            now=stamp.now,
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many starts each date has that has one; `valid_until` if nothing changes."""

    by_day: Mapping[date, int]
    valid_until: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One service of a visit: when, and by whom; nobody by name where a pool is sold."""

    service_id: UUID
    person: tuple[UUID, str] | None
    periods: Sequence[Period]


@dataclass(frozen=True, slots=True)
class Visit:
    """The best visit that begins at a start; `slot_id` is the first line's, of `capacity` seats."""

    start_at: datetime
    end_at: datetime
    day_part: DayPart
    wait: timedelta
    lines: Sequence[Line]
    slot_id: UUID
    resource: tuple[UUID, str]
    capacity: int


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits of a day in order of their starts; `valid_until` and `note` as of counts."""

    visits: Sequence[Visit]
    valid_until: datetime
    note: str | None


def services_of(organization_id: UUID, service_ids: Sequence[UUID]) -> list[BookingService]:
    """The active services of these ids in their order, each as often as it is named. Raises NotFound."""
    found = BookingService.objects.for_organization(organization_id).active().in_bulk(list(service_ids))
    if found.keys() != set(service_ids):
        raise NotFound("There is no such service.")
    return [found[service_id] for service_id in service_ids]


def count_visits(asked: VisitsAsked, *, first: date, last: date, stamp: Stamp) -> Counts:
    """How many starts each date between two has left."""

    def count() -> Counts:
        board = asked.board(first, last, stamp)
        counts = Counter(board.date_of(start) for start in board.possible())
        by_day = {day: counts[day] for day in sorted(counts)}
        return Counts(by_day, _valid_until(board, stamp), note_of(board, asked.wanted.services))

    return _kept(_COUNTS, (asked.key, first, last), stamp, count)


def next_date(asked: VisitsAsked, *, first: date, last: date, stamp: Stamp) -> tuple[date | None, datetime]:
    """The first date between two that has a start, and until when that holds if nothing changes."""

    def look() -> _Next:
        board = asked.board(first, last, stamp)
        start = next(board.possible(), None)
        return _Next(None if start is None else board.date_of(start), _valid_until(board, stamp))

    found = _kept(_NEXT, (asked.key, first, last), stamp, look)
    return found.date, found.valid_until


def visits_of_day(asked: VisitsAsked, *, day: date, stamp: Stamp) -> Visits:
    """Of each start of a day the best visit."""

    def find() -> Visits:
        board = asked.board(day, day, stamp)
        best = sorted(board.itineraries(), key=lambda itinerary: itinerary.start)
        visits = [_visit(asked, board, itinerary) for itinerary in best]
        return Visits(visits, _valid_until(board, stamp), note_of(board, asked.wanted.services))

    return _kept(_VISITS, (asked.key, day), stamp, find)


def note_of(board: Board, services: Sequence[BookingService]) -> str | None:
    """In words why nothing will ever be free, whatever the date; None where something could."""
    team = [FreeTime(worker, board.zone) for worker in board.workers]
    if not team:
        return None
    for line, service in zip(board.request.lines, services, strict=True):
        if not any(one.could_do(line) for one in team):
            return _nobody(board, line, service)
    alone = any(all(one.could_do(line) for line in board.request.lines) for one in team)
    if board.request.same_person and not alone:
        return "Nobody here does all of these services. Let several people do them."
    return None


def _nobody(board: Board, line: Wanted, service: BookingService) -> str:
    """Who would be wanted for a line that nobody can do."""
    if any(line.skills <= worker.skills for worker in board.workers if line.resource_id in {None, worker.id}):
        return f"Nobody here has room for a party of {line.party} at once."
    who = board.names.get(line.resource_id) if line.resource_id else None
    return f"{who} does not do “{service.title}”." if who else f"Nobody here does “{service.title}”."


def _visit(asked: VisitsAsked, board: Board, itinerary: Itinerary) -> Visit:
    names_people = asked.location.sells_from == SellsFrom.PEOPLE
    first = itinerary.segments[0]
    slot = next(slot for slot in board.starts[itinerary.start] if slot.resource_id == first.resource_id)
    lines = []
    for index, group in groupby(itinerary.segments, key=lambda segment: segment.line):
        pieces = list(group)
        who = pieces[0].resource_id
        lines.append(
            Line(
                asked.wanted.services[index].id,
                (who, board.names[who]) if names_people else None,
                [piece.visit for piece in pieces],
            )
        )
    return Visit(
        start_at=itinerary.start,
        end_at=itinerary.end,
        day_part=day_part_of(itinerary.start.astimezone(ZoneInfo(asked.location.timezone)).hour),
        wait=itinerary.wait,
        lines=lines,
        slot_id=slot.slot_id,
        resource=(first.resource_id, board.names[first.resource_id]),
        capacity=slot.capacity,
    )


@dataclass(frozen=True, slots=True)
class _Next:
    date: date | None
    valid_until: datetime


_COUNTS: Shelf[tuple[object, ...], Counts] = Shelf(256)
_VISITS: Shelf[tuple[object, ...], Visits] = Shelf(256)
_NEXT: Shelf[tuple[object, ...], _Next] = Shelf(256)
_planning = Lock()


class _Holds(Protocol):
    @property
    def valid_until(self) -> datetime: ...


Found = TypeVar("Found", bound=_Holds)


def _kept(
    shelf: Shelf[tuple[object, ...], Found],
    question: tuple[object, ...],
    stamp: Stamp,
    find: Callable[[], Found],
) -> Found:
    """What was found at the same stamp, as long as it holds; else found now, by one for all who wait."""
    key = (*question, stamp.state.settings, stamp.state.total)
    with _planning:  # it is arithmetic: two at once would be no faster
        kept = shelf.get(key)
        if kept is not None and kept.valid_until > stamp.now:
            return kept
        return shelf.put(key, find())


def _valid_until(board: Board, stamp: Stamp) -> datetime:
    ends = stamp.now + LIFETIME
    return ends if board.changes_at is None else min(ends, board.changes_at)
