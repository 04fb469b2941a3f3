"""Where and who: locations and their resources (seeds 002 and 003)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.availability.querysets import ResourceQuerySet
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import DEFAULT_TIMEZONE, Organization, validate_timezone


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
    daily_cap = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="At most so many visits on one day, in the location's time. Empty means no limit.",
    )
    photo = models.ImageField(upload_to="resources", blank=True)
    active = models.BooleanField(default=True, help_text="Off takes no new bookings; the old ones stay.")
    version = models.PositiveBigIntegerField(
        default=0,
        editable=False,
        help_text="Counted up by whatever changes its time: answers kept for an older one are stale.",
    )

    objects = ResourceQuerySet["Resource"].as_manager()

    class Meta:
        verbose_name = "team member"
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
