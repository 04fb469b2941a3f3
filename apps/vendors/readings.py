"""`/v1/scheduler/*` as questions that can be answered again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.offering.exposure import Candidate, name_of_start
from apps.availability.offering.reading import Answer, first_of
from apps.availability.offering.readings import EXPOSURE_VARIANT, as_json, utc
from apps.availability.offering.showing import Showing
from apps.availability.offering.stamps import Stamp
from apps.vendors.strategies import strategy_of
from apps.vendors.types import Day, Question, Timeslot


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question to the service's calendar, and the zone that its asker shows times in."""

    question: Question
    timezone: str

    @property
    def organization_id(self) -> UUID:
        """Whose settings."""
        return self.question.organization_id

    @property
    def location_id(self) -> UUID:
        """Whose bookings."""
        return self.question.location.id

    def zones(self) -> Mapping[str, str]:
        """What both answers say of zones."""
        return {"timezone": self.timezone, "location_timezone": self.question.location.timezone}


@lru_cache(maxsize=8192)  # the same days with the same counts, in every month that is answered anew
def _day(day: Day) -> bytes:
    return as_json({"date": day.date.isoformat(), "available": day.available, "level": day.level})


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReading(_Asked):
    """How much each day of a month has left."""

    first: date
    last: date

    def answer(self, stamp: Stamp) -> Answer:
        """The month's days."""
        question = replace(self.question, stamp=stamp)
        month = strategy_of(question.service).month_availability(question, first=self.first, last=self.last)
        following = month.next_available_date
        head = as_json({"month": f"{self.first:%Y-%m}", **self.zones()})
        tail = as_json({"next_available_date": None if following is None else following.isoformat()})
        days = b",".join(map(_day, month.days))
        return Answer(head[:-1] + b',"days":[' + days + b"]," + tail[1:], month.valid_until, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeslotsReading(_Asked):
    """A day's starts: what the visitor is shown of them, or, without a showing, all."""

    day: date
    variant: str
    showing: Showing | None

    def answer(self, stamp: Stamp) -> Answer:
        """The starts in the order of time."""
        question = replace(self.question, stamp=stamp)
        found = strategy_of(question.service).date_timeslots(question, day=self.day)
        starts, valid_until, exposure_id = found.starts, found.valid_until, None
        if self.showing is not None:
            by_name = {name_of_start(start.start_at): start for start in starts}
            free = {name: Candidate(name, start.day_part) for name, start in by_name.items()}
            drawn = self.showing.show([free], now=stamp.now)
            starts = tuple(sorted(map(by_name.__getitem__, drawn.exposed.names), key=attrgetter("start_at")))
            valid_until, exposure_id = first_of(valid_until, drawn.until), drawn.draw.id
        zone = ZoneInfo(self.timezone)
        body = {
            "date": self.day.isoformat(),
            **self.zones(),
            "timeslots": [_timeslot(start, zone) for start in starts],
            "total": len(found.starts),
            "has_more": len(found.starts) > len(starts),
            "exposure_id": exposure_id,
        }
        return Answer(as_json(body), valid_until, {EXPOSURE_VARIANT: self.variant})


def _timeslot(start: Timeslot, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "start_at": utc(start.start_at),
        "end_at": utc(start.end_at),
        "local_start_at": start.start_at.astimezone(zone).isoformat(),
        "local_end_at": start.end_at.astimezone(zone).isoformat(),
        "day_part": start.day_part,
        "seats": start.seats,
        "resources": [{"id": str(person.id), "name": person.name} for person in start.resources],
    }
