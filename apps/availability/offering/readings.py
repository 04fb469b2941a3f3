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
class _Asked:
    """A question about free times somewhere."""

    where: Where

    @property
    def organization_id(self) -> UUID:
        """Whose settings."""
        return self.where.organization_id

    @property
    def location_id(self) -> UUID:
        """Whose bookings."""
        return self.where.location_id


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesReading(_Asked):
    """How many starts each date has left."""

    first: date
    last: date

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
class SlotsReading(_Asked):
    """A day's slots: what the visitor is shown of them, or, without a showing, all."""

    day: date
    timezone: str
    variant: str
    showing: Showing | None
    _zone: ZoneInfo = field(init=False)
    _head: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", ZoneInfo(self.timezone))
        head = {
            "timezone": self.timezone,
            "location_timezone": self.where.location.timezone,
            "date": self.day.isoformat(),
        }
        object.__setattr__(self, "_head", as_json(head)[:-1])

    def answer(self, stamp: Stamp) -> Answer:
        """The slots in the order of time."""
        search, found = self.where.run(self.day, self.day, stamp, listing=True)
        listed = search.listed(found)
        total = sum(len(each.places) for each in listed.values())
        valid_until: datetime | None = found.valid_until
        exposure_id = None
        if self.showing is None:
            places = [(key, place) for key, each in listed.items() for place in each.places.values()]
        else:
            drawn = self.showing.show([each.candidates for each in listed.values()], now=stamp.now)
            valid_until, exposure_id = first_of(valid_until, drawn.until), drawn.draw.id
            places = [
                (key, each.places[name])
                for name in drawn.exposed.names
                for key, each in listed.items()
                if name in each.places
            ]
        chosen = [(found.free[key].opening(place), search.terms[key]) for key, place in places]
        chosen.sort(key=lambda entry: (entry[0].start, entry[1].name))
        slots = b",".join(
            [_slot(opening, terms.id_text, terms.name, self._zone) for opening, terms in chosen]
        )
        tail = as_json({"total": total, "has_more": total > len(chosen), "exposure_id": exposure_id})
        body = self._head + b',"slots":[' + slots + b"]," + tail[1:]
        return Answer(body, valid_until, {EXPOSURE_VARIANT: self.variant})


@lru_cache(maxsize=8192)  # what is shown to somebody is shown again and again, and to others
def _slot(opening: Opening, resource: str, name: str, zone: ZoneInfo) -> bytes:
    return as_json(
        {
            "id": str(UUID(bytes=opening.slot_id)),
            "start_at": utc_time(opening.start),
            "end_at": utc_time(opening.end),
            "local_start_at": local_time(opening.start, zone),
            "local_end_at": local_time(opening.end, zone),
            "capacity": opening.capacity,
            "available": opening.seats,
            "resource": {"id": resource, "name": name},
        }
    )
