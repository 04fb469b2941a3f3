"""`/v1/booking-flow-routers/…`: what the widget asks first."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.api.serializers import ProblemSerializer
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of
from apps.routing import queries
from apps.routing.api.serializers import NoFlowProblem, ResolveInput, ResolveOutput, TriggersOutput

PROBLEMS: dict[int | tuple[int, str], Any] = {
    (400, "application/problem+json"): ProblemSerializer,
    (401, "application/problem+json"): ProblemSerializer,
    (403, "application/problem+json"): ProblemSerializer,
}
RESOLVE_RESPONSES = {
    (200, "application/json"): ResolveOutput,
    **PROBLEMS,
    (404, "application/problem+json"): NoFlowProblem,
}
NOT_MODIFIED = OpenApiResponse(description="What you have (If-None-Match) is still true.")


class ResolveView(APIView):
    """Which flow a page opens, with everything that the widget needs before its first step."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="resolve_flow",
        tags=["Widget"],
        summary="The flow for a page",
        request=ResolveInput,
        responses=RESOLVE_RESPONSES,
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Resolve by a body."""
        return _answer(request, request.data)

    @extend_schema(
        operation_id="resolve_flow_cached",
        tags=["Widget"],
        summary="The flow for a page, for caches",
        description="The same as POST; with an ETag, so that a repeated question costs a 304.",
        parameters=[ResolveInput],
        responses={**RESOLVE_RESPONSES, 304: NOT_MODIFIED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Resolve by a query."""
        return _answer(request, request.query_params.dict())


def _answer(request: Request, data: Any) -> HttpResponseBase:
    serializer = ResolveInput(data=data)
    serializer.is_valid(raise_exception=True)
    url: str = serializer.validated_data["url"]
    config_id: UUID | None = serializer.validated_data["config_id"]
    base_url = request.build_absolute_uri("/")
    resolution = queries.resolve(
        organization=caller_of(request).organization, url=url, config_id=config_id, base_url=base_url
    )
    return _with_etag(request, queries.resolution_json(resolution, base_url=base_url))


class ButtonTriggersView(APIView):
    """Where on the page the widget's buttons are."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="button_triggers",
        tags=["Widget"],
        summary="The buttons that open the widget",
        responses={(200, "application/json"): TriggersOutput, 304: NOT_MODIFIED, **PROBLEMS},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The selectors of all widgets, with the widget that each opens."""
        triggers = queries.button_triggers(organization=caller_of(request).organization)
        return _with_etag(request, {"triggers": triggers})


def _with_etag(request: Request, document: Any) -> HttpResponseBase:
    """The document with its ETag; to a GET that has it already, only that it has."""
    body = JSONRenderer().render(document)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response: HttpResponseBase
    if request.method == "GET" and _has(request, etag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    # Ask each time, and by key: what a business publishes is to be seen at once.
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["X-Api-Key"])
    return response


def _has(request: Request, etag: str) -> bool:
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in held or etag in {tag.removeprefix("W/") for tag in held}
