"""What is said beside a refusal for want of room: what is free nearby."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from apps.availability.errors import SlotFull
from apps.bookings.placing.nearby import Alternative, alternatives_to
from apps.bookings.types import Wanted
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.organizations.models import OrganizationPolicy


@contextmanager
def offering_alternatives(
    actor: Actor, policy: OrganizationPolicy, wanted: Sequence[Wanted]
) -> Iterator[None]:
    """A refusal for want of room says what is free nearby; looked up after the transaction has ended."""
    try:
        yield
    except SlotFull as error:
        which = error.data.get("visit")
        found = alternatives_to(actor.organization_id, policy, wanted[which or 0], now=app_now())
        raise SlotFull(alternatives=[_body(one) for one in found], visit=which) from error


def _body(alternative: Alternative) -> dict[str, Any]:
    """A free time that stands in for one that is gone. `slot_id` and `resource` are the first line's."""
    return {
        "start_at": _iso(alternative.start_at),
        "end_at": _iso(alternative.end_at),
        "slot_id": None if alternative.slot_id is None else str(alternative.slot_id),
        "resource": {"id": str(alternative.resource_id), "name": alternative.resource_name},
        "lines": [
            {
                "service_id": None if line.service_id is None else str(line.service_id),
                "resource": {"id": str(line.resource_id), "name": line.resource_name},
                "periods": [
                    {"start_at": _iso(period.start), "end_at": _iso(period.end)} for period in line.periods
                ],
            }
            for line in alternative.lines
        ],
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
