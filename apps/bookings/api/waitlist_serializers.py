"""Shapes of the waitlist on the wire. Times are ISO 8601 in UTC; days and times of the day the location's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.availability.planner import MAX_LINES
from apps.bookings.api.booking_serializers import MAX_NOTES, BookingSerializer
from apps.bookings.api.customer_input import CustomerInputSerializer
from apps.bookings.api.visit_serializers import VisitSerializer, visit_values
from apps.bookings.models import Identity, WaitlistOffer
from apps.bookings.queries import LineInTime
from apps.bookings.states import OfferStatus
from apps.bookings.types import BookingDetails
from apps.bookings.waitlist.line import Wish
from apps.core.api.fields import IdField
from apps.core.api.serializers import StrictSerializer, to_json


class ServiceToWaitForSerializer(StrictSerializer):
    """One service of the visit."""

    service_id = IdField()


class WaitlistInputSerializer(StrictSerializer):
    """What somebody waits for, and who they are."""

    location_id = IdField()
    services = serializers.ListField(
        child=ServiceToWaitForSerializer(),
        allow_empty=False,
        max_length=MAX_LINES,
        help_text="In their order; they follow each other without a gap.",
    )
    party_size = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    first_date = serializers.DateField()
    last_date = serializers.DateField()
    earliest_time = serializers.TimeField(required=False, help_text="Not before this time of the day.")
    latest_time = serializers.TimeField(required=False, help_text="Must begin by this time of the day.")
    resource_id = IdField(required=False, help_text="Somebody who does all of it that they can.")
    customer = CustomerInputSerializer()
    notes = serializers.CharField(max_length=MAX_NOTES, required=False, allow_blank=True)

    @staticmethod
    def wish(data: dict[str, Any]) -> Wish:
        """What is waited for, as the command takes it."""
        return Wish(
            location_id=data["location_id"],
            service_ids=tuple(one["service_id"] for one in data["services"]),
            first_date=data["first_date"],
            last_date=data["last_date"],
            earliest=data.get("earliest_time"),
            latest=data.get("latest_time"),
            resource_id=data.get("resource_id"),
            party_size=data["party_size"],
        )

    @staticmethod
    def details(data: dict[str, Any]) -> BookingDetails:
        """Who waits, as the command takes it."""
        customer = data["customer"]
        return BookingDetails(
            customer=Identity(
                name=customer["name"],
                phone=customer["phone"],
                email=customer.get("email", ""),
                address=dict(customer.get("address", {})),
            ),
            notes=data.get("notes", ""),
        )


class WaitlistedSerializer(BookingSerializer):
    """The waitlisted booking, and the link to it."""

    manage_token = serializers.CharField()


class WaitlistOfferSerializer(VisitSerializer):
    """A time that somebody on the waitlist may take until `expires_at`."""

    status = serializers.ChoiceField(choices=OfferStatus.values)
    booking_reference = serializers.CharField()
    business = serializers.CharField()
    expires_at = serializers.DateTimeField()
    now = serializers.DateTimeField()
    manage_token = serializers.CharField(allow_null=True, help_text="Of the visit, once the offer is taken.")
    organization = serializers.JSONField()
    brand_kit = serializers.JSONField(allow_null=True)


def offer_body(
    offer: WaitlistOffer,
    lines: Sequence[LineInTime],
    *,
    manage_token: str | None,
    organization: Mapping[str, Any],
    brand_kit: Mapping[str, Any] | None,
    now: datetime,
) -> str:
    """An offer as JSON. One whose time has passed reads as lapsed, swept or not."""
    lapsed = offer.status == OfferStatus.OPEN and offer.hold.expires_at <= now
    return to_json(
        WaitlistOfferSerializer(
            {
                **visit_values(offer.hold, lines),
                "status": OfferStatus.LAPSED if lapsed else offer.status,
                "booking_reference": offer.entry.booking.reference,
                "business": offer.organization.name,
                "expires_at": offer.hold.expires_at,
                "now": now,
                "manage_token": manage_token,
                "organization": organization,
                "brand_kit": brand_kit,
            }
        )
    )
