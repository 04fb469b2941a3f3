"""Start times, and how much of their time is free (seed 003)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from apps.availability.models.places import Location, Resource
from apps.availability.querysets import SlotQuerySet
from apps.core.models import BaseModel
from apps.organizations.models import Organization


class SlotStatus(models.TextChoices):
    """How much is left of a slot (seed 003)."""

    OPEN = "open", "Open"
    PARTIAL = "partial", "Partly taken"
    FULL = "full", "Full"
    BLOCKED = "blocked", "Blocked"


class SlotInstance(BaseModel):
    """A start time that the rules make, and how much of its time is free.

    `capacity > booked + hold` says exactly that one more seat of this slot's own length fits. The counters
    have one writer, `occupancy.recount`; nothing increments them.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    # No indexes of their own: those below begin with them, and generation pays for each at every row.
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="slots", db_index=False)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="slots", db_index=False)
    date = models.DateField(help_text="The day in the location's time on which its working time began.")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    booked = models.PositiveSmallIntegerField(default=0)
    hold = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=7, choices=SlotStatus.choices, default=SlotStatus.OPEN)
    closed = models.BooleanField(
        default=False, help_text="No rule makes it any more, but somebody has it: no new bookings."
    )

    objects = SlotQuerySet["SlotInstance"].as_manager()

    class Meta:
        verbose_name = "bookable time"
        ordering: ClassVar = ["start_at", "resource"]
        indexes: ClassVar = [
            models.Index(fields=["resource", "start_at"], name="slot_by_resource_and_start"),
            models.Index(fields=["location", "date"], name="slot_by_location_and_date"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["location", "resource", "start_at"], name="slot_one_per_resource_and_start"
            ),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="slot_ends_after_start"),
            models.CheckConstraint(
                condition=Q(capacity__gte=1) & Q(capacity__gte=F("booked") + F("hold")),
                name="slot_counters_within_capacity",
            ),
            models.CheckConstraint(condition=Q(status__in=SlotStatus.values), name="slot_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.start_at:%Y-%m-%d %H:%M} UTC"
