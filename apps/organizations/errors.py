"""What can be wrong with a caller's credentials."""

from http import HTTPStatus

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
