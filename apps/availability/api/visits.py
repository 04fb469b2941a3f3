"""Reads of several services: how they are asked for, shared by `/v1/dates`, `/v1/slots`, `/v1/scheduler/*`.

One service that is not split is answered by the faster search (offering/); everything else is planned.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from rest_framework import serializers
from rest_framework.request import Request

from apps.availability import queries
from apps.availability.api.kept import kept_response
from apps.availability.api.visitors import visitor_of
from apps.availability.offering.exposure import variant_of
from apps.availability.offering.showing import Showing
from apps.availability.offering.stamps import Stamp, read_stamp
from apps.availability.planner import MAX_LINES, Mode
from apps.availability.planning.answers import DatesOfVisits, SlotsOfVisits
from apps.availability.planning.reading import VisitsAsked, services_of
from apps.availability.planning.visits import VisitPlan
from apps.core.api.serializers import StrictSerializer
from apps.organizations.api.authentication import caller_of

MAX_GAP_MINUTES = 24 * 60
MAX_PARTY = 1000


class ServiceIdsField(serializers.ListField):
    """The services of a visit, in the order in which they are done."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=serializers.UUIDField(),
            max_length=MAX_LINES,
            allow_empty=False,
            help_text=f"Repeat it for a visit of several services, in their order: up to {MAX_LINES}.",
            **kwargs,
        )

    def run_child_validation(self, data: list[Any]) -> list[UUID]:
        """One message for the whole list, as for a single value."""
        try:
            return [self.child.run_validation(item) for item in data]
        except serializers.ValidationError as error:
            raise serializers.ValidationError(error.detail) from error


class VisitQuerySerializer(StrictSerializer):
    """How several services go together. `service_id` becomes the one there is, `service_ids` all."""

    mode = serializers.ChoiceField(
        choices=[mode.value for mode in Mode],
        default=Mode.CHAIN.value,
        help_text="`chain`: one after the other; `parallel`: all from the start on, by several people.",
    )
    same_person = serializers.BooleanField(default=False, help_text="One person does all of it.")
    max_gap_minutes = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=MAX_GAP_MINUTES,
        help_text="How long a customer may wait between two services of a chain.",
    )
    party_size = serializers.IntegerField(default=1, min_value=1, max_value=MAX_PARTY)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One service is the ordinary case."""
        service_ids = attrs.pop("service_id", [])
        attrs["service_ids"] = service_ids
        if len(service_ids) == 1:
            attrs["service_id"] = service_ids[0]
        checked: dict[str, Any] = super().validate(attrs)
        return checked


def query_of(params: QueryDict) -> dict[str, Any]:
    """A query as its serializer takes it: every value once, but services as often as they are named."""
    values: dict[str, Any] = dict(params.items())
    if "service_id" in values:
        values["service_id"] = params.getlist("service_id")
    return values


def is_planned(values: Mapping[str, Any]) -> bool:
    """Whether several services are asked for."""
    return len(values["service_ids"]) > 1


def visits_asked(request: Request, values: Mapping[str, Any]) -> tuple[VisitsAsked, Stamp]:
    """What is asked for, and the stamp from before anything of it was read. Raises NotFound."""
    caller = caller_of(request)
    location_id = queries.location_id_of(
        caller.organization.id,
        location_id=values.get("location_id"),
        resource_id=None if "location_id" in values else values.get("resource_id"),
    )
    stamp = read_stamp(caller.organization.id, location_id)
    organization = caller.fresh_organization()
    asked = VisitsAsked(
        organization_id=organization.id,
        policy=organization.policy,
        location=queries.get_location(organization.id, location_id),
        wanted=VisitPlan(
            services=services_of(organization.id, values["service_ids"]),
            mode=Mode(values["mode"]),
            max_gap=timedelta(minutes=values["max_gap_minutes"]),
            same_person=values["same_person"],
            by=values.get("resource_id"),
            party=values["party_size"],
        ),
    )
    return asked, stamp


def showing_of(
    request: Request, asked: VisitsAsked, values: Mapping[str, Any], *, kind: str, timezone: str
) -> Showing | None:
    """The visitor's look at the day; none where they want to see all."""
    if values["more"]:
        return None
    lengths = [service.duration_minutes for service in asked.wanted.services]
    visit = hashlib.sha256(repr((asked.key, lengths)).encode()).hexdigest()[:32]  # the key stays short
    return Showing(
        visitor=visitor_of(request, asked.organization_id),
        day=values["date"],
        resource_id=asked.wanted.by,
        variant=variant_name(request),
        about=(kind, asked.organization_id.hex, asked.location_id.hex, visit, timezone),
    )


def variant_name(request: Request) -> str:
    """The rule of exposure that applies."""
    return variant_of(request.headers.get("X-Exposure-Variant")).name


def answer_dates(request: Request, values: Mapping[str, Any]) -> HttpResponse:
    """Days with free starts."""
    asked, stamp = visits_asked(request, values)
    first: date = values["from"]
    reading = DatesOfVisits(asked=asked, timezone=asked.location.timezone, first=first, last=values["to"])
    return kept_response(reading, stamp)


def answer_slots(request: Request, values: Mapping[str, Any]) -> HttpResponse:
    """A day's free starts."""
    asked, stamp = visits_asked(request, values)
    timezone = values.get("timezone", asked.location.timezone)
    reading = SlotsOfVisits(
        asked=asked,
        timezone=timezone,
        day=values["date"],
        variant=variant_name(request),
        showing=showing_of(request, asked, values, kind="slots", timezone=timezone),
    )
    return kept_response(reading, stamp)
