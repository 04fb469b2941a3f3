"""Who calls `/admin/v1`: the access token names a member; what they are is read anew on every request."""

from dataclasses import dataclass
from typing import cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.core.actors import Actor
from apps.core.errors import TokenInvalid
from apps.organizations.models import Membership, Organization, User
from apps.organizations.staff import actor_of
from apps.organizations.staff_tokens import membership_of, read_access_token

SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class StaffCaller:
    """The member who calls, as they are at this moment."""

    membership: Membership

    @property
    def organization(self) -> Organization:
        """The one that the token is for; nothing of any other is in reach."""
        return self.membership.organization

    @property
    def role(self) -> str:
        """The role of now, whatever the token says."""
        return self.membership.role

    @property
    def actor(self) -> Actor:
        """The person as commands and the audit log know them."""
        return actor_of(self.membership)


class StaffTokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer …`."""

    def authenticate(self, request: Request) -> tuple[User, StaffCaller] | None:
        """The caller, in `request.auth`; None without the header. Raises TokenInvalid, TokenExpired."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != SCHEME:
            raise TokenInvalid("Send the access token as “Authorization: Bearer …”.")
        membership = membership_of(read_access_token(token.strip()))
        if membership is None:
            raise TokenInvalid
        return membership.user, StaffCaller(membership)

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  (DRF's signature)
        """What a 401 asks for."""
        return 'Bearer realm="admin/v1"'


def staff_of(request: Request) -> StaffCaller:
    """The authenticated caller of an `/admin/v1` view."""
    return cast("StaffCaller", request.auth)


class StaffTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped library
    """How the OpenAPI document describes the token."""

    target_class = StaffTokenAuthentication
    name = "StaffToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        """A bearer token."""
        return {"type": "http", "scheme": SCHEME, "bearerFormat": "JWT"}
