"""The product's WSGI application with an empty Django view beside it, both on the same server.

The baseline is as lean as Django gets: `/empty` goes through a handler of its own, without any middleware.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings
from django.urls import path

from benchmarks.cold import asked, make_cold
from scheduler_project import wsgi

Answer = Iterable[bytes]


def empty(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (Django's signature)
    """Nothing."""
    return HttpResponse(b"")


urlpatterns = [path("empty", empty)]


class BareHandler(WSGIHandler):
    """Django without middleware, with the empty view as its only address."""

    def __init__(self) -> None:
        with override_settings(MIDDLEWARE=[]):
            super().__init__()

    def get_response(self, request: HttpRequest) -> Any:
        """Route by this module's own addresses."""
        request.urlconf = __name__  # type: ignore[attr-defined]  # Django's hook for it
        return super().get_response(request)


product = wsgi.application
bare = BareHandler()
if os.environ.get("BENCHMARK_COLD"):
    make_cold(whose=os.environ["BENCHMARK_COLD"])


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """The empty view, or the product."""
    if environ["PATH_INFO"] == "/empty":
        return bare(environ, start_response)
    asked.set(environ["QUERY_STRING"])
    return product(environ, start_response)
