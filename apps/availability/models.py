"""Location, Resource, AvailabilityRule, SlotInstance and CalendarEvent (seeds 002 and 003)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.availability.fields import LanesField
from apps.availability.querysets import CalendarEventQuerySet, ResourceQuerySet, SlotQuerySet
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import DEFAULT_TIMEZONE, Organization, validate_timezone

WEEKDAYS = [(1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun")]


class SellsFrom(models.TextChoices):
    """What a location's customers book: a place in the pool, or somebody."""

    POOL = "pool", "A shared pool of places"
    PEOPLE = "people", "Its people"


class Location(BaseModel):
    """A branch, with the time zone in which its hours are written."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="locations")
    name = models.CharField(max_length=120)
    timezone = models.CharField(
        max_length=64,
        default=DEFAULT_TIMEZONE,
        validators=[validate_timezone],
        help_text="The zone of its opening hours, as in “America/Denver”.",
    )
    sells_from = models.CharField(
        max_length=6,
        choices=SellsFrom.choices,
        default=SellsFrom.POOL,
        help_text="Do customers book a person, or one of several equal places?",
    )
    address = models.CharField(max_length=200, blank=True)
    phone_number = models.CharField(max_length=20, blank=True)
    active = models.BooleanField(default=True, help_text="Off hides it from customers.")

    objects = TenantQuerySet["Location"].as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="location_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class ResourceKind(models.TextChoices):
    """What a resource is. Every location has one pool, so that every slot has a resource."""

    PERSON = "person", "Person"
    ROOM = "room", "Room"
    EQUIPMENT = "equipment", "Equipment"
    POOL = "pool", "Pool of the location"


class Resource(BaseModel):
    """Whoever or whatever a visit needs. It serves `capacity` at once, in lanes 0 to capacity − 1."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="resources")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=9, choices=ResourceKind.choices, default=ResourceKind.PERSON)
    name = models.CharField(max_length=120)
    skills = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="What they can do, such as “hvac”. A service finds the people who have all its skills.",
    )
    capacity = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="How many customers at the same time.",
    )
    buffer_before_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty means: as the organization has it."
    )
    buffer_after_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty means: as the organization has it."
    )
    active = models.BooleanField(default=True, help_text="Off takes no new bookings; the old ones stay.")

    objects = ResourceQuerySet["Resource"].as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(fields=["skills"], name="resource_by_skill")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="resource_capacity_at_least_1"),
            models.UniqueConstraint(
                fields=["location"], condition=Q(kind="pool"), name="resource_one_pool_per_location"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleKind(models.TextChoices):
    """The later one wins over the earlier one on the same day (seed 003)."""

    WEEKLY = "WEEKLY", "Every week"
    DATE_RANGE = "DATE_RANGE", "For a while"
    EXCEPTION = "EXCEPTION", "Exception"


class AvailabilityRule(BaseModel):
    """Working hours in wall time of the location, for the location or for one of its resources.

    An end at or before the start lies on the next day; `00:00` as an end is the midnight that ends the day.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="rules")
    resource = models.ForeignKey(
        Resource,
        on_delete=models.CASCADE,
        related_name="rules",
        null=True,
        blank=True,
        help_text="Empty means: the location's own hours, and everyone's who has none of their own.",
    )
    rule_kind = models.CharField(max_length=10, choices=RuleKind.choices, default=RuleKind.WEEKLY)
    days_of_week = ArrayField(
        models.PositiveSmallIntegerField(choices=WEEKDAYS),
        null=True,
        blank=True,
        help_text="1 is Monday, 7 is Sunday. Empty means every day of the dates below.",
    )
    start_time = models.TimeField(help_text="In the location's time.")
    end_time = models.TimeField(help_text="In the location's time; 00:00 is the midnight that ends the day.")
    slot_capacity = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    slot_granularity_minutes = models.PositiveSmallIntegerField(
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text="A visit can begin every so many minutes.",
    )
    slot_duration_minutes = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    is_closed = models.BooleanField(default=False, help_text="Closed on these days, all day.")
    note = models.CharField(max_length=120, blank=True, help_text="Why, such as “Thanksgiving”.")

    objects = TenantQuerySet["AvailabilityRule"].as_manager()

    class Meta:
        ordering: ClassVar = ["location", "resource", "rule_kind", "valid_from", "start_time"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "location",
                    "resource",
                    "rule_kind",
                    "days_of_week",
                    "start_time",
                    "end_time",
                    "valid_from",
                    "valid_to",
                ],
                nulls_distinct=False,
                name="rule_is_unique",
            ),
            models.CheckConstraint(condition=Q(rule_kind__in=RuleKind.values), name="rule_kind_is_known"),
            models.CheckConstraint(
                condition=Q(rule_kind="WEEKLY", days_of_week__isnull=False, days_of_week__len__gt=0)
                | (~Q(rule_kind="WEEKLY") & Q(valid_from__isnull=False)),
                name="rule_says_when_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(days_of_week__isnull=True) | Q(days_of_week__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="rule_days_are_1_to_7",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="rule_validity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(slot_capacity__gte=1)
                & Q(slot_granularity_minutes__range=(1, 1440))
                & Q(slot_duration_minutes__range=(1, 1440)),
                name="rule_slots_are_possible",
            ),
        ]

    def __str__(self) -> str:
        hours = "closed" if self.is_closed else f"{self.start_time:%H:%M}–{self.end_time:%H:%M}"
        return f"{self.get_rule_kind_display()}: {hours}"


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
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="slots")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="slots")
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


class EventType(models.TextChoices):
    """Why a resource is taken (seed 002)."""

    CUSTOMER = "customer", "Customer"
    HOLD = "hold", "Hold"
    VACATION = "vacation", "Vacation"
    BREAK = "break", "Break"
    MEETING = "meeting", "Meeting"
    BLOCKED = "blocked", "Blocked"
    REMINDER = "reminder", "Reminder"


class CalendarEvent(BaseModel):
    """Time and a resource. Two active events never share a lane at the same moment.

    That is an exclusion constraint on (resource, occupied, lanes), written in SQL in the migrations:
    `event_no_lane_twice`.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
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
