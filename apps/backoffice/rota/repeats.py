"""Repetitions in an owner's words, as the rules of RFC 5545 that time off is kept with. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

REPEATS = (
    ("never", "Only once"),
    ("DAILY", "Every day"),
    ("WEEKLY", "Every week"),
    ("MONTHLY", "Every month"),
    ("YEARLY", "Every year"),
)
ENDS = (("never", "Never"), ("until", "On a date"), ("times", "After so many times"))
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """How often. `every` is `never` or a frequency; days are ISO weekdays, for weeks only."""

    every: str = "never"
    interval: int = 1
    days: tuple[int, ...] = ()
    until: date | None = None
    times: int | None = None

    def rrule(self) -> str:
        """As RFC 5545 writes it; empty for once."""
        if self.every == "never":
            return ""
        parts = [f"FREQ={self.every}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.every == "WEEKLY" and self.days:
            parts.append("BYDAY=" + ",".join(CODES[day - 1] for day in sorted(self.days)))
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        elif self.times is not None:
            parts.append(f"COUNT={self.times}")
        return ";".join(parts)


def repeat_of(rrule: str) -> Repeat | None:
    """A rule back in the form's words; None where it says more than the form can."""
    if not rrule.strip():
        return Repeat()
    parts = dict(part.split("=", 1) for part in rrule.upper().split(";") if "=" in part)
    if not set(parts) <= {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"}:
        return None
    codes = [code for code in parts.get("BYDAY", "").split(",") if code]
    if parts.get("FREQ") not in UNITS or not set(codes) <= set(CODES):
        return None
    if codes and parts["FREQ"] != "WEEKLY":
        return None
    return Repeat(
        every=parts["FREQ"],
        interval=int(parts.get("INTERVAL", 1)),
        days=tuple(CODES.index(code) + 1 for code in codes),
        until=_day(parts["UNTIL"]) if "UNTIL" in parts else None,
        times=int(parts["COUNT"]) if "COUNT" in parts else None,
    )


def _day(text: str) -> date:
    return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007  (a date has no zone)


def in_words(rrule: str) -> str:
    """`every 2 weeks on Monday and Friday, until 31 January 2027`; empty for once."""
    repeat = repeat_of(rrule)
    if repeat is None:
        return f"by a rule of its own ({rrule})"
    if repeat.every == "never":
        return ""
    unit = UNITS[repeat.every]
    words = f"every {unit}" if repeat.interval == 1 else f"every {repeat.interval} {unit}s"
    if repeat.days:
        *most, last = (NAMES[day - 1] for day in sorted(repeat.days))
        words += " on " + (f"{', '.join(most)} and {last}" if most else last)
    if repeat.until:
        words += f", until {repeat.until.day} {repeat.until:%B %Y}"
    elif repeat.times:
        words += f", {repeat.times} times"
    return words
