"""BookingFlow and its steps, the service-selection graph, published versions (seed 000 §4.2).

How the widget looks and where it opens lives in apps/flows/appearance.py.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, Q
from pydantic import ValidationError as ShapeError

from apps.content.models import (
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.core.icons import validate_icon
from apps.core.ids import new_id
from apps.core.models import BaseModel, ContentConfig
from apps.core.querysets import TenantQuerySet
from apps.flows.appearance import BrandKit, SchedulerConfig
from apps.flows.graph import NodeKind
from apps.flows.querysets import FlowQuerySet, GraphQuerySet, StepQuerySet
from apps.flows.types import parse_step_config, problems_in_words
from apps.organizations.models import Organization

__all__ = [
    "BookingFlow",
    "BookingFlowStep",
    "BrandKit",
    "FlowStatus",
    "FlowVersion",
    "NodeType",
    "SchedulerConfig",
    "ServiceSelectionEdge",
    "ServiceSelectionNode",
    "StepType",
]


class FlowStatus(models.TextChoices):
    """A flow is written, then published; a deleted one keeps its versions for the sessions that used them."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    DELETED = "deleted", "Deleted"


class StepType(models.TextChoices):
    """What a step does."""

    ZIPCODE = "zipcode", "Zip code"
    SERVICE_SELECTION = "service_selection", "Service selection"
    DETAILS = "details", "Details"
    TIMESLOT = "timeslot", "Date and time"
    CUSTOMER = "customer", "Customer"
    SUMMARY = "summary", "Summary"


class NodeType(models.TextChoices):
    """What a node of the graph stands for."""

    QUESTION = NodeKind.QUESTION.value, "A question"
    ANSWER = NodeKind.ANSWER.value, "An answer"
    SERVICE = NodeKind.SERVICE.value, "A service"


class BookingFlow(BaseModel, ContentConfig):
    """A booking experience from the first question to the summary.

    The rows below it are the draft. Customers see `published_version`, which never changes.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="flows")
    status = models.CharField(
        max_length=12, choices=FlowStatus.choices, default=FlowStatus.DRAFT, editable=False
    )
    published_version = models.ForeignKey(
        "FlowVersion", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    draft_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FlowQuerySet["BookingFlow"].as_manager()

    class Meta:
        ordering: ClassVar = ["title", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status=FlowStatus.DRAFT, published_version__isnull=True)
                | Q(status=FlowStatus.PUBLISHED, published_version__isnull=False)
                | Q(status=FlowStatus.DELETED),
                name="flow_is_published_with_a_version",
            ),
            models.CheckConstraint(condition=Q(title__gt=""), name="flow_has_a_title"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "status"], name="flow_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    def mark_published(self, version: "FlowVersion") -> None:
        """Show this version to customers from now on."""
        self.status = FlowStatus.PUBLISHED
        self.published_version = version

    def mark_draft_changed(self, now: datetime) -> None:
        """Note that somebody has edited the draft; `now` is UTC."""
        self.draft_changed_at = now


class BookingFlowStep(BaseModel, ContentConfig):
    """One step of a flow's draft. Title and texts are its `step_config`."""

    flow = models.ForeignKey(BookingFlow, on_delete=models.CASCADE, related_name="steps")
    step_type = models.CharField(max_length=20, choices=StepType.choices)
    position = models.PositiveSmallIntegerField(help_text="Steps are shown in this order.")
    type_config = models.JSONField(
        default=dict, blank=True, help_text="What this kind of step needs to know."
    )
    active = models.BooleanField(
        default=True, db_default=True, help_text="Off: the step keeps its settings, and customers skip it."
    )

    objects = StepQuerySet["BookingFlowStep"].as_manager()

    class Meta:
        ordering: ClassVar = ["flow", "position"]
        constraints: ClassVar = [
            # Deferred, so that steps can change places in one transaction.
            models.UniqueConstraint(
                fields=["flow", "position"],
                name="step_position_is_unique",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["flow", "step_type"],
                name="step_type_once_a_flow",
                violation_error_message="The flow has a step of this kind already.",
            ),
            models.CheckConstraint(condition=Q(step_type__in=StepType.values), name="step_type_is_known"),
            models.CheckConstraint(condition=Q(title__gt=""), name="step_has_a_title"),
        ]

    def __str__(self) -> str:
        return f"{self.flow}: {self.title}"

    def clean(self) -> None:
        """Check `type_config` against the step type's shape. Raises ValidationError."""
        try:
            parse_step_config(self.step_type, self.type_config)
        except KeyError as error:
            raise ValidationError({"step_type": "There is no such kind of step."}) from error
        except ShapeError as error:
            raise ValidationError({"type_config": problems_in_words(error)}) from error


class ServiceSelectionNode(BaseModel):
    """A question, an answer or a service in a step's graph.

    An answer points to a BookingQuestionAnswer or carries words of its own. The root is not marked: it is
    the one question that nothing leads to.
    """

    step = models.ForeignKey(BookingFlowStep, on_delete=models.CASCADE, related_name="nodes")
    node_type = models.CharField(max_length=20, choices=NodeType.choices)
    question = models.ForeignKey(
        BookingQuestion, on_delete=models.PROTECT, null=True, blank=True, related_name="nodes"
    )
    answer = models.ForeignKey(
        BookingQuestionAnswer, on_delete=models.PROTECT, null=True, blank=True, related_name="nodes"
    )
    service = models.ForeignKey(
        BookingService, on_delete=models.PROTECT, null=True, blank=True, related_name="nodes"
    )
    answer_title = models.CharField(max_length=120, blank=True, help_text="An answer only used here.")
    answer_description = models.TextField(max_length=1000, blank=True)
    answer_icon = models.CharField(max_length=40, blank=True, validators=[validate_icon])
    answer_category = models.ForeignKey(
        BookingAnswerCategory, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Where it stands on the editor's canvas, in pixels; no part of what is published.
    x = models.IntegerField(null=True, blank=True, editable=False)
    y = models.IntegerField(null=True, blank=True, editable=False)

    objects = GraphQuerySet["ServiceSelectionNode"].as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(node_type=NodeType.QUESTION, question__isnull=False, answer_title="")
                    & Q(answer__isnull=True, service__isnull=True, answer_category__isnull=True)
                )
                | (
                    Q(node_type=NodeType.ANSWER, question__isnull=True, service__isnull=True)
                    & (Q(answer__isnull=False, answer_title="") | Q(answer__isnull=True, answer_title__gt=""))
                )
                | (
                    Q(node_type=NodeType.SERVICE, service__isnull=False, answer_title="")
                    & Q(answer__isnull=True, question__isnull=True, answer_category__isnull=True)
                ),
                name="node_stands_for_one_thing",
                violation_error_message=(
                    "A question node needs a question, a service node a service, "
                    "and an answer node an answer or words of its own."
                ),
            ),
            models.CheckConstraint(
                condition=Q(x__isnull=True, y__isnull=True) | Q(x__isnull=False, y__isnull=False),
                name="node_has_both_coordinates_or_none",
            ),
            # What edges refer to, so that both of their ends are in their own step.
            models.UniqueConstraint(fields=["id", "step"], name="node_in_its_step"),
        ]

    def __str__(self) -> str:
        return str(self.question or self.answer or self.service or self.answer_title)

    def clean(self) -> None:
        """Refuse content of another business. Raises ValidationError."""
        organization_id = self.step.flow.organization_id
        if any(other != organization_id for other in self.content_organization_ids()):
            raise ValidationError("This belongs to another business.")

    def inline_content(self) -> dict[str, str]:
        """The words of an answer that is only used here."""
        return {
            "title": self.answer_title,
            "description": self.answer_description,
            "icon": self.answer_icon,
        }

    def content_organization_ids(self) -> list[UUID]:
        """The organizations of everything that this node points to."""
        owners = [self.question, self.service, self.answer_category]
        if self.answer is not None:
            owners += [self.answer.question, self.answer.service, self.answer.category]
        return [owner.organization_id for owner in owners if owner is not None]


class ServiceSelectionEdge(BaseModel):
    """A way from one node to another. `position` is the place among the choices of its source."""

    step = models.ForeignKey(BookingFlowStep, on_delete=models.CASCADE, related_name="edges")
    source = models.ForeignKey(ServiceSelectionNode, on_delete=models.CASCADE, related_name="edges_out")
    target = models.ForeignKey(ServiceSelectionNode, on_delete=models.CASCADE, related_name="edges_in")
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower numbers stand first.")

    objects = GraphQuerySet["ServiceSelectionEdge"].as_manager()

    class Meta:
        ordering: ClassVar = ["source", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target"], name="edge_once_between_two_nodes"),
            models.UniqueConstraint(
                fields=["source", "position"],
                name="edge_position_is_unique",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class FlowVersion(models.Model):
    """A flow as it was published: one document with all of its texts. Triggers refuse UPDATE and DELETE."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="flow_versions")
    flow = models.ForeignKey(BookingFlow, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    # Which of the business's answers a node stood for, by node id: customers need not know, a roll-back does.
    answer_ids = models.JSONField(default=dict, db_default={})
    created_by = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    objects = TenantQuerySet["FlowVersion"].as_manager()

    class Meta:
        ordering: ClassVar = ["flow", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["flow", "number"], name="flow_version_number_is_unique"),
            # What a flow's `published_version` refers to, so that it is one of its own.
            models.UniqueConstraint(fields=["id", "flow"], name="flow_version_of_its_flow"),
        ]

    def __str__(self) -> str:
        return f"{self.flow} v{self.number}"
