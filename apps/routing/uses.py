"""What of routing leads to a flow, as flows ask for it before one is deleted."""

from uuid import UUID

from apps.flows.neighbours import Use
from apps.routing.models import BookingFlowRouter, RouterVariant


def uses_of_flow(organization_id: UUID, flow_id: UUID) -> list[Use]:
    """Every rule that leads some or all of its visitors to the flow, also those that are switched off."""
    rules = BookingFlowRouter.objects.for_organization(organization_id)
    leading = rules.filter(flow_id=flow_id) | rules.filter(
        id__in=RouterVariant.objects.for_organization(organization_id)
        .filter(flow_id=flow_id)
        .values("router_id")
    )
    return [
        Use(words=f"the routing rule “{rule}”", id=rule.id)
        for rule in leading.select_related("flow").order_by("is_default", "priority", "id")
    ]
