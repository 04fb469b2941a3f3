"""`/v1/scheduler/*` of several services: planned over our own calendar (seed 002).

A visit is planned as a whole, so all of its services must be booked in our own calendar.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import days_between
from apps.availability.offering.reading import Answer
from apps.availability.offering.readings import EXPOSURE_VARIANT, as_json
from apps.availability.offering.stamps import Stamp
from apps.availability.planning.answers import AboutVisits, DayOfVisits, person_body
from apps.availability.planning.reading import Visit, count_visits, next_date
from apps.content.models import BookingService, VendorType
from apps.vendors.native import level_of
from apps.vendors.strategies import VendorNotSupported


def ensure_native(services: Iterable[BookingService]) -> None:
    """All of these are booked in our own calendar. Raises VendorNotSupported."""
    if any(service.vendor_type != VendorType.NATIVE for service in services):
        raise VendorNotSupported("These services can't be booked together online. Please call.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfVisits(AboutVisits):
    """How much each day of a month has left."""

    first: date
    last: date

    def answer(self, stamp: Stamp) -> Answer:
        """The month's days, and the next that has anything, up to the booking horizon."""
        found = count_visits(self.asked, first=self.first, last=self.last, stamp=stamp)
        following, until = min(found.by_day, default=None), found.valid_until
        if following is None and found.note is None:
            today = stamp.now.astimezone(ZoneInfo(self.asked.location.timezone)).date()
            horizon = today + timedelta(days=self.asked.policy.horizon_days)
            later = max(self.last + timedelta(days=1), today)
            following, until_later = next_date(self.asked, first=later, last=horizon, stamp=stamp)
            until = min(until, until_later)
        counts = [(day, found.by_day.get(day, 0)) for day in days_between(self.first, self.last)]
        body = {
            "month": f"{self.first:%Y-%m}",
            **self.zones(),
            "days": [
                {"date": day.isoformat(), "available": count, "level": level_of(count)}
                for day, count in counts
            ],
            "next_available_date": None if following is None else following.isoformat(),
            "note": found.note,
        }
        return Answer(as_json(body), until, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeslotsOfVisits(DayOfVisits):
    """A day's starts, each with its itinerary."""

    def answer(self, stamp: Stamp) -> Answer:
        """The starts in the order of time."""
        choice = self.choice(stamp)
        body = {
            "date": self.day.isoformat(),
            **self.zones(),
            "timeslots": [self._timeslot(visit) for visit in choice.visits],
            **choice.summary(),
        }
        return Answer(as_json(body), choice.valid_until, {EXPOSURE_VARIANT: self.variant})

    def _timeslot(self, visit: Visit) -> dict[str, Any]:
        people = dict.fromkeys(line.person for line in visit.lines if line.person)
        return {
            **self.visit_body(visit),
            "day_part": visit.day_part,
            "seats": self.asked.wanted.party,
            "resources": [person_body(person) for person in people],
        }
