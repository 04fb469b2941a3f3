"""What the commands on time off share."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from apps.audit import log as audit
from apps.audit.log import Subject
from apps.availability.events import Change, TimeOffChanged
from apps.availability.lanes import Period
from apps.availability.models import TimeOff, TimeOffType
from apps.availability.time_off.painting import paint, reach, timing_of
from apps.availability.time_off.pieces import FOREVER, Timing, occurrences
from apps.availability.time_off.queries import InTheWay, bookings_in_the_way
from apps.core.actors import Actor
from apps.core.errors import InvalidInput
from apps.core.outbox import publish

LONGEST_MINUTES = 366 * 1440
YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffDetails:
    """What staff say about a time off. Date and time are the location's; the length is by the wall clock."""

    start_date: date
    start_time: time
    duration_minutes: int
    type: str = TimeOffType.BLOCKED
    rrule: str = ""
    note: str = ""

    def check(self, zone: ZoneInfo) -> None:
        """Raises InvalidInput, InvalidRecurrence."""
        errors: dict[str, list[str]] = {}
        if self.type not in TimeOffType.values:
            errors["type"] = [f"Choose one of {', '.join(TimeOffType.values)}."]
        if not 1 <= self.duration_minutes <= LONGEST_MINUTES:
            errors["duration_minutes"] = ["Between a minute and 366 days."]
        if self.start_date.year not in YEARS:
            errors["start_date"] = ["Check the year."]
        if self.start_time.second or self.start_time.microsecond or self.start_time.tzinfo:
            errors["start_time"] = ["Hours and minutes of the location's clock."]
        if errors:
            raise InvalidInput(errors)
        timing = Timing(
            start_date=self.start_date,
            start_time=self.start_time,
            duration_minutes=self.duration_minutes,
            rrule=self.rrule,
        )
        timing.check(zone)

    def write_to(self, row: TimeOff) -> None:
        """Put the values on a row."""
        row.type, row.note, row.rrule = self.type, self.note, self.rrule.strip().upper()
        row.start_date, row.start_time = self.start_date, self.start_time
        row.duration_minutes = self.duration_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffResult:
    """A time off, and the visits that have to be moved out of its way."""

    time_off: TimeOff
    in_the_way: list[InTheWay] = field(default_factory=list)


def settle(
    actor: Actor, row: TimeOff, change: Change, *, since: datetime, old: dict[str, Any]
) -> TimeOffResult:
    """Paint a locked resource's time off anew from a moment on; audit, publish, list who is in the way."""
    repeat_until = reach(row.organization_id, [row.resource_id], now=since)
    paint(row.organization_id, [row.resource_id], Period(since, FOREVER), repeat_until=repeat_until)
    subject = Subject(
        type="availability.time_off",
        id=row.id,
        location_id=row.resource.location_id,
        resource_ids=(row.resource_id,),
    )
    new = {} if change is Change.CANCELLED else in_words_of_the_log(row)
    audit.record(actor, f"availability.time_off.{change}", subject=subject, old=old, new=new)
    publish(
        TimeOffChanged(
            organization_id=row.organization_id,
            time_off_id=row.id,
            resource_id=row.resource_id,
            location_id=row.resource.location_id,
            change=change,
        )
    )
    return TimeOffResult(time_off=row, in_the_way=bookings_in_the_way(row))


def in_words_of_the_log(row: TimeOff) -> dict[str, Any]:
    """When and what for; the note is personal and stays out."""
    return {
        "type": row.type,
        "start_date": row.start_date.isoformat(),
        "start_time": row.start_time.isoformat(timespec="minutes"),
        "duration_minutes": row.duration_minutes,
        "rrule": row.rrule,
    }


def beginning_of(row: TimeOff, zone: ZoneInfo, *, now: datetime) -> datetime:
    """From when on a new time off counts: all of a single one, a repeated one from today's midnight on."""
    midnight = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    if row.rrule:
        return midnight
    (whole,) = occurrences(timing_of(row), zone, Period(PAST, FOREVER)) or [Period(midnight, FOREVER)]
    return min(midnight, whole.start)


PAST = datetime(1990, 1, 1, tzinfo=ZoneInfo("UTC"))
