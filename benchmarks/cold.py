"""Makes every read the first after something has changed at the location, as far as a reader can tell.

Each look at the location is asked of PostgreSQL, lists all resources, and then seems to have found more since
the same question (location, service, and day or month) was last asked, by whomever:

- "one": a booking of one person, in turn, on the day that is asked for (in a month, on each day in turn);
- "each": the same of all people at once;
- "all": changes of all people that nobody has noted where they were, as after new slots or many bookings, or
  in a process that has just read the settings. Everything is read from the database and made anew.

Nothing else is pretended: events are read from the table, and times counted, drawn and written as after a
real booking, by versions and notes of changes in the form in which the table has them.
"""

import struct
from collections import defaultdict, deque
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import cache, lru_cache
from threading import Lock
from urllib.parse import parse_qs

from apps.availability.offering.openings import Span, micros
from apps.availability.offering.stamps import Looks, Stamp, State, Version

NOTED = 16  # as migration 0006 has it
HOUR = 60 * 60 * 1_000_000
asked: ContextVar[str] = ContextVar("asked", default="")


class PretendedBookings:
    """What seems to have been booked since this process began, as one question sees it."""

    def __init__(self, question: str, whose: str) -> None:
        self._question = question
        self._whose = whose
        self._number = 0
        self._versions: dict[bytes, Version] = {}
        self._noted: dict[bytes, deque[Span]] = defaultdict(lambda: deque(maxlen=NOTED))

    def one_more(self, stamp: Stamp) -> Stamp:
        """The stamp after another one."""
        real = stamp.state
        self._number += 1
        people = list(real.versions)
        for resource_id in [people[self._number % len(people)]] if self._whose == "one" else people:
            self._versions[resource_id] = self._changed(resource_id, real.versions[resource_id])
        state = State(real.settings, real.total + self._number, ())
        state.__dict__["versions"] = {**real.versions, **self._versions}
        return Stamp(state, stamp.at)

    def _changed(self, resource_id: bytes, real: Version) -> Version:
        newest = self._versions.get(resource_id, real).number + 1
        if self._whose == "all":
            return Version(newest)
        begins = _day_asked_for(self._question, self._number // 8 % 28) + (16 + self._number % 6) * HOUR
        noted = self._noted[resource_id]
        noted.append((begins, begins + HOUR))
        return Version(newest, newest, *map(_array, zip(*noted, strict=True)))


@lru_cache(maxsize=4096)
def _day_asked_for(query: str, number: int) -> int:
    values = parse_qs(query)
    if "date" in values:
        return micros(datetime.fromisoformat(f"{values['date'][0]}T00:00+00:00"))
    return micros(datetime.fromisoformat(f"{values['month'][0]}-{1 + number:02}T00:00+00:00"))


def _array(values: Sequence[int]) -> bytes:
    """A `timestamptz[]` as PostgreSQL sends it: each element behind its length."""
    elements = [8] * (2 * len(values))
    elements[1::2] = values
    return _form(len(values)).pack(1, 0, 1184, len(values), 1, *elements)


@cache
def _form(count: int) -> struct.Struct:
    return struct.Struct(">iiiii" + "iq" * count)


def make_cold(*, whose: str) -> None:
    """From now on there is another booking before each look, and no look is shared."""
    seen: dict[str, PretendedBookings] = {}
    lock, ask = Lock(), Looks.ask

    def look(looks: Looks, organization_id: str, location_id: str) -> Stamp:
        looks.forget()
        stamp, question = ask(looks, organization_id, location_id), asked.get()
        with lock:
            bookings = seen.setdefault(question, PretendedBookings(question, whose))
            return bookings.one_more(stamp)

    # The benchmark's whole point.
    Looks.ask = look  # type: ignore[method-assign]
    Looks.stamp = look  # type: ignore[method-assign]
