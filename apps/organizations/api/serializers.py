"""Shapes of signing in on the wire."""

from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import StrictSerializer
from apps.organizations.api.permissions import Right, rights_of
from apps.organizations.models import Membership, Role
from apps.organizations.staff_tokens import MAX_LENGTH, TokenPair


class SignInSerializer(StrictSerializer):
    """Who signs in, and for which business if they work for several."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)
    organization = serializers.CharField(
        max_length=64, required=False, help_text="Its id or its short name; needed where you have several."
    )


class RefreshSerializer(StrictSerializer):
    """A refresh token."""

    refresh = serializers.CharField(max_length=MAX_LENGTH, write_only=True)


class StaffOrganizationSerializer(serializers.Serializer[Any]):
    """The business that somebody works for."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    timezone = serializers.CharField()


class StaffUserSerializer(serializers.Serializer[Any]):
    """The person."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="__str__")
    email = serializers.EmailField()


class MeSerializer(serializers.Serializer[Any]):
    """Who you are, where, and what you may do."""

    user = StaffUserSerializer()
    organization = StaffOrganizationSerializer()
    role = serializers.ChoiceField(choices=Role.choices)
    rights = serializers.ListField(child=serializers.ChoiceField(choices=[right.value for right in Right]))


class TokenPairSerializer(MeSerializer):
    """Two tokens and their lifetimes in seconds, and who they are for."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    token_type = serializers.CharField(help_text="Always “Bearer”.")
    expires_in = serializers.IntegerField()
    refresh_expires_in = serializers.IntegerField()


def me_body(membership: Membership) -> dict[str, Any]:
    """A member as the API names them to themselves."""
    return dict(MeSerializer(_me(membership)).data)


def pair_body(pair: TokenPair) -> dict[str, Any]:
    """A pair as the API sends it."""
    tokens = {
        "access": pair.access,
        "refresh": pair.refresh,
        "token_type": "Bearer",
        "expires_in": pair.expires_in,
        "refresh_expires_in": pair.refresh_expires_in,
    }
    return dict(TokenPairSerializer({**tokens, **_me(pair.membership)}).data)


def _me(membership: Membership) -> dict[str, Any]:
    return {
        "user": membership.user,
        "organization": membership.organization,
        "role": membership.role,
        "rights": [right.value for right in rights_of(membership.role)],
    }
