"""`/v1/booking-flow-versions/…`: a flow as it was published. It never changes, so it may be kept for good."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.api.serializers import ProblemSerializer
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of
from apps.routing.answers import flow_bytes
from apps.routing.api.serializers import FlowOutput
from apps.routing.api.views import PROBLEMS

A_YEAR = 365 * 24 * 3600


class FlowVersionView(APIView):
    """One version of a flow, with all of its texts."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="flow_version",
        tags=["Widget"],
        summary="A flow as it was published",
        description="What a session pins: it never changes, and may be kept for good.",
        responses={
            (200, "application/json"): FlowOutput,
            304: OpenApiResponse(description="What you have (If-None-Match) is the same for ever."),
            **PROBLEMS,
            (404, "application/problem+json"): ProblemSerializer,
        },
    )
    def get(self, request: Request, flow_version_id: UUID) -> HttpResponseBase:
        """The version's bytes."""
        body = flow_bytes(caller_of(request).organization.id, flow_version_id)
        etag = f'"{flow_version_id}"'
        held = parse_etags(request.headers.get("If-None-Match", ""))
        response: HttpResponseBase
        if "*" in held or etag in {tag.removeprefix("W/") for tag in held}:
            response = HttpResponseNotModified()
        else:
            response = HttpResponse(body, content_type="application/json")
        response["ETag"] = etag
        # Only for the key that asked: another business's caches are none of ours.
        response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
        patch_vary_headers(response, ["X-Api-Key"])
        return response
