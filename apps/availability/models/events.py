"""Whatever occupies a resource, and the time off that owns some of it (seed 002)."""

from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.availability.fields import LanesField
from apps.availability.models.places import Resource
from apps.availability.models.slots import SlotInstance
from apps.availability.querysets import CalendarEventQuerySet
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization


class EventType(models.TextChoices):
    """Why a resource is taken (seed 002)."""

    CUSTOMER = "customer", "Customer"
    HOLD = "hold", "Hold"
    VACATION = "vacation", "Vacation"
    BREAK = "break", "Break"
    MEETING = "meeting", "Meeting"
    BLOCKED = "blocked", "Blocked"
    REMINDER = "reminder", "Reminder"


class TimeOffType(models.TextChoices):
    """Why somebody is away."""

    VACATION = "vacation", "Vacation"
    BREAK = "break", "Break"
    MEETING = "meeting", "Meeting"
    BLOCKED = "blocked", "Blocked"


class TimeOff(BaseModel):
    """A time, or a repeated one, in which a resource takes no visits (seed 002).

    Wall times of its location. It owns calendar events, cut at the edges of the bookings that it meets:
    nothing is dropped and nothing doubled; what is in its way waits to be moved.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="time_off")
    type = models.CharField(max_length=8, choices=TimeOffType.choices, default=TimeOffType.BLOCKED)
    note = models.CharField(max_length=120, blank=True, help_text="For your team; customers never see it.")
    start_date = models.DateField()
    start_time = models.TimeField(help_text="In the location's time.")
    duration_minutes = models.PositiveIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(366 * 1440)],
        help_text="By the clock on the wall: eight to five is nine hours on any day of the year.",
    )
    rrule = models.CharField(
        max_length=500, blank=True, help_text="RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270131."
    )
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantQuerySet["TimeOff"].as_manager()

    class Meta:
        verbose_name_plural = "time off"
        ordering: ClassVar = ["start_date", "start_time"]
        indexes: ClassVar = [models.Index(fields=["resource", "start_date"], name="time_off_by_resource")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(type__in=TimeOffType.values), name="time_off_type_is_known"),
            models.CheckConstraint(
                condition=Q(duration_minutes__range=(1, 366 * 1440)), name="time_off_has_a_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} from {self.start_date:%Y-%m-%d}"


class CalendarEvent(BaseModel):
    """Time and a resource. Two active events never share a lane at the same moment.

    That is an exclusion constraint on (resource, occupied, lanes), written in SQL in the migrations:
    `event_no_lane_twice`.
    """

    # No index of its own: event_by_organization_and_time begins with it.
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    # This one keeps its index: the exclusion constraint's holds ranges of ids, which `=` cannot use.
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="events", null=True)
    type = models.CharField(max_length=8, choices=EventType.choices)
    booking = models.ForeignKey(
        "bookings.Booking", on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )
    line = models.ForeignKey(
        "bookings.BookingLine", on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )
    customer = models.ForeignKey(
        "bookings.Customer", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    hold = models.ForeignKey(
        "bookings.Hold", on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )
    slot = models.ForeignKey(
        SlotInstance, on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )
    time_off = models.ForeignKey(
        TimeOff, on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )
    note = models.CharField(max_length=120, blank=True, help_text="For your team: what a reminder says.")
    starts_at = models.DateTimeField(help_text="What people see; UTC.")
    ends_at = models.DateTimeField(help_text="What people see; UTC.")
    occupied = DateTimeRangeField(help_text="The visit and its buffers; UTC, half-open.")
    lanes = LanesField()
    lane_limit = models.PositiveSmallIntegerField(help_text="The resource's capacity when lanes were given.")
    expires_at = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)

    objects = CalendarEventQuerySet["CalendarEvent"].as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"],
                name="event_holds_by_expiry",
                condition=Q(active=True, expires_at__isnull=False),
            ),
            models.Index(fields=["organization", "starts_at"], name="event_by_organization_and_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(type__in=EventType.values), name="event_type_is_known"),
            models.CheckConstraint(
                condition=Q(type="customer", booking__isnull=False)
                | (~Q(type="customer") & Q(booking__isnull=True)),
                name="event_customer_iff_booking",
            ),
            models.CheckConstraint(
                condition=Q(type="hold", expires_at__isnull=False)
                | (~Q(type="hold") & Q(expires_at__isnull=True)),
                name="event_hold_iff_expiry",
            ),
            models.CheckConstraint(
                condition=Q(active=False) | (Q(resource__isnull=False) & ~Q(type="reminder")),
                name="event_active_has_resource",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def is_piece_of_time_off(self) -> bool:
        """Whether a time off owns it. A hold may name the time off that waits behind it."""
        return self.time_off_id is not None and self.type != EventType.HOLD
