"""Flows, their steps and versions. A step's own page is in apps/backoffice/steps_admin.py."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.errors import DomainError
from apps.flows import appearance_admin  # noqa: F401  (registers its pages)
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.documents import draft_of
from apps.flows.errors import FlowInvalid
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    FlowStatus,
    FlowVersion,
    ServiceSelectionEdge,
    ServiceSelectionNode,
    StepType,
)
from apps.organizations.admin_display import badge, local_time
from apps.organizations.staff import Area, staff_actor
from apps.organizations.tenant_admin import (
    OwnRowsFilter,
    ReadOnlyTenantAdmin,
    TenantAdmin,
    TenantModelForm,
    TenantTabularInline,
    belongs_by,
    is_new,
    organization_id_of,
)
from apps.organizations.unfolded import ActionVariant, asking_action

belongs_by(BookingFlowStep, "flow__organization_id")
belongs_by(ServiceSelectionNode, "step__flow__organization_id")
belongs_by(ServiceSelectionEdge, "step__flow__organization_id")

# What a new flow begins with: the steps that no flow can do without, in a fair order.
STANDARD_STEPS = (
    (StepType.SERVICE_SELECTION, "How can we help?"),
    (StepType.DETAILS, "Tell us a little more"),
    (StepType.TIMESLOT, "When suits you?"),
    (StepType.CUSTOMER, "Your details"),
    (StepType.SUMMARY, "Check and book"),
)


def flow_badge(flow: BookingFlow, *, unpublished_changes: bool) -> SafeString:
    """Draft, published, or published but changed since."""
    if flow.status != FlowStatus.PUBLISHED:
        return badge(flow.get_status_display(), "neutral")
    return badge("Needs publishing", "warning") if unpublished_changes else badge("Published", "success")


class StepInlineForm(TenantModelForm):
    """A step in the list of a flow; what it needs to know is on its own page."""

    class Meta:
        model = BookingFlowStep
        fields: ClassVar = ["step_type", "title", "position"]

    def _get_validation_exclusions(self) -> set[str]:
        # Two steps may change places in one go: the page numbers them again when it saves.
        return {*super()._get_validation_exclusions(), "position", "type_config"}


class StepInline(TenantTabularInline):
    """The steps in their order."""

    area = Area.CATALOGUE
    model = BookingFlowStep
    form = StepInlineForm
    fields = ("step_type", "title", "position", "settings_link")
    readonly_fields = ("settings_link",)
    ordering_field = "position"
    hide_ordering_field = True
    verbose_name = "step"
    verbose_name_plural = "Steps, in the order in which customers see them (drag to move)"

    @admin.display(description="What it asks")
    def settings_link(self, step: BookingFlowStep) -> SafeString | str:
        """The way to the step's own page."""
        if is_new(step):
            return "Save first"
        url = reverse("admin:flows_bookingflowstep_change", args=[step.pk])
        words = "Questions and answers" if step.step_type == StepType.SERVICE_SELECTION else "Settings"
        return format_html('<a class="bo-link" href="{}">{} →</a>', url, words)


@admin.register(BookingFlow)
class FlowAdmin(TenantAdmin):
    """Booking experiences: written as a draft, shown to customers once published."""

    empty_title = "No flows yet"
    empty_text = "A flow is the conversation that ends in a booking: where, what, when, who."
    area = Area.CATALOGUE
    list_display = ("title", "state", "version", "published_at")
    list_filter = ("status",)
    list_select_related = ("organization", "published_version")
    search_fields = ("title",)
    inlines: ClassVar = [StepInline]
    actions_detail: ClassVar = ["publish"]
    change_form_outer_before_template = "backoffice/flow_status.html"
    fieldsets = ((None, {"fields": ["title", "description", "icon"]}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the deleted ones; with the time of the last publishing."""
        flows: QuerySet[Any] = super().get_queryset(request).exclude(status=FlowStatus.DELETED)
        flows = flows.annotate(last_published_at=Max("versions__created_at"))
        return flows.defer("published_version__document")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts that were never shown: sessions refer to published versions."""
        never_shown = not isinstance(obj, BookingFlow) or obj.status == FlowStatus.DRAFT
        return never_shown and super().has_delete_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A new flow gets its steps when it is saved."""
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: BookingFlow, form: Any, change: Any) -> None:
        """Note the change; give a new flow its steps."""
        obj.mark_draft_changed(app_now())
        super().save_model(request, obj, form, change)
        if not change:
            add_standard_steps(obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """Number the steps from 1, in the order in which they stand."""
        super().save_formset(request, form, formset, change)
        if formset.model is BookingFlowStep:
            number_steps(form.instance)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Go on to the new flow's steps."""
        messages.success(request, "The flow has its usual steps. Look at each of them, then publish.")
        return HttpResponseRedirect(reverse("admin:flows_bookingflow_change", args=[obj.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With how the draft stands, and the versions."""
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **self._standing(request, object_id)}
        )

    def _standing(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        flow = self.get_object(request, object_id)
        if flow is None:
            return {}
        zone, draft, published = flow.organization.timezone, draft_of(flow), flow.published_version
        changed = published is not None and published.digest != draft.digest
        return {
            "flow_badge": flow_badge(flow, unpublished_changes=changed),
            "flow_problems": draft.problems,
            "flow_versions": [
                (version, local_time(version.created_at, zone))
                for version in FlowVersion.objects.for_organization(flow.organization_id)
                .filter(flow=flow)
                .defer("document")
                .order_by("-number")[:5]
            ],
        }

    @asking_action(
        description="Publish",
        icon="publish",
        url_path="publish",
        question="Publish this flow?",
        consequence="From now on new visitors see it as it stands in the draft. "
        "Whoever is booking right now goes on with the version that they began with.",
        confirm="Publish",
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """Publish by command; say everything that is wrong."""
        flow = self.get_object(request, object_id)
        if flow is not None:
            self._publish(request, staff_actor(request, organization_id_of(flow)), flow.pk)
        return self.after_action(request, object_id)

    def _publish(self, request: HttpRequest, actor: Actor, flow_id: UUID) -> None:
        try:
            version = publish_flow(actor=actor, flow_id=flow_id)
        except FlowInvalid as error:
            for problem in error.problems:
                messages.error(request, problem.message)
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, f"Customers see version {version.number} from now on.")

    @admin.display(description="State", ordering="status")
    def state(self, flow: BookingFlow) -> SafeString:
        """Cheap in lists: whether the draft was edited since. The flow's own page compares every text."""
        edited = flow.draft_changed_at is not None and (
            flow.published_version is None or flow.draft_changed_at > flow.published_version.created_at
        )
        return flow_badge(flow, unpublished_changes=edited)

    @admin.display(description="Version")
    def version(self, flow: BookingFlow) -> str:
        """What customers see."""
        return f"v{flow.published_version.number}" if flow.published_version else "–"

    @admin.display(description="Published", ordering="last_published_at")
    def published_at(self, flow: Any) -> Any:
        """In the business's time."""
        return local_time(flow.last_published_at, flow.organization.timezone)


def add_standard_steps(flow: BookingFlow) -> None:
    """The steps that a new flow begins with."""
    BookingFlowStep.objects.bulk_create(
        BookingFlowStep(flow=flow, step_type=kind, title=title, position=position)
        for position, (kind, title) in enumerate(STANDARD_STEPS, start=1)
    )


def number_steps(flow: BookingFlow) -> None:
    """Positions 1, 2, 3 … as the steps stand; the constraint is checked when the transaction ends."""
    steps = BookingFlowStep.objects.for_organization(flow.organization_id).filter(flow=flow)
    for position, step in enumerate(steps.order_by("position", "id"), start=1):
        if step.position != position:
            step.position = position
            step.save(update_fields=["position", "updated_at"])


@admin.register(FlowVersion)
class FlowVersionAdmin(ReadOnlyTenantAdmin):
    """What was published when, and by whom."""

    area = Area.CATALOGUE
    list_display = ("name", "live", "created_by", "created")
    list_filter = (("flow", OwnRowsFilter),)
    list_select_related = ("flow__organization", "organization")
    fields = ("name", "live", "created_by", "created", "contents")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Lists do not need the documents."""
        return super().get_queryset(request).defer("document").order_by("-created_at")

    @admin.display(description="Version")
    def name(self, version: FlowVersion) -> str:
        """Flow and number."""
        return f"{version.flow.title} v{version.number}"

    @admin.display(description="State")
    def live(self, version: FlowVersion) -> SafeString:
        """Whether customers see this one."""
        live = version.flow.published_version_id == version.pk
        return badge("Live", "success") if live else badge("Replaced")

    @admin.display(description="Published", ordering="created_at")
    def created(self, version: FlowVersion) -> Any:
        """In the business's time."""
        return local_time(version.created_at, version.organization.timezone)

    @admin.display(description="Steps")
    def contents(self, version: FlowVersion) -> SafeString:
        """The steps as they were published."""
        rows = [
            (step["step_config"]["title"], StepType(step["step_type"]).label)
            for step in version.document["steps"]
        ]
        return format_html(
            '<ol class="bo-list">{}</ol>',
            SafeString("").join(format_html("<li>{} <small>{}</small></li>", *row) for row in rows),
        )
