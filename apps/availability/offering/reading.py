"""Answers that are kept until something they rest on has changed (docs/exposure.md, “Kept answers”).

Before an answer is sent, its stamp is read: the version of the organization's settings, the versions of the
location's resources, and the database's time, in one round trip. Both versions are counted up in the very
transactions that change something, so an answer is never older than the last commit. Time itself changes
answers, too (a hold lapses, a start comes too near): each answer says until when it holds.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from apps.availability.models import Location
from apps.availability.offering.openings import micros, moment_of
from apps.availability.offering.search import Search
from apps.availability.types import VisitNeed
from apps.core import prepared
from apps.organizations.models import OrganizationPolicy

K = TypeVar("K")
V = TypeVar("V")

READ_STAMP = prepared.Statement(
    "availability_stamp",
    """
    SELECT (SELECT version FROM availability_settingsversion WHERE organization_id = $1::uuid),
           array_agg(id), array_agg(version), app_now()
    FROM availability_resource
    WHERE location_id = $2::uuid
    """,
)

# Resources come and go with a new version of the settings, and their own versions only grow: as long as the
# settings stay, an unchanged sum means that each of them is unchanged.
READ_PULSE = prepared.Statement(
    "availability_pulse",
    """
    SELECT (SELECT version FROM availability_settingsversion WHERE organization_id = $1::uuid),
           (SELECT sum(version)::bigint FROM availability_resource WHERE location_id = $2::uuid), app_now()
    """,
)


@dataclass(frozen=True)
class Stamp:
    """What an answer rests on, and the moment at which that was read, in PostgreSQL's microseconds."""

    settings: bytes | None
    resources: bytes | None
    counts: bytes | None
    at: int

    @cached_property
    def now(self) -> datetime:
        """The database's time, in UTC."""
        return moment_of(self.at)

    @cached_property
    def versions(self) -> Mapping[UUID, int]:
        """The version of each of the location's resources."""
        names = (UUID(bytes=raw) for raw in prepared.ids(self.resources))
        return dict(zip(names, prepared.large_numbers(self.counts), strict=True))

    @cached_property
    def total(self) -> int:
        """The sum of the versions: what a pulse compares."""
        return sum(prepared.large_numbers(self.counts))


def read_stamp(organization_id: UUID | str, location_id: UUID | str) -> Stamp:
    """Read it before anything else that goes into an answer: what comes later can only be newer."""
    settings, resources, counts, now = READ_STAMP.rows(str(organization_id), str(location_id))[0]
    return Stamp(settings, resources, counts, prepared.instant(now) or 0)


def read_pulse(organization_id: str, location_id: str) -> tuple[bytes | None, int, int]:
    """The settings, the total and the time that a stamp would have now, for less."""
    settings, total, now = READ_PULSE.rows(organization_id, location_id)[0]
    return settings, prepared.instant(total) or 0, prepared.instant(now) or 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of an answer, and until when they hold if nothing changes; None means: don't keep it."""

    body: bytes
    valid_until: datetime | None
    headers: Mapping[str, str]


class Reading(Protocol):
    """A question that can be answered again, without asking anew who asks and what the settings are."""

    @property
    def organization_id(self) -> UUID:
        """Whose settings it rests on."""
        ...

    @property
    def location_id(self) -> UUID:
        """Whose bookings it rests on."""
        ...

    def answer(self, stamp: Stamp) -> Answer:
        """The answer as of a stamp whose settings are those that the question was made with."""
        ...


class Shelf(Generic[K, V]):
    """The least recently used things, in this process; thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """What is there."""
        thing = self._things.get(key)
        if thing is not None:
            with self._lock:
                if key in self._things:
                    self._things.move_to_end(key)
        return thing

    def put(self, key: K, thing: V) -> V:
        """Keep it; what was not used for longest makes room."""
        with self._lock:
            self._things[key] = thing
            self._things.move_to_end(key)
            while len(self._things) > self._size:
                self._things.popitem(last=False)
        return thing

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._things.clear()


_SearchKey = tuple[object, ...]
SEARCHES: Shelf[_SearchKey, Search] = Shelf(512)


def search_of(
    *,
    location: Location,
    policy: OrganizationPolicy,
    need: VisitNeed,
    first: date,
    last: date,
    stamp: Stamp,
    resource_id: UUID | None = None,
) -> Search:
    """The search that all who ask the same share, as long as the settings stay as they were at the stamp."""
    key = (location.id, need, first, last, resource_id, stamp.settings)
    kept = SEARCHES.get(key)
    if kept is not None and micros(kept.ends_at) > stamp.at:
        return kept
    return SEARCHES.put(
        key,
        Search(
            location=location,
            policy=policy,
            need=need,
            first=first,
            last=last,
            now=stamp.now,
            resource_id=resource_id,
        ),
    )


def first_of(*moments: datetime | None) -> datetime | None:
    """The earliest of these ends; None, which says “don't keep”, wins."""
    known = [moment for moment in moments if moment is not None]
    return min(known) if len(known) == len(moments) else None
