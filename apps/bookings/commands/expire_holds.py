"""The sweep: what reads ignore already is freed for good."""

from collections import defaultdict
from uuid import UUID

from apps.availability import occupancy
from apps.bookings.ending import end_lapsed_holds
from apps.bookings.models import Hold
from apps.core.clock import app_now
from apps.core.commands import command


@command("bookings.expire_holds")
def expire_holds_of_resource(*, organization_id: UUID, resource_id: UUID) -> int:
    """Free every hold of one resource whose time has passed; returns how many (REQ-HOLD-5, seed 003)."""
    resource = occupancy.lock_resources(organization_id, [resource_id])[resource_id]
    return end_lapsed_holds(resource, now=app_now())


def expire_holds() -> int:
    """Sweep all organizations, one transaction a resource; returns how many holds were freed."""
    due: dict[UUID, set[UUID]] = defaultdict(set)
    for organization_id, resource_id in (
        Hold.objects.all_organizations(reason="the sweep frees everyone's")
        .due(app_now())
        .values_list("organization_id", "resource_id")
    ):
        due[organization_id].add(resource_id)
    return sum(
        expire_holds_of_resource(organization_id=organization_id, resource_id=resource_id)
        for organization_id, resource_ids in due.items()
        for resource_id in sorted(resource_ids)
    )
