"""`/v1/booking-flow-routers/…`: what the widget asks first."""

import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.api.exceptions import NotPermitted
from apps.core.api.serializers import ProblemSerializer
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of, key_of, stamp_of
from apps.organizations.models import ApiKeyKind
from apps.routing import queries
from apps.routing.api.kept import keep
from apps.routing.api.serializers import (
    ExplainOption,
    ExplanationOutput,
    NoFlowProblem,
    ResolveInput,
    ResolveOutput,
    TriggersOutput,
)

PROBLEMS: dict[int | tuple[int, str], Any] = {
    (400, "application/problem+json"): ProblemSerializer,
    (401, "application/problem+json"): ProblemSerializer,
    (403, "application/problem+json"): ProblemSerializer,
}
RESOLVE_RESPONSES = {
    (200, "application/json"): PolymorphicProxySerializer(
        component_name="ResolveAnswer",
        serializers=[ResolveOutput, ExplanationOutput],
        resource_type_field_name=None,
    ),
    **PROBLEMS,
    (404, "application/problem+json"): NoFlowProblem,
}
NOT_MODIFIED = OpenApiResponse(description="What you have (If-None-Match) is still true.")
EXPLAIN = (
    "`explain=1` answers instead with every rule and why it does or does not fit; it needs a secret key, "
    "as rules tell of campaigns that are nobody else's business."
)


class ResolveView(APIView):
    """Which flow a page opens, with everything that the widget needs before its first step."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="resolve_flow",
        tags=["Widget"],
        summary="The flow for a page",
        description=f"Where a rule splits its visitors among several flows, `visitor` decides. {EXPLAIN}",
        parameters=[ExplainOption],
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
        description=f"The same as POST; with an ETag, so that a repeated question costs a 304. {EXPLAIN}",
        parameters=[ResolveInput, ExplainOption],
        responses={**RESOLVE_RESPONSES, 304: NOT_MODIFIED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Resolve by a query."""
        data = request.query_params.dict()
        data.pop("explain", None)
        return _answer(request, data)


def _answer(request: Request, data: Any) -> HttpResponse:
    options, values = _valid(ExplainOption, request.query_params.dict()), _valid(ResolveInput, data)
    organization = caller_of(request).organization
    question = queries.Question(url=values["url"], config_id=values["config_id"], visitor=values["visitor"])
    if options["explain"]:
        if key_of(request).kind != ApiKeyKind.SECRET:
            raise NotPermitted("Rules are explained to the business alone: use its secret key.")
        explanation = queries.explain_url(organization=organization, question=question)
        return _with_etag(request, _written(queries.explanation_json(explanation)))
    resolved = queries.resolve(
        organization=organization,
        version=stamp_of(request).configuration,
        question=question,
        base_url=request.build_absolute_uri("/"),
    )
    return _with_etag(request, keep(resolved, stamp_of(request)), resolved.answer.etag)


def _valid(kind: type[serializers.Serializer[Any]], data: Any) -> Any:
    serializer = kind(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


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
        triggers = queries.button_triggers(
            organization=caller_of(request).organization, version=stamp_of(request).configuration
        )
        return _with_etag(request, _written({"triggers": triggers}))


def _written(document: Any) -> HttpResponse:
    return HttpResponse(JSONRenderer().render(document), content_type="application/json")


def _with_etag(request: Request, response: HttpResponse, etag: str = "") -> HttpResponse:
    """The answer with its ETag; to a GET that has it already, only that it has."""
    etag = etag or f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if request.method == "GET" and _has(request, etag):
        response = HttpResponseNotModified()
    response["ETag"] = etag
    # Ask each time, and by key: what a business publishes is to be seen at once.
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["X-Api-Key"])
    return response


def _has(request: Request, etag: str) -> bool:
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in held or etag in {tag.removeprefix("W/") for tag in held}
