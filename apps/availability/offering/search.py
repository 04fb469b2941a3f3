"""A question for free time that remembers what has not changed since it was last asked.

What settings decide (who comes into question, their hours, buffers) is read once, when the search is made;
whoever keeps a search keeps it only as long as the organization's settings stay (reading.py). What bookings
decide is kept by resource and version, and a resource says where its time has changed since, so after a hold
some hours of one person are read anew. Answers are exact at any moment: they say until when they hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from threading import Lock
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import days_between, working_time
from apps.availability.models import Location, Resource
from apps.availability.offering.calendars import Part, Period, read_events
from apps.availability.offering.exposure import Candidate, DayPart, day_part_of, name_of_slot
from apps.availability.offering.grid import Grid
from apps.availability.offering.offers import (
    bookable_days,
    booking_window,
    buffers,
    days_after,
    eligible_resources,
    rules_by_resource,
)
from apps.availability.offering.openings import (
    MICROSECOND,
    Free,
    Opening,
    Slots,
    Span,
    Terms,
    day_of,
    free_in,
    lowest,
    merged,
    micros,
    moment_of,
    places_in,
    run_of,
)
from apps.availability.offering.stamps import Version
from apps.availability.types import BookingWindow, Offer, VisitNeed
from apps.organizations.models import OrganizationPolicy

# No search is used for longer; starts that come into the booking horizon meanwhile are looked at already.
LIFETIME = timedelta(minutes=10)
MARGIN = LIFETIME + timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Known:
    """What is free of a resource, as of a version of it."""

    version: int | None
    free: Free

    def holds(self, version: Version | None, *, now: int) -> bool:
        """Whether nothing has changed since. A version may be older than what another thread has read."""
        return (
            version is not None
            and self.version is not None
            and version.number <= self.version
            and now < self.free.calendar.first_expiry
        )

    def at_least(self, version: int) -> "Known":
        """The same, once everything up to a version has been read."""
        return self if self.version is not None and version <= self.version else Known(version, self.free)


@dataclass(frozen=True, slots=True)
class Found:
    """Free starts by resource at one moment, and until when nothing but a change can make them wrong.

    Resources are named by the bytes of their ids: to hash a UUID costs ten times as much.
    """

    free: Mapping[bytes, Free]
    places: Mapping[bytes, int]
    grid: Grid
    valid_until: datetime

    def openings(self, key: bytes) -> list[Opening]:
        """One resource's, in order."""
        opening = self.free[key].opening
        return [opening(place) for place in places_in(self.places[key])]

    def count_by_day(self) -> dict[date, int]:
        """How many different starts each date has that has one, in order."""
        counts = self.grid.count_by_day(self.grid.union(_masks(self.free, self.places)))
        return {day_of(day): count for day, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Listed:
    """A resource's free starts as candidates of a draw, where their names lead, and what they are made of."""

    slots: Slots
    mask: int
    places: Mapping[str, int]
    candidates: Mapping[str, Candidate]


class Search:
    """Free starts between two dates of a location (both included), for one need."""

    def __init__(
        self,
        *,
        location: Location,
        policy: OrganizationPolicy,
        need: VisitNeed,
        first: date,
        last: date,
        now: datetime,
        resource_id: UUID | None = None,
        listing: bool = True,
    ) -> None:
        """Read what settings decide, in two queries at most.

        Without `listing` starts can be counted, but not listed.
        """
        self.location = location
        self.policy = policy
        self.zone = ZoneInfo(location.timezone)
        window = booking_window(policy, now=now)
        self._notice = (window.earliest - now) // MICROSECOND
        self._horizon = (window.latest - now) // MICROSECOND
        reach = BookingWindow(earliest=window.earliest, latest=window.latest + MARGIN)
        self.days = bookable_days(reach, self.zone, first, last)
        self.ends_at = now + LIFETIME
        self.terms: dict[bytes, Terms] = {}
        self._listed: dict[bytes, Listed] = {}
        self._known: dict[bytes, Known] = {}
        self._grid = Grid(())
        self._lock = Lock()
        if self.days[0] <= self.days[1]:
            resources = eligible_resources(location, need, resource_id=resource_id)
            if resources:
                self.terms = self._terms_of(resources, need)
                # Otherwise it does not matter how long slots are, how many they seat, and which they are.
                in_detail = listing or need.duration is None or any(one.capacity > 1 for one in resources)
                self._part = Part(
                    first=self.days[0], last=self.days[1], in_detail=in_detail, span=self._events_span(need)
                )

    @property
    def weight(self) -> int:
        """How many days of how many people it may remember."""
        return len(self.terms) * ((self.days[1] - self.days[0]).days + 1)

    def _terms_of(self, resources: Sequence[Resource], need: VisitNeed) -> dict[bytes, Terms]:
        rules = rules_by_resource(self.location, [resource.id for resource in resources])
        first, last = self.days
        days = days_between(first - timedelta(days=1), last + days_after(need.duration))
        # People who share their rules share their working time: expand each set of rules once.
        working = {
            key: [(micros(work.start), micros(work.end)) for work in working_time(key, self.zone, days)]
            for key in set(rules.values())
        }
        terms = {}
        for resource in resources:
            before, after = buffers(need, resource, self.policy)
            terms[resource.id.bytes] = Terms(
                resource_id=resource.id,
                name=resource.name,
                capacity=resource.capacity,
                before=before // MICROSECOND,
                after=after // MICROSECOND,
                working=working[rules[resource.id]],
                duration=None if need.duration is None else need.duration // MICROSECOND,
                party=need.party,
                daily_cap=resource.daily_cap,
                zone=self.zone,
            )
        return terms

    def _events_span(self, need: VisitNeed) -> Span:
        before = max(terms.before for terms in self.terms.values())
        after = max(terms.after for terms in self.terms.values())
        first, last = self.days
        day_after = last + days_after(need.duration) + timedelta(days=1)
        return (
            micros(datetime.combine(first, time.min, self.zone)) - before,
            micros(datetime.combine(day_after, time.min, self.zone)) + after,
        )

    def run(self, *, now: datetime, versions: Mapping[bytes, Version] | None = None) -> Found:
        """What can be held at `now`, and the first moment at which time alone changes that.

        With the resources' versions (by the bytes of their ids), read before the call, only what has changed
        since is read anew.
        """
        at = micros(now)
        free, grid = self._up_to_date(versions or {}, now=at)
        bookable = {slots: slots.between(at + self._notice, at + self._horizon) for slots in grid.slots}
        runs = {slots: run_of(*span) for slots, span in bookable.items()}
        places = {key: one.mask & runs[one.calendar.slots] for key, one in free.items()}
        moments = [micros(self.ends_at), *[one.calendar.first_expiry for one in free.values()]]
        for slots, somebody in _masks(free, {key: one.mask for key, one in free.items()}).items():
            if soon := somebody & runs[slots]:  # a start exactly at now + notice may still be booked
                moments.append(slots.starts[lowest(soon)] - self._notice + 1)
            end = bookable[slots][1]
            if later := somebody >> end:  # comes into the horizon
                moments.append(slots.starts[end + lowest(later)] - self._horizon)
        return Found(free, places, grid, moment_of(min(moments)))

    def listed(self, found: Found) -> dict[bytes, Listed]:
        """What was found, by resource, for a draw; what has not changed since last time isn't named anew."""
        answer = {}
        for key, mask in found.places.items():
            slots, listed = found.free[key].calendar.slots, self._listed.get(key)
            if listed is None or listed.slots is not slots or listed.mask != mask:
                listed = self._listed[key] = self._named(key, slots, mask, before=listed)
            answer[key] = listed
        return answer

    def _named(self, key: bytes, slots: Slots, mask: int, *, before: Listed | None) -> Listed:
        known = before.candidates if before is not None else {}
        places, candidates = {}, {}
        for place in places_in(mask):
            name = _name_of_slot(slots.starts[place], self.terms[key].resource_id)
            places[name] = place
            candidates[name] = known.get(name) or Candidate(name, part_of(slots.starts[place], self.zone))
        return Listed(slots, mask, places, candidates)

    def offers(self, found: Found) -> list[Offer]:
        """One offer a start and resource, ordered by start, then by the resource's name."""
        flat = [
            (opening.start, terms.name, terms.resource_id, opening)
            for key, terms in self.terms.items()
            for opening in found.openings(key)
        ]
        flat.sort(key=lambda entry: entry[:2])
        return [
            Offer(
                start_at=moment_of(opening.start),
                end_at=moment_of(opening.end),
                date=day_of(opening.day),
                slot_id=UUID(bytes=opening.slot_id),
                resource_id=resource_id,
                resource_name=name,
                capacity=opening.capacity,
                seats=opening.seats,
            )
            for _, name, resource_id, opening in flat
        ]

    def _up_to_date(self, versions: Mapping[bytes, Version], *, now: int) -> tuple[dict[bytes, Free], Grid]:
        # One reads, the others wait for it: nobody asks for the same time twice.
        with self._lock:
            unknown: list[UUID] = []
            periods: list[Period] = []
            moved: dict[bytes, int] = {}
            for key, terms in self.terms.items():
                known, version = self._known.get(key), versions.get(key)
                if known is not None and known.holds(version, now=now):
                    continue
                changes = _changes(known, version, now=now)
                if changes is None:
                    unknown.append(terms.resource_id)
                else:
                    inside = merged(changes, within=self._part.span)
                    periods += [Period(terms.resource_id, *span) for span in inside]
                if version is not None:
                    moved[key] = version.number
            if unknown:
                self._read_anew(unknown, now=now)
            if periods:
                self._read_changes(periods, now=now)
            for key, number in moved.items():
                self._known[key] = self._known[key].at_least(number)
            return {key: known.free for key, known in self._known.items()}, self._grid

    def _read_anew(self, resource_ids: Sequence[UUID], *, now: int) -> None:
        for key, calendar in self._part.read(resource_ids, now=now):
            self._known[key] = Known(None, free_in(calendar, self.terms[key]))
        self._grid = Grid({known.free.calendar.slots for known in self._known.values()})

    def _read_changes(self, periods: Sequence[Period], *, now: int) -> None:
        for (resource_id, begins, ends), events in read_events(periods, now=now):
            known = self._known[resource_id.bytes]
            self._known[resource_id.bytes] = Known(
                known.version, known.free.after_change(events, begins, ends)
            )


def _masks(free: Mapping[bytes, Free], places: Mapping[bytes, int]) -> dict[Slots, int]:
    """Those of these places that anybody has, for people who share their slots as one set."""
    masks: dict[Slots, int] = {}
    for key, one in free.items():
        slots = one.calendar.slots
        masks[slots] = masks.get(slots, 0) | places[key]
    return masks


@lru_cache(maxsize=8192)
def _name_of_slot(start: int, resource_id: UUID) -> str:
    return name_of_slot(moment_of(start), resource_id)


# No zone changes within a quarter of an hour.
QUARTER_HOUR = 15 * 60 * 1_000_000


def part_of(start: int, zone: ZoneInfo) -> DayPart:
    """The part of the location's day in which a start lies."""
    return _part_of_quarter(start // QUARTER_HOUR, zone)


@lru_cache(maxsize=8192)
def _part_of_quarter(number: int, zone: ZoneInfo) -> DayPart:
    return day_part_of(moment_of(number * QUARTER_HOUR).astimezone(zone).hour)


def _changes(known: Known | None, version: Version | None, *, now: int) -> list[Span] | None:
    """The periods that have to be read anew; None means everything."""
    if known is None or known.version is None or version is None:
        return None
    changes = version.changed_since(known.version)
    calendar = known.free.calendar
    if changes is not None and calendar.first_expiry <= now:
        changes += [(event.begins, event.ends) for event in calendar.events if event.expires <= now]
    return changes


def find_offers(
    *,
    location: Location,
    policy: OrganizationPolicy,
    need: VisitNeed,
    first: date,
    last: date,
    now: datetime,
    resource_id: UUID | None = None,
) -> list[Offer]:
    """Every start between two dates of the location (both included) that a party could hold at `now`.

    One offer a start and resource, ordered by start, then by the resource's name.
    """
    search = Search(
        location=location, policy=policy, need=need, first=first, last=last, now=now, resource_id=resource_id
    )
    return search.offers(search.run(now=now))
