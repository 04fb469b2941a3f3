"""Times and events in plain words, for `explain`. All clocks are the location's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import MIDNIGHT
from apps.availability.hours.words import clock_time, day_name
from apps.availability.lanes import Period
from apps.availability.models import EventType, ResourceKind

EVENT_WORDS = {
    EventType.CUSTOMER: "a booked visit",
    EventType.HOLD: "a visit that is held",
    EventType.VACATION: "vacation",
    EventType.BREAK: "a break",
    EventType.MEETING: "a meeting",
    EventType.BLOCKED: "blocked time",
    EventType.REMINDER: "a reminder",
}
SOLD: dict[str, str] = {ResourceKind.POOL: "a place in its pool", ResourceKind.PERSON: "its people"}


@dataclass(frozen=True, slots=True)
class Clock:
    """Says moments as the location's clock does."""

    zone: ZoneInfo

    def wall(self, moment: datetime) -> datetime:
        """The location's time of a moment."""
        return moment.astimezone(self.zone)

    def time(self, moment: datetime, *, beside: datetime | None = None) -> str:
        """`09:00`, and where that is another day than the moment beside it, the day too."""
        shown = clock_time(self.wall(moment).time())
        if beside is None or self.wall(beside).date() == self.wall(moment).date():
            return shown
        return f"{shown} on {day_name(self.wall(moment).date())}"

    def span(self, period: Period, *, beside: datetime | None = None) -> str:
        """`09:00–10:30`, with the days where they differ."""
        return f"{self.time(period.start, beside=beside)}–{self.time(period.end, beside=period.start)}"

    def stretch(self, period: Period, *, beside: datetime) -> str:
        """As a span where it is of one day; days and all of them where it is of several."""
        first, last = self.wall(period.start), self.wall(period.end)
        if first.date() == last.date():
            return self.span(period, beside=beside)
        if first.time() != MIDNIGHT or last.time() != MIDNIGHT:
            return f"From {self.moment(period.start)} until {self.moment(period.end)}"
        until = last.date() - timedelta(days=1)
        if until == first.date():
            return f"All of {day_name(until)}"
        return f"From {day_name(first.date())} until {day_name(until)}, all day,"

    def moment(self, moment: datetime) -> str:
        """`09:00 on Tuesday 1 December 2026`."""
        return f"{self.time(moment)} on {day_name(self.wall(moment).date())}"


def length(duration: timedelta) -> str:
    """`90 minutes`, `2 days`."""
    minutes = duration // timedelta(minutes=1)
    if minutes and minutes % 1440 == 0:
        return count(minutes // 1440, "day")
    return count(minutes, "minute")


def count(number: int, what: str) -> str:
    """`1 visit`, `2 visits`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
