"""Who books. All that names them is sealed (DESIGN §12)."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from apps.bookings.sealed import SealedRecord
from apps.core.encryption import lookup_digest, new_wrapped_key, unwrap_key
from apps.core.ids import new_id
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """By which ways somebody wants to hear from the business about their bookings."""

    email: bool = True
    sms: bool = True


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


def digests_of_name(organization_id: UUID, name: str) -> list[bytes]:
    """The keyed digests of the words of a name, by which whole words of it are found."""
    words = sorted({word for word in name.casefold().split() if len(word) > 1})
    return [lookup_digest(word, purpose="name", organization=organization_id.bytes) for word in words]


class Customer(SealedRecord, BaseModel):
    """Somebody who books. Name, phone, e-mail and address are sealed with a key of their own."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="customers")
    wrapped_key = models.BinaryField(null=True, editable=False)
    identity_sealed = models.BinaryField(null=True, editable=False)
    phone_digest = models.BinaryField(max_length=32, null=True, editable=False)
    email_digest = models.BinaryField(max_length=32, null=True, editable=False)
    name_digests = ArrayField(
        models.BinaryField(max_length=32), default=list, editable=False, help_text="One of each word."
    )
    notify_by_email = models.BooleanField(default=True, db_default=True)
    notify_by_sms = models.BooleanField(default=True, db_default=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="customers"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantQuerySet["Customer"].as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "email_digest"], name="customer_by_email"),
            GinIndex(fields=["name_digests"], name="customer_by_name"),
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
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (~Q(merged_into=F("id")) & Q(phone_digest__isnull=True, email_digest__isnull=True)),
                name="customer_merged_is_not_found_again",
            ),
            models.UniqueConstraint(
                fields=["organization", "user"],
                condition=Q(user__isnull=False),
                name="customer_one_per_user",
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
        self.name_digests = digests_of_name(self.organization_id, identity.name)

    def forget(self, now: datetime) -> None:
        """Throw the key away, and whatever they are found by. `now` is UTC."""
        self.wrapped_key = self.identity_sealed = self.phone_digest = self.email_digest = None
        self.name_digests = []
        self.notify_by_email = self.notify_by_sms = False
        self.user = None
        self.erased_at = now

    @property
    def preferences(self) -> Preferences:
        """By which ways they want to hear from the business."""
        return Preferences(email=self.notify_by_email, sms=self.notify_by_sms)

    def set_preferences(self, preferences: Preferences) -> None:
        """Note by which ways they want to hear from the business."""
        self.notify_by_email, self.notify_by_sms = preferences.email, preferences.sms

    @property
    def identity(self) -> Identity | None:
        """Who they are, or None once they have been erased."""
        opened = self.unseal("identity", self.identity_sealed)
        return Identity(**opened) if opened else None

    def data_key(self) -> bytes | None:
        """The key that opens what is sealed for this customer; None once erased."""
        return unwrap_key(bytes(self.wrapped_key), owner=self.id.bytes) if self.wrapped_key else None
