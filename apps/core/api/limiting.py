"""Rate limits of `/v1`, before anything else is done for a request (seed 003, DESIGN §10).

A request counts under its address and under its visitor's session: a new session does not buy more, and
neither does a new address. Both are looked at in one round trip to Redis.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.security import SecurityMiddleware

from apps.core.addresses import client_address, whose, within
from apps.core.api.exceptions import PROBLEM_TYPE, RateLimited, problem_of
from apps.core.limits import Counted, Verdict, take

PREFIX = "/v1/"
READING = frozenset({"GET", "HEAD"})
UNCOUNTED = frozenset({"OPTIONS", "TRACE"})
# Each of these POSTs claims somebody's time, or a place in the queue for it.
CLAIMS = frozenset({"bookings", "holds", "checkout", "waitlist"})
EVENTS_DEPTH = 3  # sessions/{id}/events


def kind_of(method: str, path: str) -> str | None:
    """Which of the RATE_LIMITS a request counts under; None for what is not counted here."""
    if not path.startswith(PREFIX) or method in UNCOUNTED:
        return None
    words = path[len(PREFIX) :].rstrip("/").split("/")
    if words[:2] == ["bookings", "manage"]:
        return "MANAGE"
    if words[0] == "booking-flow-routers" and words[-1] == "resolve":
        return "VISITS"
    if method in READING:
        return "READS"
    if words[0] == "sessions":
        return "EVENTS" if len(words) == EVENTS_DEPTH else "VISITS"
    return "BOOKINGS" if len(words) == 1 and words[0] in CLAIMS else "CHANGES"


class RateLimitMiddleware:
    """Counts, refuses with 429, and tells everybody else in headers how much is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # A browser shows a refusal to the widget only with the headers that every answer has.
        self.refuse: Callable[[HttpRequest], Any] = SecurityMiddleware(CorsMiddleware(_refusal))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.RATE_LIMITS_ENABLED:
            return self.get_response(request)
        path = request.path_info
        kind = kind_of(request.method or "", path)
        if kind is None:
            return self.get_response(request)
        address = client_address(request)
        if within(address, settings.RATE_LIMIT_EXEMPT):
            return self.get_response(request)
        counted = _counted(request, kind, path, whose(address))
        verdict = take(kind, counted, seconds=settings.RATE_LIMITS[kind]["SECONDS"])
        if verdict is None:
            return self.get_response(request)
        if verdict.allowed:
            response = self.get_response(request)
        else:
            request.too_fast = verdict  # type: ignore[attr-defined]  # ours, read by _refusal
            response = self.refuse(request)
        response.headers["RateLimit-Limit"] = str(verdict.limit)
        response.headers["RateLimit-Remaining"] = str(verdict.remaining)
        response.headers["RateLimit-Reset"] = str(verdict.reset_after)
        return response


def _counted(request: HttpRequest, kind: str, path: str, address: str) -> list[Counted]:
    limits = settings.RATE_LIMITS[kind]
    counted = [Counted(f"ip:{address}", limits["PER_IP"])]
    # A beacon sends no headers: its session stands in the address.
    session = path.split("/")[3] if kind == "EVENTS" else request.META.get("HTTP_X_SESSION_TOKEN")
    if session:
        counted.append(Counted(f"session:{_short(session)}", limits["PER_SESSION"]))
    return counted


def _short(secret: str) -> str:
    """Redis is not told anybody's token. Whether it is a true one is asked later; false ones buy nothing."""
    return blake2b(secret.encode(errors="replace"), digest_size=12).hexdigest()


def _refusal(request: HttpRequest) -> HttpResponse:
    verdict: Verdict = request.too_fast  # type: ignore[attr-defined]
    error = too_fast(verdict)
    response = JsonResponse(problem_of(error), status=int(error.status), content_type=PROBLEM_TYPE)
    response.headers["Retry-After"] = str(verdict.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def too_fast(verdict: Verdict) -> RateLimited:
    """The refusal, with the seconds to wait."""
    seconds = verdict.retry_after
    unit = "second" if seconds == 1 else "seconds"
    return RateLimited(f"That was a bit fast. Wait {seconds} {unit} and try again.", retry_after=seconds)
