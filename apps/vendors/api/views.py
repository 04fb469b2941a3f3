"""`/v1/scheduler/*`: parse, ask the service's calendar, render."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.availability.api.kept import kept_response
from apps.availability.api.schema import EXPOSURE_VARIANT, VISITOR
from apps.availability.api.visitors import visitor_of
from apps.availability.api.visits import is_planned, query_of
from apps.availability.offering.exposure import variant_of
from apps.availability.offering.showing import Showing
from apps.availability.offering.stamps import read_stamp
from apps.availability.queries import get_location, require_service
from apps.core.api.schema import problems
from apps.organizations.api.authentication import ApiKeyAuthentication, caller_of
from apps.vendors.api.itineraries import answer_month, answer_timeslots
from apps.vendors.api.serializers import (
    DateQuerySerializer,
    MonthQuerySerializer,
    MonthSerializer,
    TimeslotsSerializer,
)
from apps.vendors.readings import MonthReading, TimeslotsReading
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
    def get(self, request: Request) -> HttpResponse:
        """Count the starts of each day for a service at a location."""
        query = MonthQuerySerializer(data=query_of(request.query_params))
        query.is_valid(raise_exception=True)
        values = query.validated_data
        if is_planned(values):
            return answer_month(request, values)
        first = values["month"]
        question = _question(request, values)
        if question.service.may_split:
            return answer_month(request, values)
        reading = MonthReading(
            question=question,
            timezone=values.get("timezone", question.location.timezone),
            first=first,
            last=first.replace(day=monthrange(first.year, first.month)[1]),
        )
        return kept_response(reading, question.stamp)


class DateTimeslotsView(APIView):
    """A day's times."""

    authentication_classes = [ApiKeyAuthentication]

    @extend_schema(
        operation_id="date_timeslots",
        tags=["scheduler"],
        summary="The free times of a day",
        description=(
            "Shows a visitor one to three times of a person, three to five of a location; the same ones for "
            "seven minutes. `more=1` lists all."
        ),
        parameters=[DateQuerySerializer, VISITOR, EXPOSURE_VARIANT],
        responses={200: TimeslotsSerializer, **problems(400, 401, 403, 404, 409)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List starts of a day for a service at a location, and who is free then."""
        query = DateQuerySerializer(data=query_of(request.query_params))
        query.is_valid(raise_exception=True)
        values = query.validated_data
        if is_planned(values):
            return answer_timeslots(request, values)
        question = _question(request, values)
        if question.service.may_split:
            return answer_timeslots(request, values)
        variant = variant_of(request.headers.get("X-Exposure-Variant")).name
        timezone = values.get("timezone", question.location.timezone)
        showing = None
        if not values["more"]:
            showing = _showing(request, question, day=values["date"], variant=variant, timezone=timezone)
        reading = TimeslotsReading(
            question=question, timezone=timezone, day=values["date"], variant=variant, showing=showing
        )
        return kept_response(reading, question.stamp)


def _showing(request: Request, question: Question, *, day: date, variant: str, timezone: str) -> Showing:
    return Showing(
        visitor=visitor_of(request, question.organization_id),
        day=day,
        resource_id=question.resource_id,
        variant=variant,
        about=(
            "timeslots",
            question.organization_id.hex,
            question.location.id.hex,
            question.service.id.hex,
            question.service.duration_minutes,
            question.party,
            timezone,
        ),
    )


def _question(request: Request, values: dict[str, Any]) -> Question:
    """What is asked for, and the stamp from before anything of it was read."""
    caller = caller_of(request)
    stamp = read_stamp(caller.organization.id, values["location_id"])
    organization = caller.fresh_organization()
    return Question(
        organization_id=organization.id,
        policy=organization.policy,
        location=get_location(organization.id, values["location_id"]),
        service=require_service(organization.id, values["service_id"]),
        stamp=stamp,
        resource_id=values.get("resource_id"),
        party=values["party_size"],
    )
