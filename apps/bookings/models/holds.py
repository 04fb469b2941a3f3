"""A time that is somebody's for a few minutes (seeds 003, 004)."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from apps.availability.models import Location, SlotInstance
from apps.bookings.querysets import HoldQuerySet
from apps.bookings.states import HoldStatus
from apps.core.models import BaseModel
from apps.organizations.models import Organization


class Hold(BaseModel):
    """A visit that is somebody's for a few minutes: its lines say what of, its events when and by whom.

    Prices and lengths freeze in the lines. `minutes` is how long it lives, and by how much a refresh extends
    it. `starts_at` and `ends_at` are the visit's first and last moment; `slot` is the one of a visit that was
    picked as a slot.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="holds")
    session_id = models.UUIDField(null=True, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(
        SlotInstance, on_delete=models.PROTECT, related_name="holds", null=True, blank=True
    )
    booking = models.ForeignKey(
        "bookings.Booking", on_delete=models.PROTECT, related_name="holds", null=True, blank=True
    )
    status = models.CharField(max_length=9, choices=HoldStatus.choices, default=HoldStatus.ACTIVE)
    party_size = models.PositiveSmallIntegerField(default=1)
    currency = models.CharField(max_length=3)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(db_default=5)
    refreshes = models.PositiveSmallIntegerField(db_default=0)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet["Hold"].as_manager()
    # When its lines happen, where whoever has placed it still knows: no need to read them
    # back (`queries.LineInTime`).
    known_lines: Sequence[Any] | None = None

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
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"
