"""Who waits for a time, and what they have been offered."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from apps.availability.models import Resource
from apps.bookings.models.bookings import Booking
from apps.bookings.models.holds import Hold
from apps.bookings.states import OfferStatus, WaitlistStatus
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization


class WaitlistEntry(BaseModel):
    """What a waitlisted booking waits for: any time between two days, and perhaps one person's.

    The services are the booking's lines, the party its size. Earlier ids come first. Days and times are the
    location's. `fingerprint` is of whose it is and for what: nobody waits twice for the same.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="waitlist_entry")
    status = models.CharField(max_length=8, choices=WaitlistStatus.choices, default=WaitlistStatus.WAITING)
    first_date = models.DateField()
    last_date = models.DateField()
    earliest_time = models.TimeField(null=True, blank=True, help_text="Not before this time of the day.")
    latest_time = models.TimeField(null=True, blank=True, help_text="Must begin by this time of the day.")
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="waitlist_entries"
    )
    fingerprint = models.BinaryField(max_length=32, null=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet["WaitlistEntry"].as_manager()

    class Meta:
        verbose_name_plural = "waitlist entries"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "id"], name="waitlist_in_line", condition=Q(status="waiting")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=WaitlistStatus.values), name="waitlist_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="waitlist_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["organization", "fingerprint"],
                condition=Q(status__in=["waiting", "offered"]),
                name="waitlist_not_twice_for_the_same",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "offered"], ended_at__isnull=True)
                | (~Q(status__in=["waiting", "offered"]) & Q(ended_at__isnull=False)),
                name="waitlist_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Waits {self.first_date:%d %b %Y} – {self.last_date:%d %b %Y}"


class WaitlistOffer(BaseModel):
    """A time that somebody on the waitlist may take: a hold with its own lifetime, and a link."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(WaitlistEntry, on_delete=models.CASCADE, related_name="offers")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="waitlist_offer")
    status = models.CharField(max_length=8, choices=OfferStatus.choices, default=OfferStatus.OPEN)
    digest = models.BinaryField(max_length=32, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet["WaitlistOffer"].as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(status="open"), name="waitlist_one_open_offer"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(status="accepted"), name="waitlist_served_once"
            ),
            models.UniqueConstraint(fields=["digest"], name="waitlist_offer_link_is_unique"),
            models.CheckConstraint(
                condition=Q(status="open", answered_at__isnull=True)
                | (~Q(status="open") & Q(answered_at__isnull=False)),
                name="waitlist_offer_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Offer to {self.entry_id}"
