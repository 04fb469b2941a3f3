"""BookingFlowRouter: one rule of the table that leads a page to a flow (seed 000 §2.2.1)."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import MD5, Cast

from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.flows.models import BookingFlow, SchedulerConfig
from apps.organizations.models import Organization
from apps.routing import patterns
from apps.routing.values import MAX_PRIORITY, MAX_WEIGHT, problems_of_pattern


class PathMatch(models.TextChoices):
    """How a rule's path is compared with a page's."""

    PREFIX = patterns.PathMatch.PREFIX.value, "This path and everything below it"
    EXACT = patterns.PathMatch.EXACT.value, "Exactly this path"
    GLOB = patterns.PathMatch.GLOB.value, "Paths like this one, with * and **"
    ANY = patterns.PathMatch.ANY.value, "Any path"


WITH_A_PATH = [PathMatch.EXACT, PathMatch.PREFIX, PathMatch.GLOB]


class IsObject(models.Func):
    """Whether a JSON value is an object."""

    template = "(jsonb_typeof(%(expressions)s) = 'object')"
    output_field = models.BooleanField()


class RouterQuerySet(TenantQuerySet["BookingFlowRouter"]):
    """Rules of an organization."""

    def in_order(self) -> Self:
        """As they are tried: priority 1 first, the defaults last."""
        return self.order_by("is_default", "priority", "id")


class BookingFlowRouter(BaseModel):
    """“On pages like this, open that flow.” Priority 1 is tried first; the default is tried last."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="flow_routers")
    scheduler_config = models.ForeignKey(
        SchedulerConfig,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="flow_routers",
        help_text="The widget that this rule is for. Empty: every widget.",
    )
    flow = models.ForeignKey(BookingFlow, on_delete=models.PROTECT, related_name="routers")
    weight = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WEIGHT)],
        help_text="How large a share of visitors this flow gets, where the rule has several.",
    )
    priority = models.PositiveIntegerField(
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_PRIORITY)],
        help_text="1 is tried first. The first rule that fits wins.",
    )
    path_match = models.CharField(max_length=8, choices=PathMatch.choices, default=PathMatch.PREFIX)
    path = models.CharField(
        max_length=500,
        blank=True,
        help_text="Such as /services/plumbing, without the name of your site. "
        "In paths like this one, * stands for any text between two slashes, ** for any number of parts.",
    )
    query = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="Parameters of the address and the values that they must have; * is any.",
    )
    is_default = models.BooleanField(
        default=False, help_text="Used where no other rule fits. It looks at nothing."
    )
    active = models.BooleanField(default=True, help_text="Off: the rule is kept, but not tried.")

    objects = RouterQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["organization", "is_default", "priority", "id"]
        verbose_name = "routing rule"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "scheduler_config"],
                condition=Q(is_default=True),
                nulls_distinct=False,
                name="router_one_default_per_widget",
                violation_error_message="There is a default for this widget already.",
            ),
            # Rules that could meet without being the same are found under the lock (commands/save_rule.py).
            models.UniqueConstraint(
                F("organization"),
                F("priority"),
                F("path_match"),
                MD5("path"),
                MD5(Cast("query", TextField())),
                condition=Q(is_default=False, active=True),
                name="router_conditions_once_a_priority",
                violation_error_message="Another rule has these conditions and this priority.",
            ),
            models.CheckConstraint(
                condition=Q(priority__range=(1, MAX_PRIORITY)), name="router_priority_from_1_to_10000"
            ),
            models.CheckConstraint(
                condition=Q(weight__range=(1, MAX_WEIGHT)), name="router_weight_from_1_to_1000"
            ),
            models.CheckConstraint(condition=Q(IsObject("query")), name="router_query_is_an_object"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(path_match=PathMatch.ANY, query={}),
                name="router_default_looks_at_nothing",
                violation_error_message="A default fits any page: choose “Any path”, without conditions.",
            ),
            models.CheckConstraint(
                condition=Q(path_match=PathMatch.ANY, path="")
                | Q(path_match__in=WITH_A_PATH, path__startswith="/"),
                name="router_path_where_it_is_looked_at",
                violation_error_message="Write the path with a slash in front; leave it empty for any path.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "priority"], name="router_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.priority}. {self.pattern().in_words()} → {self.flow}"

    def pattern(self) -> patterns.Pattern:
        """What this rule looks at, as the pure matcher takes it."""
        return patterns.Pattern.of(patterns.PathMatch(self.path_match), self.path, self.query)

    def shares(self) -> list[tuple[BookingFlow, int]]:
        """The flows that it leads to with their weights, its own first; `variants` are read."""
        others = [(variant.flow, variant.weight) for variant in self.variants.all()]
        return [(self.flow, self.weight), *others]

    def clean(self) -> None:
        """Refuse what no page could ever fit, and other businesses' rows. Raises ValidationError."""
        errors: dict[str, Any] = dict(problems_of_pattern(self.path_match, self.path, self.query))
        if self.flow.organization_id != self.organization_id:
            errors["flow"] = "This belongs to another business."
        if self.scheduler_config and self.scheduler_config.organization_id != self.organization_id:
            errors["scheduler_config"] = "This belongs to another business."
        if errors:
            raise ValidationError(errors)


class RouterVariant(BaseModel):
    """Another flow that some of a rule's visitors get instead of the rule's own."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    router = models.ForeignKey(BookingFlowRouter, on_delete=models.CASCADE, related_name="variants")
    flow = models.ForeignKey(BookingFlow, on_delete=models.PROTECT, related_name="router_variants")
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_WEIGHT)]
    )

    objects = TenantQuerySet["RouterVariant"].as_manager()

    class Meta:
        ordering: ClassVar = ["router", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["router", "flow"], name="router_variant_once_a_flow"),
            models.CheckConstraint(
                condition=Q(weight__range=(1, MAX_WEIGHT)), name="router_variant_weight_from_1_to_1000"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} × {self.weight}"
