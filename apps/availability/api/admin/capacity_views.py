"""How many at once: a change of live data, with a look before the leap."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability.api.admin.selling_serializers import (
    CapacityInputSerializer,
    CapacityResultSerializer,
    ConsequencesSerializer,
)
from apps.availability.api.admin.views import TAG, WRITES, PlacesView
from apps.availability.commands.set_capacity import set_capacity
from apps.availability.places.previews import preview_capacity
from apps.core.api.schema import IDEMPOTENCY_KEY, problems
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of

LOOKS = problems(400, 401, 403, 404, 413, 415)


class CapacityView(PlacesView):
    """Sets a capacity."""

    rights = {"POST": Right.PLACES}

    @extend_schema(
        operation_id="set_capacity",
        tags=TAG,
        summary="Let a resource serve more or fewer at once",
        parameters=[IDEMPOTENCY_KEY],
        request=CapacityInputSerializer,
        responses={200: CapacityResultSerializer, **WRITES},
    )
    def post(self, request: Request, resource_id: UUID) -> HttpResponse:
        """More is always possible; fewer where what is booked fits (else CAPACITY_IN_USE)."""
        values = self.body(request, CapacityInputSerializer)
        return self.once(
            request,
            f"resources/{resource_id}/capacity",
            lambda actor: set_capacity(actor=actor, resource_id=resource_id, capacity=values["capacity"]),
            CapacityResultSerializer,
        )


class CapacityPreviewView(PlacesView):
    """Looks at a capacity."""

    rights = {"POST": Right.PLACES}

    @extend_schema(
        operation_id="preview_capacity",
        tags=TAG,
        summary="What another capacity would mean",
        request=CapacityInputSerializer,
        responses={200: ConsequencesSerializer, **LOOKS},
    )
    def post(self, request: Request, resource_id: UUID) -> Response:
        """In sentences for people. Writes nothing, so it needs no key."""
        values = self.body(request, CapacityInputSerializer)
        preview = preview_capacity(
            organization_id=staff_of(request).organization.id,
            resource_id=resource_id,
            capacity=values["capacity"],
        )
        return Response(ConsequencesSerializer(preview).data)
