"""BookingFlowRouter: one rule of the table that leads a page to a flow (seed 000 §2.2.1)."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.flows.models import BookingFlow, SchedulerConfig
from apps.organizations.models import Organization
from apps.routing import matching

MAX_PRIORITY = 10_000


class PathMatch(models.TextChoices):
    """How a rule's path is compared with a page's."""

    EXACT = matching.PathMatch.EXACT.value, "Exactly this path"
    PREFIX = matching.PathMatch.PREFIX.value, "This path and everything below it"
    ANY = matching.PathMatch.ANY.value, "Any path"


class RouterQuerySet(TenantQuerySet["BookingFlowRouter"]):
    """Rules of an organization."""

    def usable(self) -> Self:
        """Those that are on and lead to a published flow."""
        return self.filter(active=True, flow__status="published")


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
    priority = models.PositiveIntegerField(
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_PRIORITY)],
        help_text="1 is tried first. The first rule that fits wins.",
    )
    path_match = models.CharField(max_length=8, choices=PathMatch.choices, default=PathMatch.PREFIX)
    path = models.CharField(
        max_length=500, blank=True, help_text="Such as /services/plumbing, without the name of your site."
    )
    is_default = models.BooleanField(
        default=False, help_text="Used where no other rule fits. It looks at no path."
    )
    active = models.BooleanField(default=True)

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
            models.UniqueConstraint(
                fields=["organization", "priority", "path"],
                condition=Q(is_default=False),
                name="router_path_once_a_priority",
                violation_error_message="Another rule has this path and this priority.",
            ),
            models.CheckConstraint(
                condition=Q(priority__range=(1, MAX_PRIORITY)), name="router_priority_from_1_to_10000"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(path_match=PathMatch.ANY),
                name="router_default_looks_at_no_path",
                violation_error_message="A default fits any path: choose “Any path”.",
            ),
            models.CheckConstraint(
                condition=Q(path_match=PathMatch.ANY, path="")
                | Q(path_match__in=[PathMatch.EXACT, PathMatch.PREFIX], path__startswith="/"),
                name="router_path_where_it_is_looked_at",
                violation_error_message="Write the path with a slash in front; leave it empty for any path.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "priority"], name="router_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.priority}. {self.pattern().in_words()} → {self.flow}"

    def pattern(self) -> matching.Pattern:
        """What this rule looks at, as the pure matcher takes it."""
        return matching.Pattern(kind=matching.PathMatch(self.path_match), path=self.path)

    def as_rule(self) -> matching.Rule:
        """This rule as the pure matcher weighs it; its flow must be loaded, and be published."""
        if self.flow.published_version_id is None:
            raise ValueError("A rule that leads to a draft is not weighed.")
        return matching.Rule(
            id=self.id,
            priority=self.priority,
            pattern=self.pattern(),
            is_default=self.is_default,
            config_id=self.scheduler_config_id,
            flow_version_id=self.flow.published_version_id,
        )

    def clean(self) -> None:
        """Refuse other businesses' rows, and a rule that could fit the same page as one of its rank.

        Raises ValidationError, with an example of such a page.
        """
        errors: dict[str, Any] = {}
        if self.flow.organization_id != self.organization_id:
            errors["flow"] = "This belongs to another business."
        if self.scheduler_config and self.scheduler_config.organization_id != self.organization_id:
            errors["scheduler_config"] = "This belongs to another business."
        if not self.is_default and (clash := self._clash()):
            errors["priority"] = clash
        if errors:
            raise ValidationError(errors)

    def _clash(self) -> str | None:
        equals = BookingFlowRouter.objects.for_organization(self.organization_id).filter(
            priority=self.priority, is_default=False
        )
        for other in equals.exclude(pk=self.pk):
            example = matching.page_matched_by_both(self.pattern(), other.pattern())
            if example is not None:
                return (
                    f"Another rule of priority {self.priority} fits the same pages, such as {example}. "
                    "Give one of them another priority."
                )
        return None
