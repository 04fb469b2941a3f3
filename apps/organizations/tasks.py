"""Celery's entry points for organizations."""

from celery import shared_task

from apps.organizations.staff_tokens import forget_expired_tokens


@shared_task(name="apps.organizations.tasks.forget_staff_tokens")
def forget_staff_tokens() -> int:
    """Delete the refresh tokens that have expired; each day."""
    return forget_expired_tokens()
