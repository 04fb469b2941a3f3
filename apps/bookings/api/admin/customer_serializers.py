"""Shapes of customers for staff. Answers to mutations name nobody: they are kept for retries."""

from typing import Any

from rest_framework import serializers

from apps.availability.api.admin.fields import PhoneField, VersionField
from apps.availability.api.admin.place_serializers import SomethingToChange
from apps.bookings.api.checkout_serializers import PreferencesSerializer
from apps.bookings.api.customer_input import AddressSerializer
from apps.bookings.customers.changes import CustomerChanges
from apps.bookings.models import Customer
from apps.core.api.fields import IdField
from apps.core.api.pagination import PageQuerySerializer
from apps.core.api.serializers import StrictSerializer
from apps.core.versions import version_of


class CustomerQuerySerializer(PageQuerySerializer):
    """Whom to find: by a whole phone number or e-mail address, or whole words of a name; all must fit."""

    phone = PhoneField(required=False)
    email = serializers.EmailField(required=False, max_length=254)
    name = serializers.CharField(required=False, max_length=120)


class AddressOutSerializer(serializers.Serializer[Any]):
    """Where visits are."""

    line1 = serializers.CharField(required=False)
    line2 = serializers.CharField(required=False)
    city = serializers.CharField(required=False)
    postal_code = serializers.CharField(required=False)


class CustomerSerializer(serializers.Serializer[Any]):
    """A customer. What names them is null once they are erased."""

    id = serializers.UUIDField()
    name = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_null=True)
    address = AddressOutSerializer(allow_null=True)
    preferences = PreferencesSerializer()
    has_account = serializers.BooleanField()
    bookings_total = serializers.IntegerField()
    last_booked_at = serializers.DateTimeField(allow_null=True)
    merged_into = serializers.UUIDField(allow_null=True)
    erased_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """A row with `bookings_total` and `last_booked_at`; its seal is opened once."""
        return dict(super().to_representation(customer_values(instance)))


class CustomerDetailSerializer(CustomerSerializer):
    """A customer, and others who may be the same person: they have the same e-mail address."""

    look_alikes = serializers.ListField(child=serializers.UUIDField())


class CustomerRefSerializer(serializers.Serializer[Any]):
    """Which customer, and what became of the record. Read it for the rest."""

    id = serializers.UUIDField()
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)
    erased_at = serializers.DateTimeField(allow_null=True)
    version = VersionField()


class PreferencesChangeSerializer(StrictSerializer):
    """What is different about how somebody wants to hear from the business."""

    email = serializers.BooleanField(required=False)
    sms = serializers.BooleanField(required=False)


class CustomerChangeSerializer(SomethingToChange):
    """What is different about a customer; what is not named stays."""

    name = serializers.CharField(max_length=120, required=False)
    phone = PhoneField(required=False)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    address = AddressSerializer(required=False)
    preferences = PreferencesChangeSerializer(required=False)

    @staticmethod
    def changes(values: dict[str, Any]) -> CustomerChanges:
        """As the command takes them."""
        preferences = values.get("preferences", {})
        address = values.get("address")
        return CustomerChanges(
            name=values.get("name"),
            phone=values.get("phone"),
            email=values.get("email"),
            address=None if address is None else dict(address),
            notify_by_email=preferences.get("email"),
            notify_by_sms=preferences.get("sms"),
        )


class MergeSerializer(StrictSerializer):
    """Whose record stays."""

    into_id = IdField()


def customer_values(customer: Customer) -> dict[str, Any]:
    """The fields of `CustomerSerializer`, and of a detail those that it was given besides."""
    identity = customer.identity
    return {
        "id": customer.id,
        "name": identity.name if identity else None,
        "phone": identity.phone if identity else None,
        "email": identity.email if identity else None,
        "address": identity.address if identity else None,
        "preferences": {"email": customer.notify_by_email, "sms": customer.notify_by_sms},
        "has_account": customer.user_id is not None,
        "bookings_total": getattr(customer, "bookings_total", 0),
        "last_booked_at": getattr(customer, "last_booked_at", None),
        "merged_into": customer.merged_into_id,
        "erased_at": customer.erased_at,
        "created_at": customer.created_at,
        "version": version_of(customer),
        "look_alikes": getattr(customer, "look_alike_ids", []),
    }
