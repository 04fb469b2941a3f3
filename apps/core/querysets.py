"""Chainable filters shared by every tenant table."""

from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models

ModelT = TypeVar("ModelT", bound=models.Model)


class TenantQuerySet(models.QuerySet[ModelT]):
    """Rows of one organization. Start every query on tenant data with one of these two."""

    def for_organization(self, organization: Any) -> Self:
        """Only this organization's rows; takes the organization or its id."""
        organization_id: UUID = getattr(organization, "pk", organization)
        return self.filter(organization_id=organization_id)

    def all_organizations(self, *, reason: str) -> Self:
        """Every tenant's rows, for sweeps and platform commands; `reason` says why to the reader."""
        del reason
        return self.all()
