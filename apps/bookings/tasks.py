"""Celery's entry points for bookings."""

from celery import shared_task

from apps.bookings.commands import expire_holds as sweep
from apps.bookings.waitlist import sweep as waitlist_sweep


@shared_task(name="apps.bookings.tasks.expire_holds")
def expire_holds() -> int:
    """Free the holds whose time has passed; each minute."""
    return sweep.expire_holds()


@shared_task(name="apps.bookings.tasks.sweep_waitlist")
def sweep_waitlist() -> int:
    """Serve whoever waits, should an event have been missed; every few minutes."""
    return waitlist_sweep.sweep_waitlist()
