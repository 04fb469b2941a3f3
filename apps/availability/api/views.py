"""`/v1/dates` and `/v1/slots`: parse, one question, its answer."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.availability import queries
from apps.availability.api.kept import kept_response
from apps.availability.api.schema import EXPOSURE_VARIANT, VISITOR
from apps.availability.api.serializers import (
    DatesQuerySerializer,
    DatesSerializer,
    SlotsQuerySerializer,
    SlotsSerializer,
)
from apps.availability.api.visitors import visitor_of
from apps.availability.api.visits import answer_dates, answer_slots, is_planned, query_of
from apps.availability.offering.exposure import variant_of
from apps.availability.offering.readings import DatesReading, SlotsReading, Where
from apps.availability.offering.showing import Showing
from apps.availability.offering.stamps import Stamp, read_stamp
from apps.availability.types import VisitNeed
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
    def get(self, request: Request) -> HttpResponse:
        """Count the starts of each day, for a location or a person."""
        values = _parsed(DatesQuerySerializer, request)
        if is_planned(values):
            return answer_dates(request, values)
        where, stamp = _where(request, values)
        if where.need.may_split:
            return answer_dates(request, values)
        return kept_response(DatesReading(where=where, first=values["from"], last=values["to"]), stamp)


class SlotsView(APIView):
    """A day's free starts."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="list_slots",
        tags=["availability"],
        summary="Free times of a day",
        description=(
            "Shows a visitor one to three times of a person, three to five of a location; the same ones for "
            "seven minutes. `more=1` lists all."
        ),
        parameters=[SlotsQuerySerializer, VISITOR, EXPOSURE_VARIANT],
        responses={200: SlotsSerializer, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List starts of a day, for a location or a person."""
        values = _parsed(SlotsQuerySerializer, request)
        if is_planned(values):
            return answer_slots(request, values)
        where, stamp = _where(request, values)
        if where.need.may_split:
            return answer_slots(request, values)
        variant = variant_of(request.headers.get("X-Exposure-Variant")).name
        timezone = values.get("timezone", where.location.timezone)
        showing = None
        if not values["more"]:
            showing = Showing(
                visitor=visitor_of(request, where.organization_id),
                day=values["date"],
                resource_id=where.resource_id,
                variant=variant,
                about=(
                    "slots",
                    where.organization_id.hex,
                    where.location_id.hex,
                    values.get("service_id", "any"),
                    where.need.duration,
                    where.need.party,
                    timezone,
                ),
            )
        reading = SlotsReading(
            where=where, day=values["date"], timezone=timezone, variant=variant, showing=showing
        )
        return kept_response(reading, stamp)


def _parsed(serializer: type[Any], request: Request) -> Mapping[str, Any]:
    query = serializer(data=query_of(request.query_params))
    query.is_valid(raise_exception=True)
    values: Mapping[str, Any] = query.validated_data
    return values


def _where(request: Request, values: Mapping[str, Any]) -> tuple[Where, Stamp]:
    """Where times are asked for, and the stamp from before anything of it was read."""
    caller = caller_of(request)
    location_id = queries.location_id_of(
        caller.organization.id,
        location_id=values.get("location_id"),
        resource_id=values.get("resource_id"),
    )
    stamp = read_stamp(caller.organization.id, location_id)
    organization = caller.fresh_organization()
    where = Where(
        organization_id=organization.id,
        location=queries.get_location(organization.id, location_id),
        policy=organization.policy,
        need=VisitNeed.of(
            queries.get_service(organization.id, values.get("service_id")), party=values["party_size"]
        ),
        resource_id=values.get("resource_id"),
    )
    return where, stamp
