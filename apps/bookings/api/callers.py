"""Who calls `/v1`: beside the key, perhaps a customer who has signed in; and as whom a checkout acts."""

from typing import Any
from uuid import UUID

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.core.actors import Actor, ActorKind
from apps.core.api.exceptions import NotAuthenticated, NotPermitted
from apps.core.errors import TokenInvalid
from apps.organizations.api.authentication import (
    ApiCaller,
    ApiKeyAuthentication,
    caller_of,
    key_of,
    session_actor,
)
from apps.organizations.api.staff_authentication import StaffTokenAuthentication
from apps.organizations.models import ApiKeyKind, Role, User

KEY_AND_CUSTOMER: dict[str, list[str]] = {"ApiKey": [], "CustomerToken": []}
# What the OpenAPI document says where both are fine.
KEY_OR_BOTH: list[Any] = [{"ApiKey": []}, KEY_AND_CUSTOMER]


class KeyPerhapsCustomer(BaseAuthentication):
    """The key, and `Authorization: Bearer …` of a customer if they have signed in."""

    def authenticate(self, request: Request) -> tuple[User | None, ApiCaller]:
        """The caller, in `request.auth`; the customer's account, if there is one, in `request.user`.

        Raises InvalidApiKey, OriginNotAllowed; TokenInvalid, TokenExpired; NotPermitted for staff.
        """
        _, caller = ApiKeyAuthentication().authenticate(request)
        signed_in = StaffTokenAuthentication().authenticate(request)
        if signed_in is None:
            return None, caller
        user, member = signed_in
        if member.organization.id != caller.organization.id:
            raise TokenInvalid
        if member.role != Role.USER:
            raise NotPermitted("Staff see customers under /admin/v1. Sign in with a customer's account.")
        return user, caller

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  (DRF's signature)
        """What a 401 asks for."""
        return "ApiKey"


class KeyAndCustomer(KeyPerhapsCustomer):
    """The key, and a customer who has signed in."""

    def authenticate(self, request: Request) -> tuple[User | None, ApiCaller]:
        """As above. Raises NotAuthenticated where nobody has signed in."""
        user, caller = super().authenticate(request)
        if user is None:
            raise NotAuthenticated("Sign in with POST /v1/customers/token and send the access token.")
        return user, caller

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  (DRF's signature)
        """What a 401 asks for."""
        return 'Bearer realm="v1/customers"'


def account_of(request: Request) -> UUID | None:
    """The account of the customer who has signed in, if one has."""
    return request.user.id if isinstance(request.user, User) else None


def checkout_actor(request: Request) -> Actor:
    """The visitor of the session token; with a secret key the business's server. Raises SessionExpired."""
    key = key_of(request)
    if key.kind != ApiKeyKind.SECRET:
        return session_actor(request)
    return Actor(
        kind=ActorKind.SECRET_KEY,
        organization_id=key.organization_id,
        id=str(key.id),
        label=f"Key {key.name}"[:120],
    )


def customer_actor(request: Request) -> Actor:
    """The customer who has signed in, as the audit log names them: by their account, not by their name."""
    return Actor(
        kind=ActorKind.CUSTOMER,
        organization_id=caller_of(request).organization.id,
        id=str(account_of(request)),
        label="Customer",
    )


class KeyAndCustomerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped library
    """How the OpenAPI document describes it: the key and the token, both of them."""

    target_class = KeyAndCustomer
    name = "CustomerToken"

    def get_security_requirement(self, auto_schema: object) -> dict[str, list[str]]:  # noqa: ARG002
        """One without the other is not enough."""
        return KEY_AND_CUSTOMER

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
