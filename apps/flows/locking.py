"""The lock of a draft: whoever publishes it or saves its graph holds its flow's row."""

from typing import Any
from uuid import UUID

from apps.core.errors import NotFound
from apps.flows.models import BookingFlow, FlowStatus


def lock_flow(organization_id: UUID, *, whole: bool = False, **which: Any) -> BookingFlow:
    """Lock one flow, `id=…` or by something of its own. Raises NotFound (also for a deleted one).

    `whole` also keeps others from pointing to it meanwhile, which only its end has to.
    """
    flow = (
        BookingFlow.objects.for_organization(organization_id)
        .exclude(status=FlowStatus.DELETED)
        .select_for_update(no_key=not whole, of=("self",))
        .filter(**which)
        .first()
    )
    if flow is None:
        raise NotFound
    return flow
