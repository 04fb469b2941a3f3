"""Flows and their versions as lists. A flow's own page is built in apps/backoffice/builder."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.flows import appearance_admin  # noqa: F401  (registers its pages)
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
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import (
    OwnRowsFilter,
    ReadOnlyTenantAdmin,
    TenantAdmin,
    belongs_by,
)

belongs_by(BookingFlowStep, "flow__organization_id")
belongs_by(ServiceSelectionNode, "step__flow__organization_id")
belongs_by(ServiceSelectionEdge, "step__flow__organization_id")


def flow_badge(flow: BookingFlow, *, unpublished_changes: bool) -> SafeString:
    """Draft, published, or published but changed since."""
    if flow.status != FlowStatus.PUBLISHED:
        return badge(flow.get_status_display(), "neutral")
    return badge("Needs publishing", "warning") if unpublished_changes else badge("Published", "success")


@admin.register(BookingFlow)
class FlowAdmin(TenantAdmin):
    """Booking experiences: written as a draft, shown to customers once published."""

    empty_title = "No flows yet"
    empty_text = "A flow is the conversation that ends in a booking: where, what, when, who."
    area = Area.CATALOGUE
    list_display: tuple[str, ...] = ("title", "state", "version", "published_at")
    list_filter = ("status",)
    list_select_related = ("organization", "published_version")
    search_fields = ("title",)
    # What one can do with a whole flow, in the head of its page.
    actions_detail: ClassVar[list[str]] = []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the deleted ones; with the time of the last publishing."""
        flows: QuerySet[Any] = super().get_queryset(request).exclude(status=FlowStatus.DELETED)
        flows = flows.annotate(last_published_at=Max("versions__created_at"))
        return flows.defer("published_version__document")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts that were never shown: sessions refer to published versions."""
        never_shown = not isinstance(obj, BookingFlow) or obj.status == FlowStatus.DRAFT
        return never_shown and super().has_delete_permission(request, obj)

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
