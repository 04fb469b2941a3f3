"""Whose graph may be edited by whom."""

from uuid import UUID

from django.http import HttpRequest

from apps.core.errors import NotFound
from apps.flows.models import BookingFlowStep, FlowStatus, StepType
from apps.organizations.staff import Area, access_of


def own_step(request: HttpRequest, step_id: UUID) -> BookingFlowStep:
    """A service-selection step of one's own businesses, with its flow. Raises NotFound. One query."""
    step = (
        BookingFlowStep.objects.all_organizations(reason="a person may work for several businesses")
        .filter(
            id=step_id,
            step_type=StepType.SERVICE_SELECTION,
            flow__organization__in=access_of(request).organization_ids(Area.CATALOGUE),
        )
        .exclude(flow__status=FlowStatus.DELETED)
        .select_related("flow")
        .first()
    )
    if step is None:
        raise NotFound
    return step
