"""`/admin/v1/slots`: everything there is, and making it anew."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability import staff_queries
from apps.availability.api.admin.slot_serializers import (
    GenerateSerializer,
    GenerationReportSerializer,
    StaffSlotQuerySerializer,
    StaffSlotSerializer,
)
from apps.availability.api.admin.views import READS, TAG, WRITES, PlacesView
from apps.availability.commands.generate_slots import generate_slots
from apps.core.api.idempotent import key_of, response_of
from apps.core.api.pagination import page_of, paginated
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.core.api.serializers import to_json
from apps.core.idempotency import Answer, IdempotencyKey, run_once, stored_answer
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of


class StaffSlotsView(PlacesView):
    """Slots with their counters."""

    rights = {"GET": Right.READ}

    @extend_schema(
        operation_id="list_staff_slots",
        tags=TAG,
        summary="All slots with their counters",
        parameters=[StaffSlotQuerySerializer],
        responses={200: page_of(StaffSlotSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """Full, blocked and closed ones, too, in the order of time; visitors see a selection instead."""
        query = self.query(request, StaffSlotQuerySerializer)
        rows = staff_queries.slots_of(staff_of(request).organization.id, filters=query)
        return paginated(
            request,
            rows,
            StaffSlotSerializer,
            ordering=("start_at", "id"),
            page_size=query["page_size"],
        )


class GenerateSlotsView(PlacesView):
    """Makes slots."""

    rights = {"POST": Right.ROTA}

    @extend_schema(
        operation_id="generate_slots",
        tags=TAG,
        summary="Make the slots of some dates what the rules say",
        parameters=[IDEMPOTENCY_KEY],
        request=GenerateSerializer,
        responses={200: GenerationReportSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """Generate for a location, a person, or all locations; a second run changes nothing.

        It runs in several transactions and is idempotent by itself, so only its report is kept for the key.
        """
        caller = staff_of(request)
        values = self.body(request, GenerateSerializer)
        key = IdempotencyKey.of(
            actor=caller.actor,
            endpoint="admin/slots/generate",
            key=key_of(request),
            payload=request.data,
        )
        stored = stored_answer(key)
        if stored is not None:
            return response_of(stored)
        staff_queries.ensure_place(
            caller.organization.id,
            location_id=values.get("location_id"),
            resource_id=values.get("resource_id"),
        )
        report = generate_slots(
            organization=caller.organization,
            first=values["from"],
            last=values["to"],
            location_id=values.get("location_id"),
            resource_id=values.get("resource_id"),
        )
        answer = Answer(status.HTTP_200_OK, to_json(GenerationReportSerializer(report)))
        return response_of(run_once(key, lambda: answer))
