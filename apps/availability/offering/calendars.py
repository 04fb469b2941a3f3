"""The calendars of many resources in one round trip, or what is new in them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from apps.availability.offering.openings import Calendar, Event, Slots, Span, moment_of
from apps.core import prepared

# Found by the index of the exclusion constraint, which knows resource and time. A hold with time off behind
# it does not end for others when it lapses.
EVENTS = """
    SELECT string_agg(timestamptz_send(lower(occupied)), ''),
           string_agg(timestamptz_send(upper(occupied)), ''),
           string_agg(int4send(CASE WHEN lane_limit = 1 THEN 1 ELSE lane_count(lanes) END), ''),
           string_agg(timestamptz_send(
               CASE WHEN type IN ('customer', 'hold') THEN starts_at ELSE 'infinity' END
           ), ''),
           string_agg(timestamptz_send(
               CASE WHEN expires_at IS NULL OR time_off_id IS NOT NULL THEN 'infinity' ELSE expires_at END
           ), '')
    FROM availability_calendarevent
    WHERE uuidrange(resource_id, resource_id, '[]') && uuidrange(wanted.id, wanted.id, '[]') AND active
      AND occupied && tstzrange({begins}, {ends})
      AND (expires_at IS NULL OR expires_at > {now} OR time_off_id IS NOT NULL)
"""
# A slot's date is the day on which its working time began: it starts on that day or the next, in any zone.
SLOTS = """
    SELECT string_agg(timestamptz_send(start_at), ''), string_agg(date_send(date), ''),
           string_agg(timestamptz_send(end_at), '') FILTER (WHERE $4::boolean),
           string_agg(int4send(capacity), '') FILTER (WHERE $4::boolean),
           string_agg(uuid_send(id), '') FILTER (WHERE $4::boolean)
    FROM (
        SELECT start_at, end_at, date, capacity, id
        FROM availability_slotinstance
        WHERE resource_id = wanted.id AND date BETWEEN $2::date AND $3::date AND NOT closed
          AND start_at >= ($2::date - 1)::timestamp AT TIME ZONE 'UTC'
          AND start_at < ($3::date + 3)::timestamp AT TIME ZONE 'UTC'
        ORDER BY start_at
    ) AS slot
"""

READ_CALENDARS = prepared.Statement(
    "availability_calendars",
    f"""
    SELECT wanted.id, slots.*, events.*
    FROM unnest($1::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL ({SLOTS}) AS slots
    CROSS JOIN LATERAL (
        {EVENTS.format(begins="$5::timestamptz", ends="$6::timestamptz", now="$7::timestamptz")}
    ) AS events
    """,  # noqa: S608  (constants only)
)
# The arrays stand in subqueries so that PostgreSQL does not count their elements and plan anew each time,
# which takes longer than the answer.
READ_EVENTS = prepared.Statement(
    "availability_events",
    f"""
    SELECT wanted.number, events.*
    FROM unnest((SELECT $1::uuid[]), (SELECT $2::timestamptz[]), (SELECT $3::timestamptz[]))
         WITH ORDINALITY AS wanted (id, begins, ends, number)
    CROSS JOIN LATERAL (
        {EVENTS.format(begins="wanted.begins", ends="wanted.ends", now="$4::timestamptz")}
    ) AS events
    """,  # noqa: S608  (constants only)
)


class Period(NamedTuple):
    """A period of a resource's time, in microseconds."""

    resource_id: UUID
    begins: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a calendar: the slots' dates (both included), the span whose events matter.

    With `in_detail` slots come with their ends, seats and ids.
    """

    first: date
    last: date
    in_detail: bool
    span: Span

    def read(self, resource_ids: Sequence[UUID], *, now: int) -> Iterator[tuple[bytes, Calendar]]:
        """These resources' calendars at `now`, by the bytes of their ids.

        People who have the same slots share them.

        An event that `CalendarEventQuerySet.occupying` would leave out is left out.
        """
        shared: dict[tuple[bytes | None, ...], Slots] = {}
        for row in READ_CALENDARS.rows(
            _array(resource_ids),
            *(day.isoformat() for day in (self.first, self.last)),
            str(self.in_detail),
            *(moment_of(moment).isoformat() for moment in (*self.span, now)),
        ):
            columns = tuple(row[1:5])
            if columns not in shared:
                shared[columns] = _slots(*columns)
            yield row[0] or b"", Calendar(shared[columns], row[5] or b"", _events(*row[6:]))


def _slots(starts: bytes | None, days: bytes | None, ends: bytes | None, capacities: bytes | None) -> Slots:
    return Slots(
        prepared.strung(starts, "q"),
        prepared.strung(days, "i"),
        prepared.strung(ends, "q"),
        prepared.strung(capacities, "i"),
    )


def read_events(periods: Sequence[Period], *, now: int) -> list[tuple[Period, Sequence[Event]]]:
    """What occupies each of these periods at `now`, by its beginning; as in a calendar."""
    rows = READ_EVENTS.rows(
        _array(period.resource_id for period in periods),
        _array(moment_of(period.begins).isoformat() for period in periods),
        _array(moment_of(period.ends).isoformat() for period in periods),
        moment_of(now).isoformat(),
    )
    return [(periods[prepared.number(row[0]) - 1], _events(*row[1:])) for row in rows]


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _events(
    begins: bytes | None,
    ends: bytes | None,
    seats: bytes | None,
    visits: bytes | None,
    expiries: bytes | None,
) -> Sequence[Event]:
    if begins is None:
        return ()
    return sorted(
        map(
            Event,
            prepared.strung(begins, "q"),
            prepared.strung(ends, "q"),
            prepared.strung(seats, "i"),
            prepared.strung(visits, "q"),
            prepared.strung(expiries, "q"),
        )
    )
