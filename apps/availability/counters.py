"""The one writer of slots' counters (DESIGN §5)."""

from uuid import UUID

from django.db import connection

from apps.availability.lanes import Period


def recount(resource_id: UUID, period: Period) -> int:
    """Recompute the counters of every slot of a locked resource that shares a moment with the period.

    The only writer of `booked`, `hold` and `status`. Returns how many slots changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT availability_recount(%s, tstzrange(%s, %s))", [resource_id, period.start, period.end]
        )
        return int(cursor.fetchone()[0])
