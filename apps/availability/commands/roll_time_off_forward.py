"""Repeated time off follows the slots into the future."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability import occupancy
from apps.availability.models import Location, TimeOff
from apps.availability.time_off.painting import materialize_time_off, not_materialized
from apps.core.commands import follow_up

# The locks of one transaction are held for a fraction of a second.
RESOURCES_A_BATCH = 50


@follow_up("availability.roll_time_off_forward")
def _roll_batch(
    *, organization_id: UUID, resource_ids: Sequence[UUID], first: date, last: date, zone: ZoneInfo
) -> None:
    occupancy.lock_resources(organization_id, resource_ids)
    materialize_time_off(organization_id, resource_ids, first=first, last=last, zone=zone)


def roll_time_off_forward(
    location: Location, *, first: date, last: date, resource_id: UUID | None = None
) -> int:
    """Make the time off of everybody and everything at a location, as far as `last` (REQ-OCC-4).

    Dates are the location's, both included. Idempotent: where nothing is missing nothing is locked. Call it
    before slots are made, so that none is ever on offer over time off. Returns how many resources changed.
    """
    zone = ZoneInfo(location.timezone)
    rows = TimeOff.objects.for_organization(location.organization_id).filter(
        resource__location=location, cancelled_at__isnull=True
    )
    if resource_id is not None:
        rows = rows.filter(resource=resource_id)
    ids = sorted(set(rows.values_list("resource_id", flat=True)))
    stale = not_materialized(location.organization_id, ids, first=first, last=last, zone=zone)
    for start in range(0, len(stale), RESOURCES_A_BATCH):
        _roll_batch(
            organization_id=location.organization_id,
            resource_ids=stale[start : start + RESOURCES_A_BATCH],
            first=first,
            last=last,
            zone=zone,
        )
    return len(stale)
