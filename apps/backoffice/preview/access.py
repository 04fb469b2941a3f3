"""Who may look at a business's drafts, and on whose behalf the public reads answer then."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from apps.core.errors import NotFound
from apps.organizations.api.authentication import Caller
from apps.organizations.models import Organization
from apps.organizations.staff import Access, Area, access_of


@dataclass(frozen=True, slots=True)
class StaffCaller(Caller):
    """Somebody signed in to the back office who looks at times as a customer would."""

    def fresh_organization(self) -> Organization:
        """By its id. Raises NotFound."""
        return organization_of(self.organization.id)


def organization_of(organization_id: UUID) -> Organization:
    """A business with its policy. Raises NotFound."""
    organization = Organization.objects.select_related("policy").filter(id=organization_id).first()
    if organization is None:
        raise NotFound
    return organization


class BackOfficeAuthentication(BaseAuthentication):
    """The back office's own cookie; only ever for reads, so that no CSRF token is asked for."""

    def authenticate(self, request: Request) -> tuple[Any, Access]:
        """The person, and in `request.auth` where they work. Raises NotAuthenticated, PermissionDenied."""
        access = _access(request)
        return request._request.user, access  # noqa: SLF001  (Django's request, as Django's middleware left it)

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Session"


class PreviewAuthentication(BackOfficeAuthentication):
    """For public reads at an address that names the organization: `request.auth` is a caller, as there."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        """Raises NotAuthenticated, PermissionDenied, NotFound for a business of others."""
        access = _access(request)
        address: Any = request._request.resolver_match  # noqa: SLF001  (as above)
        organization_id: UUID = address.kwargs["organization_id"]
        if organization_id not in access.organization_ids(Area.CATALOGUE):
            raise NotFound
        caller = StaffCaller(organization=access.organizations[organization_id])
        return request._request.user, caller  # noqa: SLF001  (as above)


def _access(request: Request) -> Access:
    person = request._request.user  # noqa: SLF001  (as above)
    if not person.is_authenticated:
        raise NotAuthenticated
    access = access_of(request._request)  # noqa: SLF001  (as above)
    if not access.may(Area.CATALOGUE):
        raise PermissionDenied
    return access
