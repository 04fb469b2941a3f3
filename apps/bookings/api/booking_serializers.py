"""Shapes of bookings on the wire. Times are ISO 8601 in UTC."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.bookings.api.customer_input import CustomerInputSerializer, SelectionSerializer
from apps.bookings.api.time_wanted import TimeWantedSerializer
from apps.bookings.api.visit_serializers import VisitSerializer, visit_values
from apps.bookings.models import Booking, Identity
from apps.bookings.queries import LineInTime
from apps.bookings.states import BookingStatus
from apps.bookings.types import BookingDetails, Selection
from apps.core.api.fields import IdField
from apps.core.api.serializers import json_of

MAX_NOTES = 2000
MAX_ANSWERS = 50


class BookingInputSerializer(TimeWantedSerializer):
    """A booking on a hold that the visitor has, or on a time that is held in the same go."""

    hold_id = IdField(required=False)
    customer = CustomerInputSerializer()
    notes = serializers.CharField(max_length=MAX_NOTES, required=False, allow_blank=True)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True), required=False
    )
    selection = SelectionSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A hold names its time already."""
        if "hold_id" in attrs and any(name in attrs for name in ("slot_id", "location_id", "start_at")):
            raise serializers.ValidationError({"hold_id": ["Send a hold or a time, not both."]})
        return super().validate(attrs)

    def validate_answers(self, value: dict[str, str]) -> dict[str, str]:
        """Bounded in number, too."""
        if len(value) > MAX_ANSWERS:
            raise serializers.ValidationError(f"At most {MAX_ANSWERS} answers.")
        return value

    @staticmethod
    def details(data: dict[str, Any]) -> BookingDetails:
        """The validated values as the command takes them."""
        customer = data["customer"]
        selection = data.get("selection")
        return BookingDetails(
            customer=Identity(
                name=customer["name"],
                phone=customer["phone"],
                email=customer.get("email", ""),
                address=dict(customer.get("address", {})),
            ),
            notes=data.get("notes", ""),
            answers=data.get("answers", {}),
            selection=Selection(
                flow_version_id=selection["flow_version_id"], node_ids=tuple(selection["node_ids"])
            )
            if selection
            else None,
        )


class BookingSerializer(VisitSerializer):
    """A booking, without any personal data."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    status = serializers.CharField()
    version = serializers.IntegerField()
    hold_expires_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    total_price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    now = serializers.DateTimeField()


def booking_body(
    booking: Booking, lines: Sequence[LineInTime], *, hold_expires_at: datetime | None, now: datetime
) -> str:
    """A booking as JSON."""
    values = booking_values(booking, lines, hold_expires_at=hold_expires_at, now=now)
    return json_of(BookingSerializer, values)


def booking_values(
    booking: Booking, lines: Sequence[LineInTime], *, hold_expires_at: datetime | None, now: datetime
) -> dict[str, Any]:
    """The fields of `BookingSerializer`."""
    return {
        "id": booking.id,
        "reference": booking.reference,
        "status": booking.status,
        "version": booking.version,
        "hold_expires_at": hold_expires_at if booking.status == BookingStatus.HELD else None,
        "confirmed_at": booking.confirmed_at,
        "total_price": booking.total_price,
        "now": now,
        **visit_values(booking, lines),
    }
