"""What saving would do to the bookable times, in words and as a strip of days."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.availability.hours.preview import Preview, PreviewSlot

DAYS_SHOWN = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfPreview:
    """What changes on a date of the location's."""

    day: date
    added: int
    removed: int
    stays: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewWords:
    """A preview as the page shows it."""

    added: int
    removed: int
    changed: int
    stays: int
    kept: int
    first: date
    last: date
    days: Sequence[DayOfPreview]
    more_days: int
    booked: Sequence[PreviewSlot]
    conflict: str | None

    @property
    def changes_something(self) -> bool:
        """Whether any time would be different."""
        return bool(self.added or self.removed or self.changed)


def _by_day(slots: Iterable[PreviewSlot]) -> Counter[date]:
    return Counter(slot.date for slot in slots)


def words_of(preview: Preview) -> PreviewWords:
    """Count by day."""
    added, removed = _by_day(preview.added), _by_day(preview.removed)
    stays, changed = _by_day(preview.closed_with_bookings), _by_day(preview.changed)
    dates = sorted({*added, *removed, *changed})
    return PreviewWords(
        added=len(preview.added),
        removed=len(preview.removed),
        changed=len(preview.changed),
        stays=len(preview.closed_with_bookings),
        kept=preview.kept,
        first=preview.first,
        last=preview.last,
        days=[
            DayOfPreview(day=day, added=added[day], removed=removed[day], stays=stays[day])
            for day in dates[:DAYS_SHOWN]
        ],
        more_days=max(len(dates) - DAYS_SHOWN, 0),
        booked=preview.closed_with_bookings[:10],
        conflict=preview.conflict,
    )
