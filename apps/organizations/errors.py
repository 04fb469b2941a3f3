"""What can be wrong with a caller's credentials."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from apps.core.errors import DomainError


class InvalidApiKey(DomainError):
    """No usable key is named."""

    code = "INVALID_API_KEY"
    status = HTTPStatus.UNAUTHORIZED
    default_detail = "Send your API key in the X-Api-Key header."


class OriginNotAllowed(DomainError):
    """The page that called is not on the key's list."""

    code = "ORIGIN_NOT_ALLOWED"
    status = HTTPStatus.FORBIDDEN
    default_detail = "This site may not use this API key. Add its origin to the key in the back office."


class InvalidCredentials(DomainError):
    """No such address, a wrong password or a closed account: which of them, nobody is told."""

    code = "INVALID_CREDENTIALS"
    status = HTTPStatus.UNAUTHORIZED
    default_detail = "E-mail address and password don't match."


class NotAMember(DomainError):
    """The password is right, but its owner does not work there, or there is no such organization."""

    code = "NOT_A_MEMBER"
    status = HTTPStatus.FORBIDDEN
    default_detail = "You don't work for this business. Ask one of its admins to add you."


class OrganizationRequired(DomainError):
    """Somebody works for several businesses and has not said for which; `organizations` lists them."""

    code = "ORGANIZATION_REQUIRED"
    status = HTTPStatus.CONFLICT
    default_detail = "You work for several businesses. Say which one with “organization”."

    def __init__(self, organizations: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(organizations=list(organizations))


class TokenExpired(DomainError):
    """A staff token was ours, and its time has passed."""

    code = "TOKEN_EXPIRED"
    status = HTTPStatus.UNAUTHORIZED
    default_detail = "Your sign-in has expired. Refresh it, or sign in again."
