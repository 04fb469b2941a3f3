"""What a location sells, its people or its pool: a change of live data, with a look before the leap."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability.api.admin.selling_serializers import (
    ConsequencesSerializer,
    SellsFromInputSerializer,
    SellsFromResultSerializer,
)
from apps.availability.api.admin.views import TAG, WRITES, PlacesView
from apps.availability.commands.set_sells_from import set_sells_from
from apps.availability.places.previews import preview_sells_from
from apps.core.api.schema import IDEMPOTENCY_KEY, problems
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of

LOOKS = problems(400, 401, 403, 404, 413, 415)


class SellsFromView(PlacesView):
    """Switches what a location sells."""

    rights = {"POST": Right.PLACES}

    @extend_schema(
        operation_id="set_sells_from",
        tags=TAG,
        summary="Let customers book people, or places in the pool",
        parameters=[IDEMPOTENCY_KEY],
        request=SellsFromInputSerializer,
        responses={200: SellsFromResultSerializer, **WRITES},
    )
    def post(self, request: Request, location_id: UUID) -> HttpResponse:
        """What is booked on the other side stays; its free times go."""
        values = self.body(request, SellsFromInputSerializer)
        return self.once(
            request,
            f"locations/{location_id}/sells-from",
            lambda actor: set_sells_from(
                actor=actor, location_id=location_id, sells_from=values["sells_from"]
            ),
            SellsFromResultSerializer,
        )


class SellsFromPreviewView(PlacesView):
    """Looks at a switch."""

    rights = {"POST": Right.PLACES}

    @extend_schema(
        operation_id="preview_sells_from",
        tags=TAG,
        summary="What a switch between people and pool would mean",
        request=SellsFromInputSerializer,
        responses={200: ConsequencesSerializer, **LOOKS},
    )
    def post(self, request: Request, location_id: UUID) -> Response:
        """In sentences for people. Writes nothing, so it needs no key."""
        values = self.body(request, SellsFromInputSerializer)
        preview = preview_sells_from(
            organization_id=staff_of(request).organization.id,
            location_id=location_id,
            sells_from=values["sells_from"],
        )
        return Response(ConsequencesSerializer(preview).data)
