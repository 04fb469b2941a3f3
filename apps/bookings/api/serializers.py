"""Shapes of holds and bookings on the wire. Times are ISO 8601 in UTC."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.availability.types import Offer
from apps.bookings.models import Booking, Hold, Identity
from apps.bookings.queries import LineInTime
from apps.bookings.states import BookingStatus
from apps.bookings.types import BookingDetails, Selection, TimeWanted
from apps.core.api.fields import IdField
from apps.core.api.serializers import StrictSerializer, to_json
from apps.core.phones import InvalidPhone, to_e164

MAX_NOTES = 2000
MAX_ANSWERS = 50
MAX_NODES = 500


class TimeWantedSerializer(StrictSerializer):
    """Which time: a slot, or a start at a location with a person or with anybody who can."""

    slot_id = IdField(required=False)
    location_id = IdField(required=False)
    start_at = serializers.DateTimeField(required=False, help_text="With an offset, such as …T16:00:00Z.")
    resource_id = IdField(required=False)
    service_id = IdField(required=False)
    party_size = serializers.IntegerField(min_value=1, max_value=1000, default=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way to say when, not two and not none."""
        by_slot = "slot_id" in attrs
        by_start = "location_id" in attrs and "start_at" in attrs
        if by_slot and any(name in attrs for name in ("location_id", "start_at", "resource_id")):
            raise serializers.ValidationError(
                {"slot_id": ["Send a slot, or a location and start; not both."]}
            )
        if not by_slot and not by_start and "hold_id" not in attrs:
            raise serializers.ValidationError({"slot_id": ["Say which slot, or which location and start."]})
        return attrs

    @staticmethod
    def wanted(data: dict[str, Any]) -> TimeWanted:
        """The validated values as the command takes them."""
        names = ("slot_id", "location_id", "start_at", "resource_id", "service_id", "party_size")
        return TimeWanted(**{name: data[name] for name in names if name in data})


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


class PlaceSerializer(serializers.Serializer[Any]):
    """A location."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    timezone = serializers.CharField()


class BookedResourceSerializer(serializers.Serializer[Any]):
    """A resource."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class PeriodSerializer(serializers.Serializer[Any]):
    """From when until when; UTC."""

    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()


class LineSerializer(serializers.Serializer[Any]):
    """One service of a visit: by whom, when, and for how much."""

    service_id = serializers.UUIDField(allow_null=True)
    title = serializers.CharField()
    resource = BookedResourceSerializer(allow_null=True)
    price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    periods = PeriodSerializer(many=True, help_text="Several where it is split over days.")


class VisitSerializer(serializers.Serializer[Any]):
    """What a hold and a booking have in common. `resource` and `service_id` are the first line's."""

    start_at = serializers.DateTimeField(allow_null=True)
    end_at = serializers.DateTimeField(allow_null=True)
    location = PlaceSerializer()
    resource = BookedResourceSerializer(allow_null=True)
    service_id = serializers.UUIDField(allow_null=True)
    party_size = serializers.IntegerField()
    currency = serializers.CharField()
    lines = LineSerializer(many=True)


class HoldSerializer(VisitSerializer):
    """A hold, and the server's clock to count down against."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    expires_at = serializers.DateTimeField()
    now = serializers.DateTimeField()


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


def hold_body(hold: Hold, lines: Sequence[LineInTime], *, now: datetime) -> str:
    """A hold as JSON."""
    return to_json(
        HoldSerializer(
            {
                "id": hold.id,
                "status": hold.status,
                "expires_at": hold.expires_at,
                "now": now,
                **_visit(hold, lines),
            }
        )
    )


def booking_body(
    booking: Booking, lines: Sequence[LineInTime], *, hold_expires_at: datetime | None, now: datetime
) -> str:
    """A booking as JSON."""
    return to_json(
        BookingSerializer(
            {
                "id": booking.id,
                "reference": booking.reference,
                "status": booking.status,
                "version": booking.version,
                "hold_expires_at": hold_expires_at if booking.status == BookingStatus.HELD else None,
                "confirmed_at": booking.confirmed_at,
                "total_price": booking.total_price,
                "now": now,
                **_visit(booking, lines),
            }
        )
    )


def _visit(visit: Hold | Booking, lines: Sequence[LineInTime]) -> dict[str, Any]:
    first = lines[0].line
    return {
        "start_at": visit.starts_at,
        "end_at": visit.ends_at,
        "location": visit.location,
        "resource": first.resource,
        "service_id": first.service_id,
        "party_size": visit.party_size,
        "currency": visit.currency,
        "lines": [
            {
                "service_id": timed.line.service_id,
                "title": timed.line.title,
                "resource": timed.line.resource,
                "price": timed.line.amount,
                "periods": [{"start_at": period.start, "end_at": period.end} for period in timed.periods],
            }
            for timed in lines
        ],
    }


def offer_body(offer: Offer) -> dict[str, Any]:
    """A free time that stands in for one that is gone."""
    return {
        "start_at": offer.start_at.isoformat().replace("+00:00", "Z"),
        "end_at": offer.end_at.isoformat().replace("+00:00", "Z"),
        "slot_id": str(offer.slot_id),
        "resource": {"id": str(offer.resource_id), "name": offer.resource_name},
    }
