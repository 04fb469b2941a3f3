"""`/v1/dates` and `/v1/slots` as questions that can be answered again (seed 003)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.models import Location
from apps.availability.offering.exposure import Candidate
from apps.availability.offering.openings import Opening, moment_of
from apps.availability.offering.reading import Answer, first_of, search_of
from apps.availability.offering.search import Found, Search
from apps.availability.offering.showing import Showing
from apps.availability.offering.stamps import Stamp
from apps.availability.types import VisitNeed
from apps.organizations.models import OrganizationPolicy

EXPOSURE_VARIANT = "X-Exposure-Variant"


_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def as_json(body: Mapping[str, Any]) -> bytes:
    """A body as it goes out."""
    return _JSON.encode(body).encode()


def utc(moment: datetime) -> str:
    """A UTC time as it goes out: ISO 8601 with a Z."""
    return moment.isoformat().removesuffix("+00:00") + "Z"


@lru_cache(maxsize=16_384)
def local_time(moment: int, zone: ZoneInfo) -> str:
    """A time on a zone's wall as it goes out: ISO 8601 with its offset."""
    return moment_of(moment).astimezone(zone).isoformat()


@lru_cache(maxsize=16_384)
def utc_time(moment: int) -> str:
    """A time in UTC as it goes out: ISO 8601 with a Z."""
    return utc(moment_of(moment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A location or one of its people, and for which need: as the settings of a stamp have it."""

    organization_id: UUID
    location: Location
    policy: OrganizationPolicy
    need: VisitNeed
    resource_id: UUID | None = None

    @property
    def location_id(self) -> UUID:
        """The location's id."""
        return self.location.id

    def run(self, first: date, last: date, stamp: Stamp, *, listing: bool) -> tuple[Search, Found]:
        """The search between two of the location's dates, both included, and what it finds at the stamp."""
        search = search_of(
            location=self.location,
            policy=self.policy,
            need=self.need,
            first=first,
            last=last,
            resource_id=self.resource_id,
            listing=listing,
            stamp=stamp,
        )
        return search, search.run(now=stamp.now, versions=stamp.state.versions)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesReading:
    """How many starts each date has left."""

    where: Where
    first: date
    last: date

    @property
    def organization_id(self) -> UUID:
        """Whose settings."""
        return self.where.organization_id

    @property
    def location_id(self) -> UUID:
        """Whose bookings."""
        return self.where.location_id

    def answer(self, stamp: Stamp) -> Answer:
        """The dates that have a start."""
        _, found = self.where.run(self.first, self.last, stamp, listing=False)
        body = {
            "timezone": self.where.location.timezone,
            "dates": [
                {"date": day.isoformat(), "available": count} for day, count in found.count_by_day().items()
            ],
        }
        return Answer(as_json(body), found.valid_until, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsReading:
    """A day's slots: what the visitor is shown of them, or, without a showing, all."""

    where: Where
    day: date
    timezone: str
    variant: str
    showing: Showing | None
    _zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", ZoneInfo(self.timezone))

    @property
    def organization_id(self) -> UUID:
        """Whose settings."""
        return self.where.organization_id

    @property
    def location_id(self) -> UUID:
        """Whose bookings."""
        return self.where.location_id

    def answer(self, stamp: Stamp) -> Answer:
        """The slots in the order of time."""
        search, found = self.where.run(self.day, self.day, stamp, listing=True)
        named: dict[str, tuple[UUID, int]] = {}
        candidates: list[Candidate] = []
        for listed in search.listed(found):
            named |= listed.places
            candidates += listed.candidates
        body: dict[str, Any] = {
            "timezone": self.timezone,
            "location_timezone": self.where.location.timezone,
            "date": self.day.isoformat(),
        }
        valid_until: datetime | None = found.valid_until
        shown, exposure_id = set(named), None
        if self.showing is not None:
            drawn = self.showing.show(candidates, now=stamp.now)
            valid_until = first_of(valid_until, drawn.until)
            shown, exposure_id = set(drawn.exposed.names), drawn.draw.id
        places = [named[name] for name in shown]
        chosen = [(resource_id, found.free[resource_id].opening(place)) for resource_id, place in places]
        chosen.sort(key=lambda entry: (entry[1].start, search.terms[entry[0]].name))
        body |= {
            "slots": [self._slot(search, *entry) for entry in chosen],
            "total": len(named),
            "has_more": len(named) > len(chosen),
            "exposure_id": exposure_id,
        }
        return Answer(as_json(body), valid_until, {EXPOSURE_VARIANT: self.variant})

    def _slot(self, search: Search, resource_id: UUID, opening: Opening) -> dict[str, Any]:
        return {
            "id": str(UUID(bytes=opening.slot_id)),
            "start_at": utc_time(opening.start),
            "end_at": utc_time(opening.end),
            "local_start_at": local_time(opening.start, self._zone),
            "local_end_at": local_time(opening.end, self._zone),
            "capacity": opening.capacity,
            "available": opening.seats,
            "resource": {"id": str(resource_id), "name": search.terms[resource_id].name},
        }
