"""`/v1/dates` and `/v1/slots` of several services, and what all answers about visits share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.offering.exposure import Candidate, name_of_start
from apps.availability.offering.reading import Answer
from apps.availability.offering.readings import EXPOSURE_VARIANT, as_json, utc
from apps.availability.offering.showing import Showing
from apps.availability.offering.stamps import Stamp
from apps.availability.planning.reading import Visit, VisitsAsked, count_visits, visits_of_day


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutVisits:
    """A question about visits, and the zone that its asker shows times in."""

    asked: VisitsAsked
    timezone: str

    @property
    def organization_id(self) -> UUID:
        """Whose settings."""
        return self.asked.organization_id

    @property
    def location_id(self) -> UUID:
        """Whose bookings."""
        return self.asked.location_id

    def zones(self) -> Mapping[str, str]:
        """What answers say of zones."""
        return {"timezone": self.timezone, "location_timezone": self.asked.location.timezone}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesOfVisits(AboutVisits):
    """How many starts each date has left."""

    first: date
    last: date

    def answer(self, stamp: Stamp) -> Answer:
        """The dates that have a start."""
        found = count_visits(self.asked, first=self.first, last=self.last, stamp=stamp)
        body = {
            "timezone": self.asked.location.timezone,
            "dates": [{"date": day.isoformat(), "available": count} for day, count in found.by_day.items()],
            "note": found.note,
        }
        return Answer(as_json(body), found.valid_until, {})


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor is shown of a day's visits, and of how many."""

    visits: Sequence[Visit]
    total: int
    exposure_id: str | None
    valid_until: datetime
    note: str | None

    def summary(self) -> Mapping[str, Any]:
        """What answers say of the choice."""
        return {
            "total": self.total,
            "has_more": self.total > len(self.visits),
            "exposure_id": self.exposure_id,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfVisits(AboutVisits):
    """A day's visits: what the visitor is shown of them, or, without a showing, all."""

    day: date
    variant: str
    showing: Showing | None

    def choice(self, stamp: Stamp) -> Choice:
        """One visit a start, in the order of time; starts are drawn as those of one service are."""
        found = visits_of_day(self.asked, day=self.day, stamp=stamp)
        if self.showing is None:
            return Choice(found.visits, len(found.visits), None, found.valid_until, found.note)
        names_of = [name_of_start(visit.start_at) for visit in found.visits]
        candidates = {
            name: Candidate(name, visit.day_part) for name, visit in zip(names_of, found.visits, strict=True)
        }
        drawn = self.showing.show([candidates], now=stamp.now)
        names = set(drawn.exposed.names)
        shown = [visit for name, visit in zip(names_of, found.visits, strict=True) if name in names]
        until = min(found.valid_until, drawn.until)
        return Choice(shown, len(found.visits), drawn.draw.id, until, found.note)

    def visit_body(self, visit: Visit) -> dict[str, Any]:
        """A visit as it goes out."""
        zone = ZoneInfo(self.timezone)
        return {
            "start_at": utc(visit.start_at),
            "end_at": utc(visit.end_at),
            "local_start_at": visit.start_at.astimezone(zone).isoformat(),
            "local_end_at": visit.end_at.astimezone(zone).isoformat(),
            "wait_minutes": visit.wait // timedelta(minutes=1),
            "lines": [
                {
                    "service_id": str(line.service_id),
                    "resource": line.person and person_body(line.person),
                    "periods": [
                        {"start_at": utc(period.start), "end_at": utc(period.end)} for period in line.periods
                    ],
                }
                for line in visit.lines
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsOfVisits(DayOfVisits):
    """A day's visits as slots: each is the slot of its first service."""

    def answer(self, stamp: Stamp) -> Answer:
        """The slots in the order of time."""
        choice = self.choice(stamp)
        body = {
            **self.zones(),
            "date": self.day.isoformat(),
            "slots": [self._slot(visit) for visit in choice.visits],
            **choice.summary(),
        }
        return Answer(as_json(body), choice.valid_until, {EXPOSURE_VARIANT: self.variant})

    def _slot(self, visit: Visit) -> dict[str, Any]:
        return {
            "id": str(visit.slot_id),
            **self.visit_body(visit),
            "capacity": visit.capacity,
            # How many more than the party would fit was not asked.
            "available": self.asked.wanted.party,
            "resource": person_body(visit.resource),
        }


def person_body(person: tuple[UUID, str]) -> dict[str, str]:
    """Somebody as they go out."""
    return {"id": str(person[0]), "name": person[1]}
