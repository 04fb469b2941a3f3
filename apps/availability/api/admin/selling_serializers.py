"""Shapes of what a location sells, and how many at once."""

from typing import Any

from rest_framework import serializers

from apps.availability.api.admin.place_serializers import (
    MAX_CAPACITY,
    LocationSerializer,
    ResourceSerializer,
)
from apps.availability.api.admin.slot_serializers import GenerationReportSerializer
from apps.availability.models import SellsFrom
from apps.core.api.serializers import StrictSerializer


class CapacityInputSerializer(StrictSerializer):
    """How many at the same time."""

    capacity = serializers.IntegerField(min_value=1, max_value=MAX_CAPACITY)


class CapacityResultSerializer(serializers.Serializer[Any]):
    """The resource as it is now, how many visits changed places, and what became of its slots."""

    resource = ResourceSerializer()
    moved = serializers.IntegerField()
    slots = GenerationReportSerializer()


class SellsFromInputSerializer(StrictSerializer):
    """What customers book."""

    sells_from = serializers.ChoiceField(choices=SellsFrom.choices)


class SellsFromResultSerializer(serializers.Serializer[Any]):
    """The location as it is now, what the switch meant, and what became of its slots."""

    location = LocationSerializer()
    sentences = serializers.ListField(child=serializers.CharField())
    slots = GenerationReportSerializer()


class ConsequencesSerializer(serializers.Serializer[Any]):
    """Whether a change is possible, and what it would mean, in plain sentences."""

    possible = serializers.BooleanField()
    sentences = serializers.ListField(child=serializers.CharField())
