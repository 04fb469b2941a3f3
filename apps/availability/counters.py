"""The one writer of slots' counters (DESIGN §5)."""

from uuid import UUID

from apps.availability.lanes import Period
from apps.core.asking import ask_row

RECOUNT = "SELECT availability_recount(%s, tstzrange(%s, %s))"


def recount(resource_id: UUID, period: Period) -> int:
    """Recompute the counters of every slot of a locked resource that shares a moment with the period.

    The only writer of `booked`, `hold` and `status`. Returns how many slots changed.
    """
    changed, *_ = ask_row(RECOUNT, [resource_id, period.start, period.end]).answer()
    return int(changed)
