"""Answers kept in this process, replayed before anything else is done (apps/availability/reading.py).

A view that answers through `kept_response` says how its answer can be made anew. The middleware keeps the
answer as the whole chain sent it (security and CORS headers too) under everything that it could depend on:
address, query, key, origin, visitor, variant. A replay costs one look at the database: has anything changed?
If only time was taken or freed, the answer is made anew without asking again who asks, or reading settings.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from apps.availability.openings import micros
from apps.availability.reading import Answer, Reading, Shelf, Stamp, read_stamp
from apps.availability.search import LIFETIME

PREFIX = "/v1/"
CONTENT_TYPE = "application/json"
# Shared caches must not keep what is one visitor's; browsers may, if they ask each time.
CACHE_CONTROL = "private, no-cache"
# What an answer may depend on, apart from its address and query.
DEPENDS_ON = (
    "HTTP_X_API_KEY",
    "HTTP_ORIGIN",
    "HTTP_X_SESSION_TOKEN",
    "HTTP_X_EXPOSURE_VARIANT",
    "HTTP_ACCEPT",
    "HTTP_AUTHORIZATION",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "REMOTE_ADDR",
)
# These are said anew of each answer.
OF_THE_BODY = frozenset({"content-length", "etag"})

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, what it rests on, and how to make it anew. `dies_at` ends the question itself."""

    reading: Reading
    stamp: Stamp
    body: bytes
    etag: str
    valid_until: int
    dies_at: int
    headers: tuple[tuple[str, str], ...] = ()

    def response(self) -> HttpResponse:
        """The answer as it was sent."""
        response = HttpResponse(self.body)
        for name, value in self.headers:
            response.headers[name] = value
        response.headers["Content-Length"] = str(len(self.body))
        response.headers["ETag"] = self.etag
        return response


KEPT: Shelf[Key, Kept] = Shelf(2048)


class KeptResponse(HttpResponse):
    """An answer that the middleware may keep."""

    kept: Kept


def kept_response(reading: Reading, stamp: Stamp) -> HttpResponse:
    """Answer a question as of its stamp, for the middleware to keep where the answer says that it may."""
    answer = reading.answer(stamp)
    response = KeptResponse(answer.body, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["ETag"] = _etag(answer)
    for name, value in answer.headers.items():
        response.headers[name] = value
    kept = _kept(reading, stamp, answer, dies_at=stamp.at + micros_of_lifetime())
    if kept is not None:
        response.kept = kept
    return response


def micros_of_lifetime() -> int:
    """How long a question is asked anew without being read again, in microseconds."""
    return int(LIFETIME.total_seconds() * 1_000_000)


def _etag(answer: Answer) -> str:
    return f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'


def _kept(reading: Reading, stamp: Stamp, answer: Answer, *, dies_at: int) -> Kept | None:
    if answer.valid_until is None:
        return None
    return Kept(reading, stamp, answer.body, _etag(answer), micros(answer.valid_until), dies_at)


class KeptAnswersMiddleware:
    """Stands right behind the request's id; what must be counted or refused first stands before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        meta = request.META
        key = (request.path_info, meta.get("QUERY_STRING"), *map(meta.get, DEPENDS_ON))
        response = _replay(key)
        if response is None:
            response = self.get_response(request)
            if isinstance(response, KeptResponse) and hasattr(response, "kept"):
                _keep(key, response.kept, response)
        return _unless_known(request, response)


def _keep(key: Key, kept: Kept, response: HttpResponse) -> None:
    headers = tuple(
        (name, value) for name, value in response.headers.items() if name.lower() not in OF_THE_BODY
    )
    KEPT.put(
        key,
        Kept(kept.reading, kept.stamp, kept.body, kept.etag, kept.valid_until, kept.dies_at, headers),
    )


def _replay(key: Key) -> HttpResponse | None:
    """The kept answer if it still holds, or made anew; None where the view has to be asked."""
    kept = KEPT.get(key)
    if kept is None:
        return None
    try:
        stamp = read_stamp(kept.reading.organization_id, kept.reading.location_id)
        if stamp.settings != kept.stamp.settings or stamp.at >= kept.dies_at:
            return None
        if stamp.is_as(kept.stamp) and stamp.at < kept.valid_until:
            return kept.response()
        return _made_anew(key, kept, stamp)
    except DatabaseError:
        return None  # the view comes to the same end, with a fresh connection or a proper error


def _made_anew(key: Key, kept: Kept, stamp: Stamp) -> HttpResponse | None:
    answer = kept.reading.answer(stamp)
    if answer.valid_until is None:
        return None
    anew = Kept(
        kept.reading,
        stamp,
        answer.body,
        _etag(answer),
        micros(answer.valid_until),
        kept.dies_at,
        kept.headers,
    )
    return KEPT.put(key, anew).response()


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 for those who have this very answer already."""
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known is None or response.status_code != 200 or not isinstance(response, HttpResponse):  # noqa: PLR2004
        return response
    etag = response.headers.get("ETag")
    if etag is None or etag not in [value.strip().removeprefix("W/") for value in known.split(",")]:
        return response
    unchanged = HttpResponseNotModified()
    for name, value in response.headers.items():
        if name.lower() not in {"content-length", "content-type"}:
            unchanged.headers[name] = value
    return unchanged
