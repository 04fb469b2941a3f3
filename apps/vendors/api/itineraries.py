"""`/v1/scheduler/*` of several services: one question, its answer."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from apps.availability.api.kept import kept_response
from apps.availability.api.visits import showing_of, variant_name, visits_asked
from apps.vendors.itineraries import MonthOfVisits, TimeslotsOfVisits, ensure_native


def answer_month(request: Request, values: Mapping[str, Any]) -> HttpResponse:
    """How much each day of a month has left."""
    asked, stamp = visits_asked(request, values)
    ensure_native(asked.wanted.services)
    first: date = values["month"]
    reading = MonthOfVisits(
        asked=asked,
        timezone=values.get("timezone", asked.location.timezone),
        first=first,
        last=first.replace(day=monthrange(first.year, first.month)[1]),
    )
    return kept_response(reading, stamp)


def answer_timeslots(request: Request, values: Mapping[str, Any]) -> HttpResponse:
    """A day's starts."""
    asked, stamp = visits_asked(request, values)
    ensure_native(asked.wanted.services)
    timezone = values.get("timezone", asked.location.timezone)
    reading = TimeslotsOfVisits(
        asked=asked,
        timezone=timezone,
        day=values["date"],
        variant=variant_name(request),
        showing=showing_of(request, asked, values, kind="timeslots", timezone=timezone),
    )
    return kept_response(reading, stamp)
