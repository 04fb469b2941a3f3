"""`/admin/v1/slots/explain`: why a time is or is not offered."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability.api.admin.explain_serializers import ExplainQuerySerializer, ExplanationSerializer
from apps.availability.api.admin.views import TAG, PlacesView
from apps.availability.explaining.facts import explain_slot
from apps.core.api.schema import problems
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of


class ExplainView(PlacesView):
    """Explains a time."""

    rights = {"GET": Right.READ}

    @extend_schema(
        operation_id="explain_slot",
        tags=TAG,
        summary="Why a time is or is not offered",
        parameters=[ExplainQuerySerializer],
        responses={200: ExplanationSerializer, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """Rule, exception, hold, event, buffer, notice, horizon, cap and capacity, in words."""
        query = self.query(request, ExplainQuerySerializer)
        explanation = explain_slot(organization=staff_of(request).organization, **query)
        return Response(ExplanationSerializer(explanation).data)
