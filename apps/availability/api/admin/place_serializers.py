"""Shapes of locations, people and resources for staff."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.availability.api.admin.fields import PhoneField, SkillsField, TimezoneField, VersionField
from apps.availability.models import Resource, ResourceKind, SellsFrom
from apps.core.api.fields import IdField
from apps.core.api.pagination import PageQuerySerializer
from apps.core.api.serializers import StrictSerializer

MAX_BUFFER = 1440
MAX_CAPACITY = 1000
# A pool comes and goes with its location.
MADE_BY_STAFF = [kind for kind in ResourceKind.values if kind != ResourceKind.POOL]


class SomethingToChange(StrictSerializer):
    """A change that names at least one field, and may say which version it is about."""

    expected_version = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The `version` that you have read; STALE_VERSION if it is another one by now. "
        "Left out: whatever it is.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An empty change is a mistake of the caller's."""
        if not attrs.keys() - {"expected_version"}:
            raise serializers.ValidationError("Name at least one field to change.")
        return attrs


class LocationQuerySerializer(PageQuerySerializer):
    """Which locations."""

    active = serializers.BooleanField(required=False)


class LocationChangeSerializer(SomethingToChange):
    """What a location's new values are; what is not named stays."""

    name = serializers.CharField(max_length=120, required=False)
    timezone = TimezoneField(required=False, help_text="Hours and time off are written in it.")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    phone_number = PhoneField(required=False, allow_blank=True)
    active = serializers.BooleanField(required=False, help_text="Off hides it from customers.")


class LocationInputSerializer(StrictSerializer):
    """A new location."""

    name = serializers.CharField(max_length=120)
    timezone = TimezoneField(required=False, help_text="Left out: the organization's.")
    sells_from = serializers.ChoiceField(choices=SellsFrom.choices, default=SellsFrom.POOL)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    phone_number = PhoneField(required=False, allow_blank=True)
    active = serializers.BooleanField(default=True)
    pool_capacity = serializers.IntegerField(
        min_value=1,
        max_value=MAX_CAPACITY,
        default=1,
        help_text="How many customers its pool serves at once.",
    )


class LocationSerializer(serializers.Serializer[Any]):
    """A location."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    timezone = serializers.CharField()
    sells_from = serializers.ChoiceField(choices=SellsFrom.choices)
    address = serializers.CharField()
    phone_number = serializers.CharField()
    active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = VersionField()


class PersonQuerySerializer(PageQuerySerializer):
    """Which people."""

    location_id = IdField(required=False)
    skill = serializers.CharField(max_length=60, required=False)
    active = serializers.BooleanField(required=False)


class ResourceQuerySerializer(PersonQuerySerializer):
    """Which resources."""

    kind = serializers.ChoiceField(choices=ResourceKind.choices, required=False)


class ResourceChangeSerializer(SomethingToChange):
    """What a resource's new values are; what is not named stays, null means: as a wider scope has it."""

    name = serializers.CharField(max_length=120, required=False)
    skills = SkillsField(required=False)
    buffer_before_minutes = serializers.IntegerField(
        min_value=0, max_value=MAX_BUFFER, required=False, allow_null=True
    )
    buffer_after_minutes = serializers.IntegerField(
        min_value=0, max_value=MAX_BUFFER, required=False, allow_null=True
    )
    daily_cap = serializers.IntegerField(min_value=1, max_value=1000, required=False, allow_null=True)
    active = serializers.BooleanField(required=False, help_text="Off takes no new bookings.")


class PersonInputSerializer(StrictSerializer):
    """Somebody new."""

    location_id = IdField()
    name = serializers.CharField(max_length=120)
    skills = SkillsField(required=False)
    capacity = serializers.IntegerField(min_value=1, max_value=MAX_CAPACITY, default=1)
    buffer_before_minutes = serializers.IntegerField(
        min_value=0, max_value=MAX_BUFFER, required=False, allow_null=True
    )
    buffer_after_minutes = serializers.IntegerField(
        min_value=0, max_value=MAX_BUFFER, required=False, allow_null=True
    )
    daily_cap = serializers.IntegerField(min_value=1, max_value=1000, required=False, allow_null=True)
    active = serializers.BooleanField(default=True)


class ResourceInputSerializer(PersonInputSerializer):
    """A new resource."""

    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in MADE_BY_STAFF])


class ResourceSerializer(serializers.Serializer[Any]):
    """Whoever or whatever a visit needs."""

    id = serializers.UUIDField()
    location_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ResourceKind.choices)
    name = serializers.CharField()
    skills = serializers.ListField(child=serializers.CharField())
    capacity = serializers.IntegerField()
    buffer_before_minutes = serializers.IntegerField(allow_null=True)
    buffer_after_minutes = serializers.IntegerField(allow_null=True)
    daily_cap = serializers.IntegerField(allow_null=True)
    photo_url = serializers.SerializerMethodField()
    active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = VersionField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_photo_url(self, resource: Resource) -> str | None:
        """Where the photo is, if there is one; uploaded in the back office."""
        return resource.photo.url if resource.photo else None
