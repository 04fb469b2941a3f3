"""Chainable filters of flows and of what belongs to one; the parts' organization is their flow's."""

from typing import Any, Self

from apps.core.querysets import ModelT, TenantQuerySet


class FlowQuerySet(TenantQuerySet[ModelT]):
    """Flows of an organization."""

    def published(self) -> Self:
        """Those that customers can be led to."""
        return self.filter(status="published")


class StepQuerySet(TenantQuerySet[ModelT]):
    """Steps of an organization's flows."""

    def for_organization(self, organization: Any) -> Self:
        """Only steps of this organization's flows; takes the organization or its id."""
        return self.filter(flow__organization_id=getattr(organization, "pk", organization))


class GraphQuerySet(TenantQuerySet[ModelT]):
    """Nodes, or edges, of an organization's graphs."""

    def for_organization(self, organization: Any) -> Self:
        """Only those of this organization's flows; takes the organization or its id."""
        return self.filter(step__flow__organization_id=getattr(organization, "pk", organization))
