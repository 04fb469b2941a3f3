"""Shapes of checkout on the wire. Times are ISO 8601 in UTC, prices decimal numbers as text."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.bookings.api.booking_serializers import MAX_ANSWERS, MAX_NOTES, BookingSerializer
from apps.bookings.api.customer_input import CustomerInputSerializer, SelectionSerializer
from apps.bookings.checkout.checks import MAX_HOLDS, CheckoutWanted, CustomPrice
from apps.bookings.models import Identity, Preferences, QuestionKind
from apps.bookings.states import OrderStatus
from apps.bookings.types import BookingDetails, Selection
from apps.core.api.fields import IdField
from apps.core.api.serializers import StrictSerializer
from apps.organizations.models import PaymentStrategy

MAX_SERVICES = 20


class QuestionsQuerySerializer(StrictSerializer):
    """Which services are going to be booked; `service_id` may be repeated."""

    service_id = serializers.ListField(child=IdField(), required=False, default=list, max_length=MAX_SERVICES)


class QuestionSerializer(serializers.Serializer[Any]):
    """Something that must or may be answered at checkout."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    help_text = serializers.CharField()  # type: ignore[assignment]  # the field, not DRF's own attribute
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    options = serializers.ListField(child=serializers.CharField(), help_text="Of a choice, else empty.")
    required = serializers.BooleanField()  # type: ignore[assignment]  # as above
    service_id = serializers.UUIDField(allow_null=True, help_text="Null: asked whatever is booked.")


class QuestionsSerializer(serializers.Serializer[Any]):
    """In the order of asking."""

    questions = QuestionSerializer(many=True)


class PreferencesSerializer(StrictSerializer):
    """By which ways somebody wants to hear about their bookings."""

    email = serializers.BooleanField(required=False, default=True)
    sms = serializers.BooleanField(required=False, default=True)


class CheckoutCustomerSerializer(CustomerInputSerializer):
    """Who books, and how they want to hear about it."""

    preferences = PreferencesSerializer(required=False)


class CustomPriceSerializer(StrictSerializer):
    """Another price for one line of a hold, its first line being 0. Secret keys only."""

    hold_id = IdField()
    line = serializers.IntegerField(min_value=0, max_value=100, default=0)
    price = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=Decimal(0))


class CheckoutInputSerializer(StrictSerializer):
    """Which holds become bookings, whose, and what was answered."""

    hold_ids = serializers.ListField(child=IdField(), min_length=1, max_length=MAX_HOLDS)
    customer = CheckoutCustomerSerializer()
    answers = serializers.DictField(
        child=serializers.JSONField(), required=False, help_text="By the questions' ids: text, true or false."
    )
    notes = serializers.CharField(max_length=MAX_NOTES, required=False, allow_blank=True)
    details = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True),
        required=False,
        help_text="What was typed into the fields of the flow's details step.",
    )
    selection = SelectionSerializer(required=False)
    custom_prices = CustomPriceSerializer(many=True, required=False)

    def validate_hold_ids(self, value: list[UUID]) -> list[UUID]:
        """Each once."""
        if len(set(value)) != len(value):
            raise serializers.ValidationError("Name each hold once.")
        return value

    def validate_answers(self, value: Mapping[str, Any]) -> dict[UUID, Any]:
        """By the ids of questions, and bounded in number."""
        _bounded(value)
        answers, errors = {}, {}
        for key, answer in value.items():
            try:
                answers[UUID(key)] = answer
            except ValueError:
                errors[key] = ["There is no such question."]
        if errors:
            raise serializers.ValidationError(errors)
        return answers

    def validate_details(self, value: Mapping[str, str]) -> Mapping[str, str]:
        """Bounded in number."""
        return _bounded(value)

    @staticmethod
    def wanted(data: dict[str, Any], *, user_id: UUID | None) -> CheckoutWanted:
        """The validated values as the command takes them."""
        customer, selection = data["customer"], data.get("selection")
        preferences = customer.get("preferences")
        return CheckoutWanted(
            hold_ids=tuple(data["hold_ids"]),
            details=BookingDetails(
                customer=Identity(
                    name=customer["name"],
                    phone=customer["phone"],
                    email=customer.get("email", ""),
                    address=dict(customer.get("address", {})),
                ),
                preferences=Preferences(**preferences) if preferences is not None else None,
                user_id=user_id,
                notes=data.get("notes", ""),
                answers=data.get("details", {}),
                selection=Selection(
                    flow_version_id=selection["flow_version_id"], node_ids=tuple(selection["node_ids"])
                )
                if selection
                else None,
            ),
            answers=data.get("answers", {}),
            custom_prices=[CustomPrice(**price) for price in data.get("custom_prices", ())],
        )


def _bounded(value: Mapping[str, Any]) -> Mapping[str, Any]:
    if len(value) > MAX_ANSWERS:
        raise serializers.ValidationError(f"At most {MAX_ANSWERS} answers.")
    return value


class OrderItemSerializer(serializers.Serializer[Any]):
    """A line of the bill."""

    booking_id = serializers.UUIDField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=2)
    amount = serializers.DecimalField(max_digits=10, decimal_places=2)


class OrderSerializer(serializers.Serializer[Any]):
    """What is owed for a checkout. `payment` says who sees to it."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    total = serializers.DecimalField(max_digits=10, decimal_places=2)
    currency = serializers.CharField()
    payment = serializers.ChoiceField(choices=PaymentStrategy.choices)
    items = OrderItemSerializer(many=True)


class LinkedBookingSerializer(BookingSerializer):
    """A booking with the token of the link by which the customer manages it."""

    manage_token = serializers.CharField()


class CheckoutSerializer(serializers.Serializer[Any]):
    """The bookings in the order of their holds, and what is owed; null where that is nothing."""

    order = OrderSerializer(allow_null=True)
    bookings = LinkedBookingSerializer(many=True)
