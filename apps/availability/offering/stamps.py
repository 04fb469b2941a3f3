"""The state of a location that an answer rests on, and how often PostgreSQL is asked for it (docs/adr/0010).

Settings and bookings count up versions in the very transactions that change something. One look reads them
and the database's time. A process shares a look among its requests for `FREE_TIMES_MAY_LAG_SECONDS`, and
forgets it when it changes something itself.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from apps.availability.offering.openings import Span, moment_of
from apps.core import prepared

NANOSECONDS = 1_000_000_000
# So many locations' looks are remembered at once; each is small, and good for a moment only.
MAX_LOOKS = 2048

# Resources come and go with a new version of the settings, and their own versions only grow: as long as the
# settings stay, an unchanged sum means that each of them is unchanged, and they need not be listed again.
LOOK = prepared.Statement(
    "availability_look",
    """
    WITH known AS MATERIALIZED (
        SELECT coalesce(
                   (SELECT version FROM availability_settingsversion WHERE organization_id = $1::uuid), 0
               ) AS settings,
               (SELECT coalesce(sum(version), 0)::bigint
                FROM availability_resource WHERE location_id = $2::uuid) AS total
    )
    SELECT known.settings, known.total, app_now(),
           resource.id, resource.version, resource.changes_version, resource.changes_from, resource.changes_to
    FROM known
    LEFT JOIN availability_resource AS resource
        ON resource.location_id = $2::uuid
       AND (known.settings, known.total) IS DISTINCT FROM ($3::bigint, $4::bigint)
    """,
)


class Version(NamedTuple):
    """How often a resource's time has changed, and the periods of the last changes (migration 0006)."""

    number: int
    changes_version: int = 0
    changes_from: bytes | None = None
    changes_to: bytes | None = None

    def changed_since(self, known: int) -> list[Span] | None:
        """The periods that changed after a version, in microseconds; None where nobody knows any more."""
        count = self.number - known
        if count <= 0:
            return []
        if self.changes_version != self.number:
            return None
        begins, ends = prepared.instants(self.changes_from), prepared.instants(self.changes_to)
        if count > len(begins):
            return None
        return list(zip(begins[-count:], ends[-count:], strict=True))


@dataclass(frozen=True)
class State:
    """The version of an organization's settings, and those of one location's resources."""

    settings: int
    total: int
    rows: tuple[prepared.Row, ...]

    @cached_property
    def versions(self) -> Mapping[bytes, Version]:
        """By the bytes of the resource's id."""
        return {
            row[3] or b"": Version(prepared.number(row[4]), prepared.number(row[5]), row[6], row[7])
            for row in self.rows
        }


class Stamp(NamedTuple):
    """What an answer rests on, and the moment for which it is made, in PostgreSQL's microseconds."""

    state: State
    at: int

    @property
    def now(self) -> datetime:
        """The database's time, in UTC."""
        return moment_of(self.at)


class _Look(NamedTuple):
    stamp: Stamp
    asked: int
    answered: int


class Looks:
    """The last look at each location, in this process."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], _Look] = {}
        self._forgotten = 0
        self._lock = Lock()

    def stamp(self, organization_id: str, location_id: str) -> Stamp:
        """A stamp from a look that began at most FREE_TIMES_MAY_LAG_SECONDS ago. Raises DatabaseError.

        Its time is the database's at the look and what has passed since: never ahead of the database.
        """
        look = self._last.get((organization_id, location_id))
        if look is not None:
            now = time.monotonic_ns()
            if now - look.asked < settings.FREE_TIMES_MAY_LAG_SECONDS * NANOSECONDS:
                return Stamp(look.stamp.state, look.stamp.at + (now - look.answered) // 1000)
        return self.ask(organization_id, location_id)

    def ask(self, organization_id: str, location_id: str) -> Stamp:
        """A stamp as of now. Raises DatabaseError.

        Take it before anything else that goes into an answer: what is read later can only be newer.
        """
        key = (organization_id, location_id)
        before, last = self._forgotten, self._last.get(key)
        known = None if last is None else last.stamp.state
        asked = time.monotonic_ns()
        rows = LOOK.rows(
            organization_id,
            location_id,
            None if known is None else str(known.settings),
            None if known is None else str(known.total),
        )
        settings_version, total = prepared.number(rows[0][0]), prepared.number(rows[0][1])
        if known is None or (known.settings, known.total) != (settings_version, total):
            known = State(settings_version, total, tuple(row for row in rows if row[3] is not None))
        look = _Look(Stamp(known, prepared.number(rows[0][2])), asked, time.monotonic_ns())
        with self._lock:
            if before == self._forgotten:  # else it may be from before what was changed meanwhile
                if len(self._last) >= MAX_LOOKS:
                    self._last.clear()
                self._last[key] = look
        return look.stamp

    def forget(self) -> None:
        """Ask again before the next answer: this process has changed something."""
        with self._lock:
            self._forgotten += 1
            self._last.clear()


LOOKS = Looks()


def read_stamp(organization_id: UUID, location_id: UUID) -> Stamp:
    """A stamp as of now, for who asks for the first time. Raises DatabaseError."""
    return LOOKS.ask(str(organization_id), str(location_id))
