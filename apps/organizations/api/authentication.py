"""Who calls `/v1`: the API key names the organization, the session token names the visitor."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.core.actors import Actor
from apps.core.errors import SessionExpired
from apps.core.tokens import verify_session_token
from apps.organizations.commands.note_first_load import note_first_load
from apps.organizations.errors import OriginNotAllowed
from apps.organizations.keys import Stamp, known_key
from apps.organizations.models import ApiKey, ApiKeyKind, Organization
from apps.organizations.queries import organization_of_key


@dataclass(frozen=True, slots=True)
class Caller(ABC):
    """On whose behalf a public read is answered. The organization may be as old as the key's cache."""

    organization: Organization

    @abstractmethod
    def fresh_organization(self) -> Organization:
        """The organization with its policy, as it is now; raises where the caller is no longer let in."""


@dataclass(frozen=True, slots=True)
class ApiCaller(Caller):
    """The key that a request came with, its organization, and the stamp of both as of this request."""

    api_key: ApiKey
    stamp: Stamp

    def fresh_organization(self) -> Organization:
        """By the key. Raises InvalidApiKey."""
        return organization_of_key(self.api_key.id)


class ApiKeyAuthentication(BaseAuthentication):
    """Reads `X-Api-Key`. A publishable key works only from the origins on its list."""

    def authenticate(self, request: Request) -> tuple[None, ApiCaller]:
        """The caller, in `request.auth`. Raises InvalidApiKey, OriginNotAllowed."""
        api_key, stamp = known_key(request.META.get("HTTP_X_API_KEY", ""))
        origin = request.headers.get("Origin")
        _check_origin(api_key, origin)
        if origin and api_key.first_seen_at is None and api_key.kind == ApiKeyKind.PUBLISHABLE:
            # Once in a key's life: from then on the key that is kept in memory says when it was.
            note_first_load(api_key=api_key, origin=origin)
        return None, ApiCaller(api_key=api_key, organization=api_key.organization, stamp=stamp)

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  (DRF's signature)
        """What a 401 asks for."""
        return "ApiKey"


def _check_origin(api_key: ApiKey, origin: str | None) -> None:
    # Browsers name the origin of every cross-origin call; same-origin GETs and servers may send none.
    if origin is not None and api_key.kind == ApiKeyKind.PUBLISHABLE and not api_key.allows_origin(origin):
        raise OriginNotAllowed


def caller_of(request: Request) -> Caller:
    """The authenticated caller of a `/v1` view."""
    return cast("Caller", request.auth)


def key_of(request: Request) -> ApiKey:
    """The API key of a `/v1` mutation."""
    return cast("ApiCaller", request.auth).api_key


def stamp_of(request: Request) -> Stamp:
    """As of when a `/v1` view that a key lets in sees the organization's configuration."""
    return cast("ApiCaller", request.auth).stamp


def session_actor(request: Request) -> Actor:
    """The visitor whose session token the request carries. Raises SessionExpired."""
    organization = caller_of(request).organization
    claims = verify_session_token(request.headers.get("X-Session-Token", ""))
    if claims.organization_id != organization.id:
        raise SessionExpired
    return Actor.session(organization.id, claims.session_id)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped library
    """How the OpenAPI document describes the key."""

    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        """An API key in a header."""
        return {"type": "apiKey", "in": "header", "name": "X-Api-Key"}
