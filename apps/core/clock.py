"""The one clock: the database's, so that every process and every host agrees on what has expired."""

from datetime import UTC, datetime, timedelta

from apps.core.asking import Asked, ask, foresee, foreseen
from apps.core.prepared import Statement

# Where PostgreSQL counts its instants from.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# It reads no table: rows that wait to be written may go on waiting.
READ_CLOCK = Statement("core_app_now", "SELECT app_now()", reads_tables=False)


def foresee_now() -> None:
    """Read the clock with what is sent next, after the locks among it: `app_now` answers so once."""
    foresee(READ_CLOCK, lambda: ask("SELECT app_now()", (), lambda answer: answer.rows[0][0]))


def app_now() -> datetime:
    """The database's time of this very moment, in UTC.

    Read it after the locks are held: a time from before the wait may make an expired hold look alive.
    Tests override it for one connection with `SET app.now = '…'`.
    """
    asked: Asked[datetime] | None = foreseen(READ_CLOCK)
    if asked is not None:
        return asked.answer()
    return EPOCH + int.from_bytes(READ_CLOCK.rows()[0][0] or b"", "big", signed=True) * MICROSECOND
