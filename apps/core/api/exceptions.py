"""The one place where an exception becomes an answer: RFC 9457 problem+json with a stable code."""

import math
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.core.context import current_request_id
from apps.core.errors import DomainError, InvalidInput, MalformedJSON, NotFound
from apps.core.measures import CONFLICTS

PROBLEM_TYPE = "application/problem+json"


class NotAuthenticated(DomainError):
    """The caller has not said who they are."""

    code = "NOT_AUTHENTICATED"
    status = HTTPStatus.UNAUTHORIZED
    default_detail = "Say who you are: send X-Api-Key or sign in."


class NotPermitted(DomainError):
    """The caller may not do this."""

    code = "NOT_PERMITTED"
    status = HTTPStatus.FORBIDDEN
    default_detail = "You may not do this."


class MethodNotAllowed(DomainError):
    """The address exists, but not for this method."""

    code = "METHOD_NOT_ALLOWED"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    default_detail = "This address does not take that method."


class UnsupportedMediaType(DomainError):
    """The body is of a kind that the API does not read."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    default_detail = "Send application/json."


class NotAcceptable(DomainError):
    """The caller accepts nothing that the API writes."""

    code = "NOT_ACCEPTABLE"
    status = HTTPStatus.NOT_ACCEPTABLE
    default_detail = "The API answers application/json only."


class RateLimited(DomainError):
    """Too many requests in a short time."""

    code = "RATE_LIMITED"
    status = HTTPStatus.TOO_MANY_REQUESTS
    default_detail = "That was a bit fast. Wait a moment and try again."


_TRANSLATIONS: list[tuple[type[Exception], type[DomainError]]] = [
    (drf.ParseError, MalformedJSON),
    (Http404, NotFound),
    (drf.NotFound, NotFound),
    (drf.NotAuthenticated, NotAuthenticated),
    (drf.AuthenticationFailed, NotAuthenticated),
    (PermissionDenied, NotPermitted),
    (drf.PermissionDenied, NotPermitted),
    (drf.MethodNotAllowed, MethodNotAllowed),
    (drf.UnsupportedMediaType, UnsupportedMediaType),
    (drf.NotAcceptable, NotAcceptable),
]


def problem_json(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What is not ours to explain goes on and becomes a logged 500."""
    error = as_domain_error(exc)
    if error is None:
        return None
    set_rollback()
    if error.status == HTTPStatus.CONFLICT:
        CONFLICTS.count(error.code)
    response = Response(
        problem_of(error), status=int(error.status), content_type=PROBLEM_TYPE, headers=_headers(error)
    )
    response["Cache-Control"] = "no-store"
    if error.status == HTTPStatus.UNAUTHORIZED and (asks_for := _authenticate_header(context)):
        response["WWW-Authenticate"] = asks_for
    return response


def _authenticate_header(context: dict[str, Any]) -> str | None:
    """What the view would like to see instead (RFC 9110 asks for it with every 401)."""
    view, request = context.get("view"), context.get("request")
    return view.get_authenticate_header(request) if view is not None and request is not None else None


def as_domain_error(exc: Exception) -> DomainError | None:
    """The domain error that an exception stands for, or None."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, drf.ValidationError):
        return InvalidInput(flatten_errors(exc.detail))
    if isinstance(exc, drf.Throttled):
        return RateLimited(retry_after=math.ceil(getattr(exc, "wait", None) or 1))
    for kind, meaning in _TRANSLATIONS:
        if isinstance(exc, kind):
            return meaning()
    return None


def problem_of(error: DomainError) -> dict[str, Any]:
    """The RFC 9457 body of an error."""
    return {
        "type": "about:blank",
        "title": error.status.phrase,
        "status": int(error.status),
        "code": error.code,
        "detail": error.detail,
        "request_id": current_request_id(),
        **error.data,
    }


def _headers(error: DomainError) -> dict[str, str]:
    retry_after = error.data.get("retry_after")
    return {"Retry-After": str(retry_after)} if retry_after else {}


def flatten_errors(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested error detail as `{"customer.phone": ["…"]}`."""
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            flat |= flatten_errors(value, ".".join(part for part in (prefix, name) if part))
        return flat
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        flat = {}
        for index, item in enumerate(detail):
            if item:
                flat |= flatten_errors(item, f"{prefix}[{index}]")
        return flat
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "body": [str(message) for message in messages]}
