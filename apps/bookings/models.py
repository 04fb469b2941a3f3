"""Customer, Booking, BookingLine and Hold (seeds 002, 003, 004)."""

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.availability.models import Location, Resource, SlotInstance
from apps.bookings.querysets import BookingQuerySet, HoldQuerySet
from apps.bookings.sealed import SealedRecord
from apps.bookings.states import BookingStatus, HoldStatus
from apps.content.models import BookingService
from apps.core.encryption import lookup_digest, new_wrapped_key, unwrap_key
from apps.core.ids import new_id, new_reference
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a customer is. `phone` is E.164; `address` has line1, line2, city, postal_code."""

    name: str
    phone: str
    email: str = ""
    address: dict[str, str] = field(default_factory=dict)


def digest_of_phone(organization_id: UUID, phone: str) -> bytes:
    """The keyed digest by which a phone number (E.164) is found inside one organization."""
    return lookup_digest(phone, purpose="phone", organization=organization_id.bytes)


def digest_of_email(organization_id: UUID, email: str) -> bytes | None:
    """The keyed digest of an e-mail address, or None where there is none."""
    if not email:
        return None
    return lookup_digest(email.strip().lower(), purpose="email", organization=organization_id.bytes)


class Customer(SealedRecord, BaseModel):
    """Somebody who books. Name, phone, e-mail and address are sealed with a key of their own."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="customers")
    wrapped_key = models.BinaryField(null=True, editable=False)
    identity_sealed = models.BinaryField(null=True, editable=False)
    phone_digest = models.BinaryField(max_length=32, null=True, editable=False)
    email_digest = models.BinaryField(max_length=32, null=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantQuerySet["Customer"].as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "email_digest"], name="customer_by_email"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "phone_digest"], name="customer_one_per_phone"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    wrapped_key__isnull=True,
                    identity_sealed__isnull=True,
                    phone_digest__isnull=True,
                    email_digest__isnull=True,
                ),
                name="customer_erased_is_unreadable",
            ),
        ]

    def __str__(self) -> str:
        return self.identity.name if self.identity else "Erased customer"

    @classmethod
    def of(cls, *, organization_id: UUID, identity: Identity) -> Self:
        """A new, unsaved customer with a fresh data key."""
        customer = cls(id=new_id(), organization_id=organization_id)
        customer.wrapped_key = new_wrapped_key(owner=customer.id.bytes)
        customer.set_identity(identity)
        return customer

    def set_identity(self, identity: Identity) -> None:
        """Seal who they are, and keep the digests by which they are found."""
        self.identity_sealed = self.seal("identity", asdict(identity))
        self.phone_digest = digest_of_phone(self.organization_id, identity.phone)
        self.email_digest = digest_of_email(self.organization_id, identity.email)

    @property
    def identity(self) -> Identity | None:
        """Who they are, or None once they have been erased."""
        opened = self.unseal("identity", self.identity_sealed)
        return Identity(**opened) if opened else None

    def data_key(self) -> bytes | None:
        """The key that opens what is sealed for this customer; None once erased."""
        return unwrap_key(bytes(self.wrapped_key), owner=self.id.bytes) if self.wrapped_key else None


class Booking(BaseModel):
    """What a customer has booked: who and what. When and by whom is in its calendar events (seed 002)."""

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
    total_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    session_id = models.UUIDField(null=True, editable=False)
    selection = models.JSONField(default=dict, editable=False)
    intake_sealed = models.BinaryField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet["Booking"].as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["organization", "status", "-created_at"], name="booking_by_status"),
            models.Index(fields=["session_id"], name="booking_by_session"),
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
    """One service of a booking, who performs it, and what it costs (002's BookingService)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="lines")
    service = models.ForeignKey(
        BookingService, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="booking_lines")
    title = models.CharField(max_length=120, help_text="The service's name when it was booked.")
    base_duration_minutes = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    objects = TenantQuerySet["BookingLine"].as_manager()

    class Meta:
        ordering: ClassVar = ["sort_order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booking", "sort_order"], name="line_order_is_unique"),
        ]

    def __str__(self) -> str:
        return self.title


class Hold(BaseModel):
    """A time that is somebody's for a few minutes. Price and length freeze here."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="holds")
    session_id = models.UUIDField(null=True, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(
        BookingService, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    slot = models.ForeignKey(SlotInstance, on_delete=models.PROTECT, related_name="holds")
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, related_name="holds", null=True, blank=True
    )
    status = models.CharField(max_length=9, choices=HoldStatus.choices, default=HoldStatus.ACTIVE)
    party_size = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    duration_minutes = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet["Hold"].as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="hold_due", condition=Q(status="active")),
            models.Index(fields=["session_id", "status"], name="hold_by_session"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=HoldStatus.values), name="hold_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="active", ended_at__isnull=True)
                | (~Q(status="active") & Q(ended_at__isnull=False)),
                name="hold_ended_has_time",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="hold_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_at:%Y-%m-%d %H:%M} UTC"
