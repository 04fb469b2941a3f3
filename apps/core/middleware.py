"""The edge of every HTTP request."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.core.context import request_id_scope
from apps.core.ids import new_id

ACCEPTABLE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Takes `X-Request-Id` if it is well-formed, else makes one; logs carry it and the answer returns it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if ACCEPTABLE_REQUEST_ID.fullmatch(given) else str(new_id())
        with request_id_scope(request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response
