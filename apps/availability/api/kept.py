"""Answers kept in this process, replayed before anything else is done (offering/reading.py).

A view that answers through `kept_response` says how its answer can be made anew. The middleware keeps the
answer as the whole chain sent it (security and CORS headers too) under everything that it could depend on:
address, query, key, origin, visitor, variant. A replay costs one look at the database: has anything changed?
If only time was taken or freed, the answer is made anew without asking again who asks, or reading settings.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from apps.availability.offering.openings import MICROSECOND, micros
from apps.availability.offering.reading import Answer, Reading
from apps.availability.offering.search import LIFETIME
from apps.availability.offering.stamps import LOOKS, Stamp
from apps.core.shelf import Shelf

PREFIX = "/v1/"
CONTENT_TYPE = "application/json"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Shared caches must not keep what is one visitor's; browsers may, if they ask each time.
CACHE_CONTROL = "private, no-cache"
# What an answer may depend on, apart from its address and query: what is drawn for a visitor, on who that is.
VISITOR = ("HTTP_X_SESSION_TOKEN", "REMOTE_ADDR")
DEPENDS_ON = (
    "HTTP_X_API_KEY",
    "HTTP_ORIGIN",
    "HTTP_X_EXPOSURE_VARIANT",
    "HTTP_ACCEPT",
    "HTTP_AUTHORIZATION",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
)
Key = tuple[object, ...]


Store = Mapping[str, tuple[str, str]]


class Kept(NamedTuple):
    """An answer, what it rests on, and how to make it anew. `dies_at` ends the question itself.

    `store` has the headers as Django's responses have them: by lower-cased name.
    """

    reading: Reading
    of: tuple[str, str]
    settings: int
    total: int
    body: bytes
    valid_until: int
    dies_at: int
    store: Store

    def response(self) -> HttpResponse:
        """The answer as it was sent."""
        response = HttpResponse(self.body)
        # They went through Django's checks once; to set a dozen headers again is a third of a replay.
        response.headers._store.update(self.store)  # noqa: SLF001
        return response


MAX_ANSWERS = 2048
MAX_BYTES = 32 * 1024 * 1024
KEPT: Shelf[Key, Kept] = Shelf(MAX_ANSWERS, weight=MAX_BYTES)


class KeptResponse(HttpResponse):
    """An answer that the middleware may keep."""

    reading: Reading
    stamp: Stamp
    answer: Answer


def kept_response(reading: Reading, stamp: Stamp) -> HttpResponse:
    """Answer a question as of its stamp, for the middleware to keep where the answer says that it may."""
    answer = reading.answer(stamp)
    response = KeptResponse(answer.body, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["ETag"] = _etag(answer)
    for name, value in answer.headers.items():
        response.headers[name] = value
    response.reading, response.stamp, response.answer = reading, stamp, answer
    return response


def _etag(answer: Answer) -> str:
    return f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'


def _keep(
    key: Key,
    reading: Reading,
    stamp: Stamp,
    answer: Answer,
    *,
    dies_at: int,
    store: Store,
    of: tuple[str, str] | None = None,
) -> Kept | None:
    if answer.valid_until is None:
        return None
    of_the_body = {
        "content-length": ("Content-Length", str(len(answer.body))),
        "etag": ("ETag", _etag(answer)),
    }
    kept = Kept(
        reading=reading,
        of=of or (str(reading.organization_id), str(reading.location_id)),
        settings=stamp.state.settings,
        total=stamp.state.total,
        body=answer.body,
        valid_until=micros(answer.valid_until),
        dies_at=dies_at,
        store={**store, **of_the_body},
    )
    return KEPT.put(key, kept, weight=len(kept.body))


class KeptAnswersMiddleware:
    """Stands right behind the request's id; what must be counted or refused first stands before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self._after_forgetting(request)
        if request.method != "GET" or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        meta = request.META
        key = (request.path_info, meta.get("QUERY_STRING"), *map(meta.get, DEPENDS_ON))
        own = (*key, *map(meta.get, VISITOR))
        response = _replay(key) or _replay(own)
        if response is None:
            response = self.get_response(request)
            if isinstance(response, KeptResponse):
                _keep(
                    key if getattr(response.reading, "showing", None) is None else own,
                    response.reading,
                    response.stamp,
                    response.answer,
                    dies_at=response.stamp.at + LIFETIME // MICROSECOND,
                    store={name.lower(): (name, value) for name, value in response.headers.items()},
                )
        return _unless_known(request, response)

    def _after_forgetting(self, request: HttpRequest) -> HttpResponse:
        """Whoever has changed something in this process sees it in the next answer of this process."""
        try:
            return self.get_response(request)
        finally:
            LOOKS.forget()


def _replay(key: Key) -> HttpResponse | None:
    """The kept answer if it still holds, or made anew; None where the view has to be asked."""
    kept = KEPT.get(key)
    if kept is None:
        return None
    try:
        stamp = LOOKS.stamp(*kept.of)
        if stamp.state.settings != kept.settings or stamp.at >= kept.dies_at:
            return None
        if stamp.state.total == kept.total and stamp.at < kept.valid_until:
            return kept.response()
        answer = kept.reading.answer(stamp)
    except DatabaseError:
        return None  # the view comes to the same end, with a fresh connection or a proper error
    anew = _keep(key, kept.reading, stamp, answer, dies_at=kept.dies_at, store=kept.store, of=kept.of)
    return None if anew is None else anew.response()


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
