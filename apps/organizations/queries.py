"""Reads of the tenant for higher layers."""

from uuid import UUID

from apps.organizations.errors import InvalidApiKey
from apps.organizations.models import ApiKey, Organization


def organization_of_key(api_key_id: UUID) -> Organization:
    """The organization of a key that is still good, with its policy, fresh. Raises InvalidApiKey."""
    api_key = (
        ApiKey.objects.all_organizations(reason="the key is what names the organization")
        .filter(id=api_key_id, revoked_at__isnull=True, organization__active=True)
        .select_related("organization__policy")
        .first()
    )
    if api_key is None:
        raise InvalidApiKey
    return api_key.organization
