"""When somebody works: rules in wall time (seed 003)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.availability.models.places import Location, Resource
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization

WEEKDAYS = [(1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun")]


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
        verbose_name = "set of hours"
        verbose_name_plural = "sets of hours"
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
                condition=~Q(rule_kind="EXCEPTION") | Q(valid_to__isnull=False), name="rule_exception_ends"
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
