"""Who books, and how they came to their choice, as the widget sends it."""

from rest_framework import serializers

from apps.core.api.fields import IdField
from apps.core.api.serializers import StrictSerializer
from apps.core.phones import InvalidPhone, to_e164

MAX_NODES = 500


class AddressSerializer(StrictSerializer):
    """Where the visit is."""

    line1 = serializers.CharField(max_length=120)
    line2 = serializers.CharField(max_length=120, required=False, allow_blank=True)
    city = serializers.CharField(max_length=80)
    postal_code = serializers.CharField(max_length=12)


class CustomerInputSerializer(StrictSerializer):
    """Who books. The phone number is read as someone in the organization's country types it."""

    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=32)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    address = AddressSerializer(required=False)

    def validate_phone(self, value: str) -> str:
        """The number as E.164."""
        try:
            return to_e164(value, country=self.context["country"])
        except InvalidPhone as error:
            raise serializers.ValidationError(
                "Enter a phone number with its area code, such as 303 555 0142."
            ) from error


class SelectionSerializer(StrictSerializer):
    """The path through the question graph; the server walks it again."""

    flow_version_id = IdField()
    node_ids = serializers.ListField(child=IdField(), min_length=1, max_length=MAX_NODES)
