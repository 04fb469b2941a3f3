"""The edge of every HTTP request."""

import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.core.context import request_id_scope
from apps.core.ids import new_id
from apps.core.measures import REQUESTS

ACCEPTABLE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "(none)"


def request_id_of(given: str) -> str:
    """The given id if it is well-formed (short, and harmless in headers, logs and pages), else a new one."""
    return given if ACCEPTABLE_REQUEST_ID.fullmatch(given) else str(new_id())


class RequestIdMiddleware:
    """Takes `X-Request-Id` if it is well-formed, else makes one; logs carry it and the answer returns it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_of(request.META.get("HTTP_X_REQUEST_ID", ""))
        request.request_id = request_id  # type: ignore[attr-defined]  # for what is logged after the scope
        with request_id_scope(request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class MeasuringMiddleware:
    """Notes how long each request took, by its route's template: an address itself may name a booking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Answers that are kept or refused never reach the router. What has no parameters is its own template.
        self.plain: set[str] = set()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        taken = time.perf_counter() - began
        method = request.method if request.method in METHODS else "OTHER"
        REQUESTS.observe(taken, str(method), self._route(request), str(response.status_code))
        return response

    def _route(self, request: HttpRequest) -> str:
        path = request.path_info.lstrip("/")
        match = request.resolver_match
        if match is None:
            return path if path in self.plain else NO_ROUTE
        if match.route == path:
            self.plain.add(path)
        return match.route or "/"
