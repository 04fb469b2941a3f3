"""The frame's page, and what it shows."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.backoffice.preview.access import BackOfficeAuthentication
from apps.backoffice.preview.documents import Wanted, draft_json
from apps.core.api.serializers import StrictSerializer
from apps.organizations.staff import Area, access_of
from apps.widget.assets import script_url

# Scripts and styles are ours; logos may lie in a bucket, or in the form beside (blob:).
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data: blob:;"
    " connect-src 'self'; font-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


@admin.site.admin_view
@require_safe
def frame(request: HttpRequest) -> HttpResponse:
    """A page that shows the widget; inside an editor, or alone in a tab."""
    if not access_of(request).may(Area.CATALOGUE):
        raise PermissionDenied
    script = script_url("preview")
    status = HTTPStatus.OK if script else HTTPStatus.SERVICE_UNAVAILABLE
    context = {"script": script, "document": reverse("admin:preview_document")}
    response = render(request, "backoffice/preview_frame.html", context, status=status)
    response["Content-Security-Policy"] = FRAME_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store"
    return response


class WantedSerializer(StrictSerializer):
    """What to show, all of it optional."""

    flow = serializers.UUIDField(source="flow_id", required=False)
    config = serializers.UUIDField(source="config_id", required=False)
    brand_kit = serializers.UUIDField(source="brand_kit_id", required=False)
    organization = serializers.UUIDField(source="organization_id", required=False)


@extend_schema(exclude=True)
class DocumentView(APIView):
    """The draft that the frame shows, and where the business's times are asked for."""

    authentication_classes = [BackOfficeAuthentication]

    def get(self, request: Request) -> Response:
        """Parse, read, render."""
        query = WantedSerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        access: Any = request.auth
        organization, resolved = draft_json(
            access=access,
            wanted=Wanted(**query.validated_data),
            base_url=request.build_absolute_uri("/"),
        )
        # The address below which the reads hang (urls.py).
        reads = reverse("admin:preview_questions", args=[organization.id]).removesuffix("questions")
        return Response({"resolved": resolved, "reads": reads}, headers={"Cache-Control": "no-store"})
