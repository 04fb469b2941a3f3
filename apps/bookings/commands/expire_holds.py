"""The sweep: what reads ignore already is freed for good."""

from uuid import UUID

from apps.availability import occupancy
from apps.bookings.ending import end_lapsed_holds
from apps.bookings.models import Hold
from apps.bookings.queries import lines_of_holds, resource_ids_of
from apps.core.clock import app_now
from apps.core.commands import command


@command("bookings.expire_holds")
def expire_hold(*, organization_id: UUID, hold_id: UUID) -> int:
    """Free a hold whose time has passed, and all others on its resources that are as old.

    Returns how many holds were ended: none where somebody else was quicker (REQ-HOLD-5, seed 003).
    """
    resource_ids = resource_ids_of(lines_of_holds(organization_id, [hold_id]))
    resources = occupancy.lock_resources(organization_id, resource_ids)
    return end_lapsed_holds(resources.values(), now=app_now())


def expire_holds() -> int:
    """Sweep all organizations, one transaction a hold; returns how many holds were freed."""
    due = (
        Hold.objects.all_organizations(reason="the sweep frees everyone's")
        .due(app_now())
        .order_by("expires_at")
        .values_list("organization_id", "id")
    )
    return sum(
        expire_hold(organization_id=organization_id, hold_id=hold_id)
        for organization_id, hold_id in list(due)
    )
