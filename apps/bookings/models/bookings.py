"""What a customer has booked: the booking, its lines, and how the visit went (seeds 002, 003, 004)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.availability.models import Location, Resource, SlotInstance
from apps.bookings.models.customers import Customer
from apps.bookings.models.holds import Hold
from apps.bookings.querysets import BookingQuerySet
from apps.bookings.states import BookingStatus, ServiceSessionStatus
from apps.content.models import BookingService
from apps.core.ids import new_reference
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization


class Booking(BaseModel):
    """What a customer has booked: who and what. When and by whom is in its calendar events (seed 002).

    `starts_at` and `ends_at` repeat the first and last moment of those events, for lists and notice windows;
    a queued or waitlisted booking has neither.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="bookings")
    reference = models.CharField(max_length=16, default=new_reference, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bookings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="bookings"
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="bookings")
    status = models.CharField(max_length=20, choices=BookingStatus.choices)
    version = models.PositiveIntegerField(default=1)
    slot = models.ForeignKey(
        SlotInstance, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    phone_digest = models.BinaryField(max_length=32, null=True, editable=False)
    party_size = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    total_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    session_id = models.UUIDField(null=True, editable=False)
    selection = models.JSONField(default=dict, editable=False)
    intake_sealed = models.BinaryField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=40, blank=True, editable=False)
    expired_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet["Booking"].as_manager()
    # As of a hold. With them go when that was, and until when a held booking is held.
    known_lines: Sequence[Any] | None = None
    known_at: datetime | None = None
    known_until: datetime | None = None

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["organization", "status", "-created_at"], name="booking_by_status"),
            models.Index(fields=["session_id"], name="booking_by_session"),
            models.Index(fields=["organization", "starts_at"], name="booking_by_time"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference"], name="booking_reference_is_unique"),
            models.CheckConstraint(
                condition=Q(status__in=BookingStatus.values), name="booking_status_is_known"
            ),
            models.UniqueConstraint(
                fields=["slot", "phone_digest"],
                condition=~Q(status__in=["completed", "no_show", "cancelled", "expired"]),
                name="booking_one_live_per_customer_and_slot",
            ),
            models.CheckConstraint(condition=Q(party_size__gte=1), name="booking_party_at_least_1"),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False),
                name="booking_cancelled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="expired") | Q(expired_at__isnull=False), name="booking_expired_has_time"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="booking_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def set_intake(self, intake: dict[str, Any]) -> None:
        """Seal the notes and answers with the customer's key; all free text counts as personal."""
        self.intake_sealed = self.customer.seal("intake", intake) if intake else None

    @property
    def intake(self) -> dict[str, Any]:
        """Notes and answers, as they were given; empty once the customer is erased."""
        return self.customer.unseal("intake", self.intake_sealed) or {}

    def move_to(self, status: BookingStatus) -> None:
        """Set the status and count the version up; whether it is allowed is for policies to say."""
        self.status = status
        self.version += 1


class BookingLine(BaseModel):
    """One service of a visit, who performs it, and what it costs (002's BookingService).

    It is made with the hold, where price and length freeze, and becomes the booking's with it. A queued
    booking's line has no hold, and nobody who performs it yet. Its current time is in its active events.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="lines", null=True, blank=True)
    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, related_name="lines", null=True, blank=True
    )
    service = models.ForeignKey(
        BookingService, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="booking_lines", null=True, blank=True
    )
    title = models.CharField(max_length=120, help_text="The service's name when it was booked.")
    base_duration_minutes = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    custom_price = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="What this customer pays instead of the service's price.",
    )
    sort_order = models.PositiveSmallIntegerField(default=0)

    objects = TenantQuerySet["BookingLine"].as_manager()

    class Meta:
        ordering: ClassVar = ["sort_order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booking", "sort_order"], name="line_order_is_unique"),
            models.UniqueConstraint(fields=["hold", "sort_order"], name="line_order_is_unique_in_hold"),
            models.CheckConstraint(
                condition=Q(hold__isnull=False) | Q(booking__isnull=False), name="line_belongs_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(custom_price__isnull=True) | Q(custom_price__gte=0),
                name="line_custom_price_not_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def amount(self) -> Decimal | None:
        """What it costs this customer; None where the price is quoted on site."""
        return self.price if self.custom_price is None else self.custom_price


class ServiceSession(BaseModel):
    """How the visit really went, beside how it was planned (seeds 002, 004). One to a booking."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="service_session")
    status = models.CharField(
        max_length=12, choices=ServiceSessionStatus.choices, default=ServiceSessionStatus.SCHEDULED
    )
    planned_start = models.DateTimeField(null=True, blank=True)
    planned_minutes = models.PositiveIntegerField(help_text="The lengths of all services together.")
    checked_in_at = models.DateTimeField(null=True, blank=True)
    serving_since = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was called off or not met.")

    objects = TenantQuerySet["ServiceSession"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=ServiceSessionStatus.values), name="service_session_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="completed") | Q(completed_at__isnull=False),
                name="service_session_completed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Visit of {self.booking}"
