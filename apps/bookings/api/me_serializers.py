"""Shapes of what a signed-in customer sees of themselves."""

from typing import Any

from rest_framework import serializers

from apps.availability.api.admin.fields import VersionField
from apps.availability.lanes import Period
from apps.bookings.api.admin.customer_serializers import AddressOutSerializer, CustomerChangeSerializer
from apps.bookings.api.booking_serializers import BookingSerializer
from apps.bookings.api.checkout_serializers import PreferencesSerializer
from apps.bookings.api.visit_serializers import visit_values
from apps.bookings.models import Booking, Customer
from apps.bookings.queries import LineInTime
from apps.bookings.states import BookingStatus
from apps.core.api.serializers import StrictSerializer
from apps.core.versions import version_of
from apps.organizations.models import User
from apps.organizations.staff_tokens import MAX_LENGTH, TokenPair


class CustomerSignInSerializer(StrictSerializer):
    """Who signs in; the key says for which business."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)


class CustomerRefreshSerializer(StrictSerializer):
    """A refresh token."""

    refresh = serializers.CharField(max_length=MAX_LENGTH, write_only=True)


class CustomerTokensSerializer(serializers.Serializer[Any]):
    """Two tokens and their lifetimes in seconds."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    token_type = serializers.CharField(help_text="Always “Bearer”.")
    expires_in = serializers.IntegerField()
    refresh_expires_in = serializers.IntegerField()


class OwnDetailsSerializer(serializers.Serializer[Any]):
    """A customer to themselves. Before their first booking there is only what the account says."""

    id = serializers.UUIDField(allow_null=True, help_text="Null: nothing is known yet but the account.")
    name = serializers.CharField()
    phone = serializers.CharField(allow_null=True)
    email = serializers.CharField()
    address = AddressOutSerializer(allow_null=True)
    preferences = PreferencesSerializer()
    version = serializers.IntegerField(allow_null=True)


class OwnDetailsChangeSerializer(CustomerChangeSerializer):
    """What is different; the first time, a name and a phone number."""

    expected_version = None  # type: ignore[assignment]  # DRF's own way to leave a field out


class OwnDetailsRefSerializer(serializers.Serializer[Any]):
    """Which record was changed. Read it for the rest: kept answers name nobody."""

    id = serializers.UUIDField()
    version = VersionField()


class OwnBookingSerializer(BookingSerializer):
    """A booking of the customer's own, from a row of `own_bookings`."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """With what was read together with the row: no query of its own."""
        return dict(super().to_representation(_booking_values(instance)))


def tokens_body(pair: TokenPair) -> dict[str, Any]:
    """A pair as the API sends it."""
    names = ("access", "refresh", "expires_in", "refresh_expires_in")
    values = {name: getattr(pair, name) for name in names}
    return dict(CustomerTokensSerializer({**values, "token_type": "Bearer"}).data)


def details_body(user: User, customer: Customer | None) -> dict[str, Any]:
    """What an account's owner sees."""
    identity = customer.identity if customer else None
    return dict(
        OwnDetailsSerializer(
            {
                "id": customer.id if customer else None,
                "name": identity.name if identity else user.get_full_name(),
                "phone": identity.phone if identity else None,
                "email": (identity.email if identity else "") or user.email,
                "address": identity.address if identity else None,
                "preferences": {
                    "email": customer.notify_by_email if customer else True,
                    "sms": customer.notify_by_sms if customer else True,
                },
                "version": version_of(customer) if customer else None,
            }
        ).data
    )


def _booking_values(booking: Any) -> dict[str, Any]:
    names = ("id", "reference", "status", "version", "confirmed_at", "total_price", "now")
    return {
        **{name: getattr(booking, name) for name in names},
        "hold_expires_at": booking.held_until if booking.status == BookingStatus.HELD else None,
        **visit_values(booking, _lines(booking)),
    }


def _lines(booking: Booking) -> list[LineInTime]:
    return [
        LineInTime(line, [Period(event.starts_at, event.ends_at) for event in line.events.all()])
        for line in booking.lines.all()
    ]
