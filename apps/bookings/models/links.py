"""The link by which a customer manages a booking without signing in."""

from typing import ClassVar

from django.db import models

from apps.bookings.models.bookings import Booking
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization


class ManageToken(BaseModel):
    """A token for one booking. Only its digest is stored; it is made again from its id and our secret."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="manage_tokens")
    digest = models.BinaryField(max_length=32, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet["ManageToken"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="manage_token_is_unique"),
        ]

    def __str__(self) -> str:
        return f"Link of {self.booking_id}"
