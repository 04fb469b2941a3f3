"""A question for free time that remembers what has not changed since it was last asked.

What settings decide (who comes into question, their hours, buffers) is read once, when the search is made;
whoever keeps a search keeps it only as long as the organization's settings stay (reading.py). What bookings
decide is kept by resource and version, so that after a hold only one person's time is read anew. Answers are
exact at any moment: they say until when they hold.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from threading import Lock
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import days_between, working_time
from apps.availability.lanes import Period
from apps.availability.models import Location, Resource
from apps.availability.offering.calendars import Wanted, read_calendars
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
    Opening,
    Openings,
    Terms,
    day_of,
    micros,
    moment_of,
    openings,
)
from apps.availability.types import BookingWindow, Offer, VisitNeed
from apps.organizations.models import OrganizationPolicy

# No search is used for longer; starts that come into the booking horizon meanwhile are looked at already.
LIFETIME = timedelta(minutes=10)
MARGIN = LIFETIME + timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Free:
    """One resource's openings, as of a version of it. They hold until `expires`: a hold ends then."""

    version: int | None
    openings: Openings
    expires: int | None
    days_and_starts: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """Free starts by resource at one moment, and until when nothing but a change can make them wrong."""

    free: Mapping[UUID, Free]
    places: Mapping[UUID, Sequence[int]]
    valid_until: datetime

    def openings(self, resource_id: UUID) -> list[Opening]:
        """One resource's, in order."""
        at = self.free[resource_id].openings.at
        return [at(place) for place in self.places[resource_id]]

    def count_by_day(self) -> dict[date, int]:
        """How many different starts each date has that has one."""
        parts = [
            kept.days_and_starts
            if self.places[resource_id] is kept.openings.places
            else kept.openings.days_and_starts(self.places[resource_id])
            for resource_id, kept in self.free.items()
        ]
        counts = Counter(map(itemgetter(0), frozenset().union(*parts)))
        return {day_of(day): counts[day] for day in sorted(counts)}


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
    ) -> None:
        """Read what settings decide, in two queries at most."""
        self.location = location
        self.policy = policy
        self.zone = ZoneInfo(location.timezone)
        window = booking_window(policy, now=now)
        reach = BookingWindow(earliest=window.earliest, latest=window.latest + MARGIN)
        self.days = bookable_days(reach, self.zone, first, last)
        self.ends_at = now + LIFETIME
        self.terms: dict[UUID, Terms] = {}
        self._free: dict[UUID, Free] = {}
        self._lock = Lock()
        if self.days[0] <= self.days[1]:
            resources = eligible_resources(location, need, resource_id=resource_id)
            if resources:
                self.terms = self._terms_of(resources, need)
                self._span = self._events_span(need)

    def _terms_of(self, resources: Sequence[Resource], need: VisitNeed) -> dict[UUID, Terms]:
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
            terms[resource.id] = Terms(
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

    def _events_span(self, need: VisitNeed) -> Period:
        before = max(terms.before for terms in self.terms.values()) * MICROSECOND
        after = max(terms.after for terms in self.terms.values()) * MICROSECOND
        first, last = self.days
        day_after = last + days_after(need.duration) + timedelta(days=1)
        return Period(
            datetime.combine(first, time.min, self.zone) - before,
            datetime.combine(day_after, time.min, self.zone) + after,
        )

    def run(self, *, now: datetime, versions: Mapping[UUID, int] | None = None) -> Found:
        """What can be held at `now`.

        With the resources' versions, read before the call, time is read anew only where they have moved on.
        """
        window = booking_window(self.policy, now=now)
        free = self._refreshed(window, versions, now=now)
        earliest, latest = micros(window.earliest), micros(window.latest)
        places = {resource_id: kept.openings.between(earliest, latest) for resource_id, kept in free.items()}
        return Found(free, places, self._valid_until(window, free, places, now=now))

    def offers(self, found: Found) -> list[Offer]:
        """One offer a start and resource, ordered by start, then by the resource's name."""
        flat = [
            (opening.start, self.terms[resource_id].name, resource_id, opening)
            for resource_id in found.free
            for opening in found.openings(resource_id)
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

    def _refreshed(
        self, window: BookingWindow, versions: Mapping[UUID, int] | None, *, now: datetime
    ) -> dict[UUID, Free]:
        # One reads, the others wait for it: nobody asks for the same time twice.
        with self._lock:
            known = versions or {}
            moment = micros(now)
            stale = {
                resource_id: known.get(resource_id)
                for resource_id in self.terms
                if self._is_stale(resource_id, known.get(resource_id), moment)
            }
            if stale:
                self._read(stale, window, now=now)
            return dict(self._free)

    def _read(self, stale: Mapping[UUID, int | None], window: BookingWindow, *, now: datetime) -> None:
        wanted = Wanted(first=self.days[0], last=self.days[1], span=self._span)
        for resource_id, calendar in read_calendars(stale, wanted, now=now).items():
            found = openings(
                calendar,
                self.terms[resource_id],
                earliest=micros(window.earliest),
                latest=micros(window.latest + MARGIN),
            )
            self._free[resource_id] = Free(
                stale[resource_id],
                found,
                calendar.first_expiry,
                found.days_and_starts(found.places),
            )

    def _is_stale(self, resource_id: UUID, version: int | None, moment: int) -> bool:
        kept = self._free.get(resource_id)
        return (
            kept is None
            or version is None
            or kept.version != version
            or (kept.expires is not None and kept.expires <= moment)
        )

    def _valid_until(
        self,
        window: BookingWindow,
        free: Mapping[UUID, Free],
        places: Mapping[UUID, Sequence[int]],
        *,
        now: datetime,
    ) -> datetime:
        """The first moment at which time alone changes the answer."""
        at, latest = micros(now), micros(window.latest)
        notice, horizon = micros(window.earliest) - at, latest - at
        moments = [micros(self.ends_at)]
        for resource_id, available in places.items():
            kept = free[resource_id]
            starts, whole = kept.openings.calendar.starts, kept.openings.places
            if kept.expires is not None:
                moments.append(kept.expires)
            if available:  # a start exactly at now + notice may still be booked
                moments.append(starts[available[0]] - notice + 1)
            if available is not whole and starts[whole[-1]] > latest:
                later = bisect_right(whole, latest, key=starts.__getitem__)
                moments.append(starts[whole[later]] - horizon)
        return moment_of(min(moments))


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
