"""The calendars of many resources in one round trip, and kept in Redis where that pays.

A calendar is a function of its resource's version, so a kept one is never stale: after any change the key is
another. Only the end of a hold changes it without a new version, and it says when that is. Small questions
go to the database straight away, which answers them as fast as Redis would. Redis may be away at any time.
"""

import hashlib
import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.availability.lanes import Period
from apps.availability.offering.openings import Calendar, micros
from apps.core import prepared, soft_cache

# From so many days of one resource on, Redis is worth the way: the database takes milliseconds by then.
WORTH_KEEPING = 400
KEPT_SECONDS = 600
# Of several processes that miss the same thing at once, one reads it; the others wait for so long.
LOCK_SECONDS = 2
WAIT_SECONDS = 0.3
POLL_SECONDS = 0.01
NO_VALUE = -1
LENGTH = struct.Struct(">i")

# A slot's date is the day on which its working time began: it starts on that day or the next, in any zone.
# Events are found by the index of the exclusion constraint, which knows resource and time.
READ = prepared.Statement(
    "availability_calendars",
    """
    SELECT wanted.id, slots.starts, slots.ends, slots.days, slots.capacities, slots.ids,
           events.begins, events.ends, events.seats, events.starts, events.is_visit, events.first_expiry
    FROM unnest($1::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT array_agg(start_at) AS starts, array_agg(end_at) AS ends, array_agg(date) AS days,
               array_agg(capacity::smallint) AS capacities, array_agg(id) AS ids
        FROM (
            SELECT start_at, end_at, date, capacity, id
            FROM availability_slotinstance
            WHERE resource_id = wanted.id AND date BETWEEN $2::date AND $3::date AND NOT closed
              AND start_at >= ($2::date - 1)::timestamp AT TIME ZONE 'UTC'
              AND start_at < ($3::date + 3)::timestamp AT TIME ZONE 'UTC'
            ORDER BY start_at
        ) AS slot
    ) AS slots
    CROSS JOIN LATERAL (
        SELECT array_agg(lower(occupied)) AS begins, array_agg(upper(occupied)) AS ends,
               array_agg(CASE WHEN lane_limit = 1 THEN 1 ELSE lane_count(lanes) END) AS seats,
               array_agg(starts_at) AS starts,
               array_agg(CASE WHEN type IN ('customer', 'hold') THEN 1 ELSE 0 END) AS is_visit,
               min(expires_at) FILTER (WHERE time_off_id IS NULL) AS first_expiry
        FROM availability_calendarevent
        WHERE uuidrange(resource_id, resource_id, '[]') && uuidrange(wanted.id, wanted.id, '[]') AND active
          AND occupied && tstzrange($4::timestamptz, $5::timestamptz)
          AND (expires_at IS NULL OR expires_at > $6::timestamptz OR time_off_id IS NOT NULL)
    ) AS events
    """,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a calendar: the slots' dates (both included), and the time whose events matter."""

    first: date
    last: date
    span: Period

    def key(self, resource_id: UUID, version: int) -> str:
        """The name under which Redis has it."""
        what = f"{self.first}:{self.last}:{micros(self.span.start)}:{micros(self.span.end)}"
        return f"calendar:{resource_id}:{version}:{what}"


def read_calendars(
    versions: Mapping[UUID, int | None], wanted: Wanted, *, now: datetime
) -> dict[UUID, Calendar]:
    """The calendars of these resources as of `now`, each at least as new as its version.

    A version of None means: whatever the database has now. An event that `CalendarEventQuerySet.occupying`
    would leave out is left out.
    """
    known = {resource_id: version for resource_id, version in versions.items() if version is not None}
    days = (wanted.last - wanted.first).days + 1
    if len(known) < len(versions) or len(known) * days < WORTH_KEEPING:
        return _read(list(versions), wanted, now=now)
    keys = {wanted.key(resource_id, version): resource_id for resource_id, version in known.items()}
    found = _kept(keys, now=now)
    missing = {key: resource_id for key, resource_id in keys.items() if resource_id not in found}
    if missing:
        found |= _read_alone(missing, wanted, now=now)
    return found


def _kept(keys: Mapping[str, UUID], *, now: datetime) -> dict[UUID, Calendar]:
    rows = soft_cache.get_many(list(keys))
    calendars = {keys[key]: Calendar(_unpacked(row)) for key, row in rows.items()}
    moment = micros(now)
    return {
        resource_id: calendar
        for resource_id, calendar in calendars.items()
        if calendar.first_expiry is None or calendar.first_expiry > moment
    }


def _read_alone(missing: Mapping[str, UUID], wanted: Wanted, *, now: datetime) -> dict[UUID, Calendar]:
    """Read what is missing, or wait a little for whoever is already reading it."""
    lock = "reading:" + hashlib.sha256("|".join(sorted(missing)).encode()).hexdigest()
    waits_until = time.monotonic() + WAIT_SECONDS
    while not soft_cache.add(lock, 1, seconds=LOCK_SECONDS):
        found = _kept(missing, now=now)
        if len(found) == len(missing):
            return found
        if time.monotonic() > waits_until:
            break
        time.sleep(POLL_SECONDS)
    by_id = {resource_id: key for key, resource_id in missing.items()}
    rows = _rows(list(missing.values()), wanted, now=now)
    soft_cache.set_many({by_id[_id_of(row)]: _packed(row) for row in rows}, seconds=KEPT_SECONDS)
    soft_cache.delete(lock)
    return {_id_of(row): Calendar(row) for row in rows}


def _read(resource_ids: Sequence[UUID], wanted: Wanted, *, now: datetime) -> dict[UUID, Calendar]:
    return {_id_of(row): Calendar(row) for row in _rows(resource_ids, wanted, now=now)}


def _rows(resource_ids: Sequence[UUID], wanted: Wanted, *, now: datetime) -> list[prepared.Row]:
    return READ.rows(
        "{" + ",".join(str(resource_id) for resource_id in resource_ids) + "}",
        *(day.isoformat() for day in (wanted.first, wanted.last)),
        *(moment.isoformat() for moment in (wanted.span.start, wanted.span.end, now)),
    )


def _id_of(row: prepared.Row) -> UUID:
    return UUID(bytes=bytes(row[0] or b""))


def _packed(row: prepared.Row) -> bytes:
    """A row as one string of bytes: each column behind its length."""
    return b"".join(
        LENGTH.pack(NO_VALUE) if column is None else LENGTH.pack(len(column)) + column for column in row
    )


def _unpacked(data: bytes) -> prepared.Row:
    row: list[bytes | None] = []
    at = 0
    while at < len(data):
        (length,) = LENGTH.unpack_from(data, at)
        at += LENGTH.size
        row.append(None if length == NO_VALUE else data[at : at + length])
        at += max(length, 0)
    return row
