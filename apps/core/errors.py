"""Errors that mean something to a caller: a stable code, a status for the API, and data.

Every code is listed in docs/errors.md, and a test compares the two.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal that a caller can act on. Subclasses set `code`, `status` and a plain `detail`."""

    code: ClassVar[str] = "DOMAIN_ERROR"
    status: ClassVar[HTTPStatus] = HTTPStatus.CONFLICT
    default_detail: ClassVar[str] = "That is not possible."

    def __init__(self, detail: str | None = None, **data: Any) -> None:
        self.detail = detail or self.default_detail
        self.data = data
        super().__init__(f"{self.code}: {self.detail}")


class NotFound(DomainError):
    """No such thing in this organization; another tenant's things do not exist either."""

    code = "NOT_FOUND"
    status = HTTPStatus.NOT_FOUND
    default_detail = "There is nothing here by that id."


class InvalidInput(DomainError):
    """The values are well-formed, but no valid request has them. `errors` names the fields."""

    code = "VALIDATION_ERROR"
    status = HTTPStatus.BAD_REQUEST
    default_detail = "Some values need another look."

    def __init__(self, errors: dict[str, list[str]], detail: str | None = None) -> None:
        super().__init__(detail, errors=errors)


class MalformedJSON(DomainError):
    """The body is not JSON."""

    code = "MALFORMED_JSON"
    status = HTTPStatus.BAD_REQUEST
    default_detail = "The body is not valid JSON."


class PayloadTooLarge(DomainError):
    """The body is larger than any request needs."""

    code = "PAYLOAD_TOO_LARGE"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large."


class IdempotencyKeyMissing(DomainError):
    """A mutation without an `Idempotency-Key` can't be repeated safely."""

    code = "IDEMPOTENCY_KEY_MISSING"
    status = HTTPStatus.BAD_REQUEST
    default_detail = "Send an Idempotency-Key header: a new UUID for each thing that you want done once."


class IdempotencyKeyReused(DomainError):
    """The same key came with another payload."""

    code = "IDEMPOTENCY_KEY_REUSED"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another request. Make a new key."


class IdempotencyInProgress(DomainError):
    """The first request with this key has not ended yet."""

    code = "IDEMPOTENCY_IN_PROGRESS"
    status = HTTPStatus.CONFLICT
    default_detail = "The same request is still being worked on. Try again in a second."

    def __init__(self) -> None:
        super().__init__(retry_after=1)


class StaleVersion(DomainError):
    """Somebody else changed it after the caller had read it. The API adds `current`, the state of now."""

    code = "STALE_VERSION"
    status = HTTPStatus.CONFLICT
    default_detail = "Somebody else changed this meanwhile. Look at it as it is now, then decide."

    def __init__(self, *, current_version: int) -> None:
        super().__init__(current_version=current_version)


class TokenInvalid(DomainError):
    """A token is missing, forged, expired, or names something else."""

    code = "TOKEN_INVALID"
    status = HTTPStatus.UNAUTHORIZED
    default_detail = "This token is not valid here."


class SessionExpired(DomainError):
    """The visitor's session token is missing, forged or too old."""

    code = "SESSION_EXPIRED"
    status = HTTPStatus.UNAUTHORIZED
    default_detail = "Your session has ended. Start again; what you typed is still on your device."


def all_error_classes(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every error class that has been imported, for the documentation's test and the schema."""
    for error_class in base.__subclasses__():
        yield error_class
        yield from all_error_classes(error_class)
