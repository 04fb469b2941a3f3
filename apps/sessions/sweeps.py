"""What beat runs: many sessions, one transaction each."""

from datetime import timedelta

from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.sessions.commands.abandon_session import STALE_AFTER, abandon_stale_session
from apps.sessions.models import BookingSession

SWEEP_BATCH = 500


def abandon_stale_sessions(*, stale_after: timedelta = STALE_AFTER, limit: int = SWEEP_BATCH) -> int:
    """End up to `limit` sessions, the longest idle first; returns how many were ended."""
    stale = (
        BookingSession.objects.all_organizations(reason="the sweep serves every tenant")
        .idle_since(app_now() - stale_after)
        .order_by("last_activity_at")
        .values_list("id", "organization_id")[:limit]
    )
    return sum(
        abandon_stale_session(
            actor=Actor.system(organization_id), session_id=session_id, stale_after=stale_after
        )
        for session_id, organization_id in list(stale)
    )
