"""Celery's entry points for bookings."""

from celery import shared_task

from apps.bookings.commands import expire_holds as sweep


@shared_task(name="apps.bookings.tasks.expire_holds")
def expire_holds() -> int:
    """Free the holds whose time has passed; each minute."""
    return sweep.expire_holds()
