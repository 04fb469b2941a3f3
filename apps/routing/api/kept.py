"""Answers to `resolve` that need no way through Django: decided from memory, sent as they were sent before.

The view goes the whole way once for each flow, widget, key and site. The middleware remembers the headers
that the chain put on the answer (security and CORS headers too) and the part of the body that does not depend
on the page. From then on a page costs a look at the key's stamp, a walk through the rules, and a line of
JSON. Whatever is unusual about a request goes the whole way: there is one place that says what is wrong.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from apps.core.shelf import Shelf
from apps.organizations.errors import InvalidApiKey
from apps.organizations.keys import LOOKS, Stamp
from apps.routing.addresses import BadUrl, Page
from apps.routing.answers import Answer, Part, answer_of
from apps.routing.configuration import Configuration, kept_configuration
from apps.routing.queries import Resolved
from apps.routing.splits import MAX_VISITOR_LENGTH

PATH = "/v1/booking-flow-routers/resolve"
JSON = "application/json"
# A question has an address, an id and a visitor.
LONGEST_BODY = 8 * 1024
FIELDS = frozenset({"url", "config_id", "visitor"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OK = 200
# What else an answer depends on: which site asks by which key, and how this one is called.
DEPENDS_ON = (
    "HTTP_X_API_KEY",
    "HTTP_ORIGIN",
    "HTTP_ACCEPT",
    "HTTP_AUTHORIZATION",
    "HTTP_HOST",
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
)


@dataclass(frozen=True, slots=True)
class Known:
    """The part of an answer that is the same for every page that opens this flow, and how it was sent."""

    stamp: Stamp
    organization_id: UUID
    tail: Part
    store: Mapping[str, tuple[str, str]]


# The page, the widget that it names, and the visitor.
Asked = tuple[Page, UUID | None, str]
MAX_KNOWN = 4096
_known: Shelf[tuple[object, ...], Known] = Shelf(MAX_KNOWN)
# Whose key it is, for as long as nothing about the key has changed.
_owners: Shelf[str, tuple[Stamp, UUID]] = Shelf(MAX_KNOWN)


class KeptResponse(HttpResponse):
    """An answer that the middleware may learn from."""

    resolved: Resolved
    stamp: Stamp


def keep(resolved: Resolved, stamp: Stamp) -> HttpResponse:
    """The answer to a question, to be remembered as of a stamp."""
    response = KeptResponse(resolved.answer.body, content_type=JSON)
    response.resolved, response.stamp = resolved, stamp
    return response


class KeptResolutionsMiddleware:
    """Stands before everything that an answer from memory can do without."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH or request.method not in {"GET", "POST"}:
            return self._after_forgetting(request)
        response = _from_memory(request)
        if response is None:
            response = self.get_response(request)
            if isinstance(response, KeptResponse) and response.status_code == OK:
                _learn(request, response)
        return response

    def _after_forgetting(self, request: HttpRequest) -> HttpResponse:
        """Whoever has changed something in this process sees it in the next answer of this process."""
        try:
            return self.get_response(request)
        finally:
            if request.method not in SAFE_METHODS:
                LOOKS.forget()


def _learn(request: HttpRequest, response: KeptResponse) -> None:
    resolved, token = response.resolved, request.META.get("HTTP_X_API_KEY", "")
    store = {name.lower(): (name, value) for name, value in response.headers.items()}
    known = Known(response.stamp, resolved.organization_id, resolved.tail, store)
    _owners.put(token, (response.stamp, resolved.organization_id))
    _known.put((*_sender(request), resolved.config_id, resolved.version_id), known)


def _sender(request: HttpRequest) -> tuple[object, ...]:
    return tuple(map(request.META.get, DEPENDS_ON))


def _from_memory(request: HttpRequest) -> HttpResponse | None:
    """The answer if everything that it takes is here and of now; None where the whole way has to be gone."""
    token = request.META.get("HTTP_X_API_KEY", "")
    owner = _owners.get(token)
    if owner is None:
        return None
    try:
        stamp = LOOKS.stamp(token)
    except (InvalidApiKey, DatabaseError):
        return None  # the view comes to the same end, with a proper answer
    configuration = kept_configuration(owner[1], stamp.configuration)
    if configuration is None or owner[0].key != stamp.key:
        return None
    asked = _question(request)
    return None if asked is None else _decided(request, stamp, configuration, asked)


def _decided(
    request: HttpRequest, stamp: Stamp, configuration: Configuration, asked: Asked
) -> HttpResponse | None:
    page, config_id, visitor = asked
    if config_id is not None and config_id not in configuration.by_id:
        return None
    outcome = configuration.outcome(page, config_id=config_id, visitor=visitor)
    if outcome.config is None:
        return None
    known = _known.get((*_sender(request), outcome.config.id, outcome.version_id))
    if known is None or known.stamp != stamp:
        return None
    answer = answer_of(outcome, known.tail)
    if request.method == "GET" and (held := request.META.get("HTTP_IF_NONE_MATCH")) is not None:
        return _unless_held(answer, known, held)
    response = HttpResponse(answer.body)
    response.headers._store.update(_headers(answer, known))  # noqa: SLF001  (they were checked when they were learnt)
    return response


def _unless_held(answer: Answer, known: Known, held: str) -> HttpResponse | None:
    """304 for those who have this very answer; None for whoever may have another."""
    if answer.etag not in [tag.strip().removeprefix("W/") for tag in held.split(",")]:
        return None
    response = HttpResponseNotModified()
    headers = _headers(answer, known)
    kept = {name: value for name, value in headers.items() if name not in {"content-length", "content-type"}}
    response.headers._store.update(kept)  # noqa: SLF001  (as above)
    return response


def _headers(answer: Answer, known: Known) -> dict[str, tuple[str, str]]:
    of_the_body = {
        "content-length": ("Content-Length", str(len(answer.body))),
        "etag": ("ETag", answer.etag),
    }
    return {**known.store, **of_the_body}


def _question(request: HttpRequest) -> Asked | None:
    """The page, the widget and the visitor of a request, if it is as plain as the widget's own."""
    values = _values(request)
    if values is None or not values.keys() <= FIELDS:
        return None
    url, visitor, named = values.get("url"), values.get("visitor", ""), values.get("config_id")
    if not isinstance(url, str) or not isinstance(visitor, str) or len(visitor) > MAX_VISITOR_LENGTH:
        return None
    if url != url.strip() or visitor != visitor.strip() or not visitor.isprintable():
        return None
    try:
        return Page.from_url(url), None if named is None else UUID(named), visitor
    except (BadUrl, ValueError, TypeError, AttributeError):
        return None


def _values(request: HttpRequest) -> dict[str, Any] | None:
    meta = request.META
    query = meta.get("QUERY_STRING", "")
    if request.method == "GET":
        pairs = parse_qsl(query, keep_blank_values=True)
        values = dict(pairs)
        return values if len(values) == len(pairs) else None
    length = meta.get("CONTENT_LENGTH") or ""
    if query or meta.get("CONTENT_TYPE") != JSON or not length.isdigit() or int(length) > LONGEST_BODY:
        return None
    try:
        values = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None
