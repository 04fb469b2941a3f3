"""Which visits somebody wants to hold, as the widget sends them."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from apps.availability.planner import MAX_LINES, Mode
from apps.bookings.api.time_wanted import TimeWantedSerializer
from apps.bookings.types import ServiceWanted, VisitWanted, Wanted
from apps.core.api.fields import IdField
from apps.core.api.serializers import StrictSerializer

MAX_VISITS = 10
MAX_GAP_MINUTES = 24 * 60
ONLY_WITH_SERVICES = ("mode", "same_person", "max_gap_minutes")


class ServiceWantedSerializer(StrictSerializer):
    """One service of a visit, by somebody in particular or by anybody who can."""

    service_id = IdField()
    resource_id = IdField(required=False)


class VisitWantedSerializer(TimeWantedSerializer):
    """One visit: a slot, a start with one service, or a start with several services in their order."""

    services = serializers.ListField(
        child=ServiceWantedSerializer(), required=False, min_length=1, max_length=MAX_LINES
    )
    mode = serializers.ChoiceField(
        choices=[(mode.value, mode.value) for mode in Mode],
        required=False,
        help_text="One after the other, which is what it means left out, or all at once.",
    )
    same_person = serializers.BooleanField(required=False, help_text="One person does it all.")
    max_gap_minutes = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_GAP_MINUTES,
        help_text="How long the customer waits between two services at most.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Several services need a start; what is only about them comes with them."""
        if "services" not in attrs:
            strangers = {name: ["Send this with services."] for name in ONLY_WITH_SERVICES if name in attrs}
            if strangers:
                raise serializers.ValidationError(strangers)
            return super().validate(attrs)
        wrong: dict[str, list[str]] = {
            name: ["With services, send location_id and start_at; each service names its own person."]
            for name in ("slot_id", "service_id", "resource_id")
            if name in attrs
        }
        wrong |= {
            name: ["This field is required."] for name in ("location_id", "start_at") if name not in attrs
        }
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


class HoldsInputSerializer(VisitWantedSerializer):
    """One visit; or several, which are held together or not at all."""

    visits = serializers.ListField(
        child=VisitWantedSerializer(), required=False, min_length=1, max_length=MAX_VISITS
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Either the one or the others."""
        if "visits" not in attrs:
            return super().validate(attrs)
        others = sorted(set(self.initial_data) - {"visits"})
        if others:
            raise serializers.ValidationError({name: ["Say this in each of the visits."] for name in others})
        return attrs

    @staticmethod
    def visits_wanted(data: dict[str, Any]) -> list[Wanted]:
        """The validated values as the command takes them."""
        return [_wanted(visit) for visit in data.get("visits", [data])]


def _wanted(data: dict[str, Any]) -> Wanted:
    if "services" not in data:
        return TimeWantedSerializer.wanted(data)
    return VisitWanted(
        location_id=data["location_id"],
        start_at=data["start_at"],
        services=tuple(
            ServiceWanted(service_id=one["service_id"], resource_id=one.get("resource_id"))
            for one in data["services"]
        ),
        mode=Mode(data.get("mode", Mode.CHAIN)),
        same_person=data.get("same_person", False),
        max_gap=timedelta(minutes=data.get("max_gap_minutes", 0)),
        party_size=data["party_size"],
    )
