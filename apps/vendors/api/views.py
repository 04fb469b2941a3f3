"""`/v1/scheduler/*`: parse, ask the service's calendar, render."""

from calendar import monthrange
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.availability.queries import get_location, require_service
from apps.core.api.schema import problems
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of
from apps.vendors.api.serializers import (
    DateQuerySerializer,
    MonthQuerySerializer,
    MonthSerializer,
    TimeslotsSerializer,
)
from apps.vendors.strategies import strategy_of
from apps.vendors.types import Question


class MonthAvailabilityView(APIView):
    """A month at a glance."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="month_availability",
        tags=["scheduler"],
        summary="How much each day of a month has left",
        parameters=[MonthQuerySerializer],
        responses={200: MonthSerializer, **problems(400, 401, 403, 404, 409)},
    )
    def get(self, request: Request) -> Response:
        """Count the starts of each day for a service at a location."""
        query = MonthQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        values = query.validated_data
        first = values["month"]
        last = first.replace(day=monthrange(first.year, first.month)[1])
        question = _question(request, values)
        month = strategy_of(question.service).month_availability(question, first=first, last=last)
        return Response(
            MonthSerializer(
                {
                    "month": f"{first:%Y-%m}",
                    **_zones(question, values),
                    "days": month.days,
                    "next_available_date": month.next_available_date,
                }
            ).data
        )


class DateTimeslotsView(APIView):
    """A day's times."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="date_timeslots",
        tags=["scheduler"],
        summary="The free times of a day",
        parameters=[DateQuerySerializer],
        responses={200: TimeslotsSerializer, **problems(400, 401, 403, 404, 409)},
    )
    def get(self, request: Request) -> Response:
        """List the starts of a day for a service at a location, and who is free then."""
        query = DateQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        values = query.validated_data
        question = _question(request, values)
        timeslots = strategy_of(question.service).date_timeslots(question, day=values["date"])
        return Response(
            TimeslotsSerializer(
                {
                    "date": values["date"],
                    **_zones(question, values),
                    "timeslots": timeslots,
                    "total": len(timeslots),
                    "has_more": False,
                }
            ).data
        )


def _question(request: Request, values: dict[str, Any]) -> Question:
    organization = caller_of(request).organization
    return Question(
        organization=organization,
        location=get_location(organization.id, values["location_id"]),
        service=require_service(organization.id, values["service_id"]),
        resource_id=values.get("resource_id"),
    )


def _zones(question: Question, values: dict[str, Any]) -> dict[str, str]:
    zone = question.location.timezone
    return {"timezone": values.get("timezone", zone), "location_timezone": zone}
