"""Keeping the events' table ahead of the calendar."""

from django.db import connection, transaction

MONTHS_AHEAD = 3
# The new partition needs the table for a moment; rather try again later than make visitors queue behind it.
LOCK_TIMEOUT = "2s"


def ensure_event_partitions(*, months_ahead: int = MONTHS_AHEAD) -> list[str]:
    """Create the partitions of this month (UTC) and the coming ones; returns the new ones' names.

    May run at any time and in several processes. Raises OperationalError if the table stays busy.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute("SELECT booking_sessions_ensure_partitions(%s)", [months_ahead])
        return [name for (name,) in cursor.fetchall()]
