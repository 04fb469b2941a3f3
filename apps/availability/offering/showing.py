"""What one visitor is shown of a day's free times, and that it stays for seven minutes (seed 003)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from apps.availability.offering.exposure import ALL, Candidate, Draw, Exposed, expose, hour_of, whole
from apps.core import soft_cache
from apps.core.metrics import Histogram

STICKY = timedelta(minutes=7)


SHOWN = Histogram(
    "exposed_slots_count",
    "How many of the free slots a visitor was shown, each time that they were drawn.",
    bounds=(0, 1, 2, 3, 4, 5),
    labels=["scope"],
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was drawn, when that ends, and the draw, by whose id it can be reproduced."""

    exposed: Exposed
    draw: Draw
    until: datetime


@dataclass(slots=True, kw_only=True)
class Showing:
    """One visitor's look at one day. Redis keeps what was shown, for every process; this one remembers it.

    `about` is what else tells two looks apart: organization, location, service, length, zone.
    """

    visitor: str
    day: date
    resource_id: UUID | None
    variant: str
    about: Sequence[object]
    _last: Shown | None = field(default=None, init=False)

    @property
    def key(self) -> str:
        """`expose:{user}:{date}:{person}` as in the seed, and what those three leave out."""
        parts = [self.visitor, self.day.isoformat(), str(self.resource_id or ALL), *self.about, self.variant]
        return "expose:" + ":".join(str(part) for part in parts)

    def show(self, free: Sequence[Mapping[str, Candidate]], *, now: datetime) -> Shown:
        """Draw from what is free now; what was shown less than seven minutes ago and is still free stays.

        `free` has the candidates by their names, in as many parts as the caller likes. What has filled up
        meanwhile is not among the candidates, so it is not shown, whoever remembers it.
        """
        available = sum(map(len, free))
        last = self._last if self._last is not None and self._last.until > now else self._kept(now)
        if last is not None and _stays(last, free, available):
            self._last = Shown(Exposed(last.exposed.names, available), last.draw, last.until)
            return self._last
        candidates = [candidate for part in free for candidate in part.values()]
        if last is None:
            draw = Draw(self.visitor, self.day, str(self.resource_id or ALL), hour_of(now), self.variant)
            shown = Shown(expose(candidates, draw), draw, now + STICKY)
            SHOWN.observe(len(shown.exposed.names), "location" if self.resource_id is None else "person")
        else:
            kept = last.exposed.names
            shown = replace(last, exposed=expose(candidates, last.draw, kept=kept))
        if last is None or shown.exposed.names != last.exposed.names:
            self._keep(shown, now=now)
        self._last = shown
        return shown

    def _kept(self, now: datetime) -> Shown | None:
        value = soft_cache.get(self.key)
        if value is None:
            return None
        kept: Mapping[str, object] = json.loads(value)
        until = datetime.fromisoformat(str(kept["until"]))
        if until <= now:
            return None
        draw = Draw(self.visitor, self.day, str(self.resource_id or ALL), str(kept["hour"]), self.variant)
        names = kept["names"]
        return Shown(Exposed(tuple(names if isinstance(names, list) else ()), 0), draw, until)

    def _keep(self, shown: Shown, *, now: datetime) -> None:
        value = {
            "hour": shown.draw.hour,
            "until": shown.until.isoformat(),
            "names": list(shown.exposed.names),
        }
        left = (shown.until - now).total_seconds()
        soft_cache.set_many({self.key: json.dumps(value)}, seconds=left)


def _stays(last: Shown, free: Sequence[Mapping[str, Candidate]], available: int) -> bool:
    """Whether all that was shown is still free, and nothing has to be added to it or taken away."""
    names = last.exposed.names
    return whole(names, last.draw, available=available) and all(
        any(name in part for part in free) for name in names
    )
