"""`/v1/dates` and `/v1/slots`: parse, one query, render."""

from datetime import date
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.availability import queries
from apps.availability.api.serializers import (
    DatesQuerySerializer,
    DatesSerializer,
    SlotsQuerySerializer,
    SlotsSerializer,
)
from apps.availability.models import Location
from apps.availability.types import Offer
from apps.core.api.schema import problems
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of


class DatesView(APIView):
    """Days with free starts."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="list_dates",
        tags=["availability"],
        summary="Days that have free times",
        parameters=[DatesQuerySerializer],
        responses={200: DatesSerializer, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """Count the starts of each day, for a location or a person."""
        query = DatesQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        values = query.validated_data
        location, offers = _offers(request, values, first=values["from"], last=values["to"])
        body = {"timezone": location.timezone, "dates": queries.count_by_day(offers)}
        return Response(DatesSerializer(body).data)


class SlotsView(APIView):
    """A day's free starts."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="list_slots",
        tags=["availability"],
        summary="Free times of a day",
        parameters=[SlotsQuerySerializer],
        responses={200: SlotsSerializer, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """List the starts of a day, for a location or a person."""
        query = SlotsQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        values = query.validated_data
        location, offers = _offers(request, values, first=values["date"], last=values["date"])
        body = {
            "timezone": location.timezone,
            "date": values["date"],
            "slots": offers,
            "total": len(offers),
            "has_more": False,
        }
        return Response(SlotsSerializer(body).data)


def _offers(
    request: Request, values: dict[str, Any], *, first: date, last: date
) -> tuple[Location, list[Offer]]:
    organization = caller_of(request).organization
    resource_id: UUID | None = values.get("resource_id")
    return queries.offers_for(
        organization,
        location_id=values.get("location_id"),
        resource_id=resource_id,
        service_id=values.get("service_id"),
        first=first,
        last=last,
    )
