"""Celery's entry points: `abandon_stale_sessions` every minute, `ensure_event_partitions` every day."""

from celery import shared_task

from apps.sessions import partitions, sweeps


@shared_task(name="apps.sessions.tasks.abandon_stale_sessions")
def abandon_stale_sessions() -> int:
    """End the sessions in which nothing has happened for half an hour."""
    return sweeps.abandon_stale_sessions()


@shared_task(name="apps.sessions.tasks.ensure_event_partitions")
def ensure_event_partitions() -> list[str]:
    """Create the coming months' partitions."""
    return partitions.ensure_event_partitions()
