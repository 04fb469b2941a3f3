"""How often time off repeats: RFC 5545's RRULE, on the clock on the wall (seed 002).

Pure functions of text, wall times and a zone. Only whole days repeat: the time of day comes from the start.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from apps.availability.errors import InvalidRecurrence

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TOO_FINE = ("HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND")
# How large the numbers of a part may be, and whether they may count from the end.
NUMBERS: Mapping[str, tuple[int, bool]] = {
    "INTERVAL": (999, False),
    "COUNT": (9999, False),
    "BYMONTH": (12, False),
    "BYMONTHDAY": (31, True),
    "BYYEARDAY": (366, True),
    "BYWEEKNO": (53, True),
    "BYSETPOS": (366, True),
}
ONE_NUMBER = ("INTERVAL", "COUNT")
KNOWN = frozenset({"FREQ", "UNTIL", "BYDAY", "WKST", *NUMBERS})
# RFC 5545 §3.3.10: these parts mean nothing with these frequencies.
NOT_WITH: Mapping[str, tuple[str, ...]] = {
    "BYMONTHDAY": ("WEEKLY",),
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYWEEKNO": ("DAILY", "WEEKLY", "MONTHLY"),
}
# An impossible rule (30 February) would be searched for until the year 9999.
LOOK_AHEAD = timedelta(days=366 * 10)
CHECKED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A rule that has been read. `until` is wall time, and a start at it still counts."""

    freq: str
    interval: int
    pattern: str  # the rule without its end
    count: int | None
    until: datetime | None

    def starts(self, first: datetime, *, since: datetime, until: datetime) -> Iterator[datetime]:
        """The wall times at which it begins, from about `since` up to and including `until`, in order.

        `first` is where the rule begins to count. Those before `since` may or may not be there.
        """
        bound = until if self.until is None else min(until, self.until)
        begin = first if self.count is not None else self._skip_to(first, since)
        if begin > bound:
            return iter(())
        # COUNT is counted here, because dateutil takes either an end or a count, and both bound the search.
        text = f"{self.pattern};UNTIL={bound:%Y%m%dT%H%M%S}"
        return islice(iter(rrulestr(text, dtstart=begin)), self.count)

    def _skip_to(self, first: datetime, since: datetime) -> datetime:
        """A later beginning with the same days after it, so that years gone by cost nothing."""
        if self.freq not in {"DAILY", "WEEKLY"}:
            return first
        step = timedelta(days=self.interval * (7 if self.freq == "WEEKLY" else 1))
        # One step early: the week that has the beginning in it is only part of a week.
        return first + max(0, (since - first) // step - 1) * step


def read_recurrence(text: str, zone: ZoneInfo) -> Recurrence | None:
    """What a rule says; None for an empty one. A UTC end is read in the zone. Raises InvalidRecurrence."""
    text = text.strip().upper().removeprefix("RRULE:")
    if not text:
        return None
    parts = _parts_of(text)
    freq = _frequency(parts)
    _check_parts(parts, freq)
    pattern = ";".join(f"{key}={value}" for key, value in parts.items() if key not in {"COUNT", "UNTIL"})
    return Recurrence(
        freq=freq,
        interval=int(parts.get("INTERVAL", "1")),
        pattern=pattern,
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"], zone) if "UNTIL" in parts else None,
    )


def ensure_recurrence(text: str, *, first: datetime, length: timedelta, zone: ZoneInfo) -> None:
    """Refuse what never happens, or begins again before it is over. Wall times. Raises InvalidRecurrence."""
    recurrence = read_recurrence(text, zone)
    if recurrence is None:
        return
    try:
        starts = list(islice(recurrence.starts(first, since=first, until=first + LOOK_AHEAD), CHECKED))
    except (ValueError, TypeError) as error:
        raise InvalidRecurrence("The days of the repetition could not be read.") from error
    if not starts:
        raise InvalidRecurrence("By this repetition it would never happen. Check its days and its end.")
    if any(later - earlier < length for earlier, later in pairwise(starts)):
        raise InvalidRecurrence("It would begin again before it is over. Make it shorter, or less frequent.")


def _parts_of(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip(";").split(";"):
        key, equals, value = part.partition("=")
        if not equals or not value:
            raise InvalidRecurrence(f"“{part[:40]}” is not a part of a repetition, such as FREQ=WEEKLY.")
        if key in parts:
            raise InvalidRecurrence(f"{key} is there twice.")
        parts[key] = value
    return parts


def _frequency(parts: Mapping[str, str]) -> str:
    freq = parts.get("FREQ", "")
    too_fine = next((word for word in TOO_FINE if word == freq or word in parts), None)
    if too_fine:
        raise InvalidRecurrence(
            f"{too_fine} is too fine: time off repeats by days, and its start says at what time."
        )
    if freq not in FREQUENCIES:
        raise InvalidRecurrence(f"Say how often: FREQ is one of {', '.join(FREQUENCIES)}.")
    return freq


def _check_parts(parts: Mapping[str, str], freq: str) -> None:
    unknown = next((key for key in parts if key not in KNOWN), None)
    if unknown:
        raise InvalidRecurrence(f"{unknown[:20]} is not a part that a repetition can have.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise InvalidRecurrence("Say how many times or until when, not both.")
    for key, frequencies in NOT_WITH.items():
        if key in parts and freq in frequencies:
            raise InvalidRecurrence(f"{key} can't be used with {freq}.")
    for key in NUMBERS.keys() & parts.keys():
        _check_numbers(key, parts[key])
    if "BYSETPOS" in parts and not any(key.startswith("BY") and key != "BYSETPOS" for key in parts):
        raise InvalidRecurrence("BYSETPOS picks among days: say which, such as BYDAY=MO,TU.")
    if freq in {"DAILY", "WEEKLY"} and any(char.isdigit() for char in parts.get("BYDAY", "")):
        raise InvalidRecurrence("“The first Monday” needs FREQ=MONTHLY or FREQ=YEARLY.")


def _check_numbers(key: str, value: str) -> None:
    largest, from_the_end = NUMBERS[key]
    words = value.split(",")
    for word in words:
        digits = word.lstrip("+-") if from_the_end else word
        if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= largest):
            raise InvalidRecurrence(f"{key} takes whole numbers from 1 to {largest}, not “{word[:20]}”.")
    if len(words) > 1 and key in ONE_NUMBER:
        raise InvalidRecurrence(f"{key} takes one number.")


def _until(value: str, zone: ZoneInfo) -> datetime:
    """The end as wall time: a day includes all of itself, a UTC time is read in the zone."""
    for pattern in ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"):
        try:
            end = datetime.strptime(value, pattern)  # noqa: DTZ007  (wall time has no zone)
        except ValueError:
            continue
        if pattern == "%Y%m%d":
            return datetime.combine(end.date(), time.max)
        return end.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if value[-1] == "Z" else end
    raise InvalidRecurrence(f"UNTIL is a day such as 20270131, not “{value[:20]}”.")
