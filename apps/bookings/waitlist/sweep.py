"""The waitlist's safety net: whatever an event did not lead to, this does."""

import logging

from apps.bookings.commands.leave_waitlist import close_ended_entries
from apps.bookings.commands.offer_waitlist import offer_waitlist
from apps.bookings.models import WaitlistEntry
from apps.bookings.states import WaitlistStatus

logger = logging.getLogger(__name__)


def sweep_waitlist() -> int:
    """Close entries whose days have passed, and offer what is free everywhere; returns how many offers."""
    close_ended_entries()
    lines = (
        WaitlistEntry.objects.all_organizations(reason="the sweep serves everyone's")
        .filter(status=WaitlistStatus.WAITING, organization__active=True)
        .order_by("booking__location_id")
        .values_list("organization_id", "booking__location_id")
        .distinct()
    )
    offered = 0
    for organization_id, location_id in list(lines):
        try:
            offered += len(offer_waitlist(organization_id=organization_id, location_id=location_id))
        except Exception:  # one location's trouble must not keep the others waiting
            logger.exception("the waitlist of location %s could not be served", location_id)
    return offered
