"""Shapes of the pages that a customer's link leads to. Times are ISO 8601 in UTC, dates the location's."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rest_framework import serializers

from apps.bookings.api.booking_serializers import BookingSerializer, booking_values
from apps.bookings.models import Order
from apps.bookings.self_service.managed import ManagedBooking, NewStart, Possibility, Waiting
from apps.bookings.states import CUSTOMER_REASONS, CancelReason
from apps.bookings.waitlist.links import token_of_offer
from apps.core.api.fields import IdField, MonthField
from apps.core.api.serializers import StrictSerializer


class PossibilitySerializer(serializers.Serializer[Any]):
    """Whether something can be done now; else `why_not` is status, not_online, too_late or too_early."""

    possible = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)


class OrderSummarySerializer(serializers.Serializer[Any]):
    """What the booking costs with all that was booked together."""

    reference = serializers.CharField()
    status = serializers.CharField()
    total = serializers.DecimalField(max_digits=10, decimal_places=2)
    currency = serializers.CharField()


class CancelReasonSerializer(serializers.Serializer[Any]):
    """A reason that a customer can choose, and its words."""

    value = serializers.CharField()
    words = serializers.CharField()


class WaitingSerializer(serializers.Serializer[Any]):
    """What somebody waits for, in the location's days and times of the day; `offer_token` opens an offer."""

    first_date = serializers.DateField()
    last_date = serializers.DateField()
    earliest_time = serializers.TimeField(allow_null=True)
    latest_time = serializers.TimeField(allow_null=True)
    offer_token = serializers.CharField(allow_null=True)


class ManagedBookingSerializer(BookingSerializer):
    """A booking, and what its customer can do about it. It names the customer by first name only."""

    greeting = serializers.CharField(allow_blank=True)
    cancel = PossibilitySerializer()
    reschedule = PossibilitySerializer()
    check_in = PossibilitySerializer()
    leave_waitlist = serializers.BooleanField()
    waiting = WaitingSerializer(allow_null=True)
    cancel_reasons = CancelReasonSerializer(many=True)
    order = OrderSummarySerializer(allow_null=True)
    organization = serializers.JSONField()
    brand_kit = serializers.JSONField(allow_null=True)


class CancelInputSerializer(StrictSerializer):
    """Why."""

    reason = serializers.ChoiceField(
        choices=[(reason.value, reason.label) for reason in CUSTOMER_REASONS],
        default=CancelReason.OTHER,
    )
    expected_version = serializers.IntegerField(required=False, min_value=1)


class RescheduleInputSerializer(StrictSerializer):
    """When instead."""

    start_at = serializers.DateTimeField(help_text="With an offset, such as …T16:00:00Z.")
    resource_id = IdField(required=False)
    expected_version = serializers.IntegerField(required=False, min_value=1)


class NewMonthQuerySerializer(serializers.Serializer[Any]):
    """Which month, for whom."""

    month = MonthField(help_text="YYYY-MM, a month of the location's calendar.")
    resource_id = serializers.UUIDField(required=False)


class NewDateQuerySerializer(serializers.Serializer[Any]):
    """Which date, for whom."""

    date = serializers.DateField(help_text="A date of the location's calendar.")
    resource_id = serializers.UUIDField(required=False)


class NewDaySerializer(serializers.Serializer[Any]):
    """A date and how many starts it has."""

    date = serializers.DateField()
    available = serializers.IntegerField()


class NewMonthSerializer(serializers.Serializer[Any]):
    """The dates to which the visit could move."""

    month = serializers.CharField()
    location_timezone = serializers.CharField()
    days = NewDaySerializer(many=True)


class NewStartSerializer(serializers.Serializer[Any]):
    """A time to which the visit could move, and who would come."""

    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    people = serializers.ListField(child=serializers.CharField())


class NewTimesSerializer(serializers.Serializer[Any]):
    """The times of a date to which the visit could move."""

    date = serializers.DateField()
    location_timezone = serializers.CharField()
    times = NewStartSerializer(many=True)


def managed_values(
    seen: ManagedBooking,
    *,
    organization: Mapping[str, Any],
    brand_kit: Mapping[str, Any] | None,
    hold_expires_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    """The fields of `ManagedBookingSerializer`."""
    identity = seen.booking.customer.identity
    return {
        **booking_values(seen.booking, seen.lines, hold_expires_at=hold_expires_at, now=now),
        "greeting": identity.name.split()[0] if identity and identity.name.split() else "",
        "cancel": _possibility(seen.cancel),
        "reschedule": _possibility(seen.reschedule),
        "check_in": _possibility(seen.check_in),
        "leave_waitlist": seen.waiting is not None,
        "waiting": None if seen.waiting is None else _waiting(seen.waiting),
        "cancel_reasons": [{"value": reason.value, "words": reason.label} for reason in CUSTOMER_REASONS],
        "order": None if seen.order is None else _order(seen.order),
        "organization": organization,
        "brand_kit": brand_kit,
    }


def _waiting(waiting: Waiting) -> dict[str, Any]:
    entry, offer = waiting.entry, waiting.offer
    return {
        "first_date": entry.first_date,
        "last_date": entry.last_date,
        "earliest_time": entry.earliest_time,
        "latest_time": entry.latest_time,
        "offer_token": None if offer is None else token_of_offer(offer.id),
    }


def _possibility(found: Possibility) -> dict[str, Any]:
    return {
        "possible": found.possible,
        "why_not": found.why_not,
        "since": found.since,
        "until": found.until,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "reference": order.reference,
        "status": order.status,
        "total": order.total,
        "currency": order.currency,
    }


def times_values(day: date, zone: str, times: Sequence[NewStart]) -> dict[str, Any]:
    """The fields of `NewTimesSerializer`."""
    return {
        "date": day,
        "location_timezone": zone,
        "times": [
            {"start_at": one.start_at, "end_at": one.end_at, "people": list(one.people)} for one in times
        ],
    }
