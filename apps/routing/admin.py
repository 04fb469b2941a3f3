"""Which page opens which flow."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.organizations.admin_display import badge
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import OwnRowsFilter, TenantAdmin
from apps.routing.models import BookingFlowRouter


@admin.register(BookingFlowRouter)
class RouterAdmin(TenantAdmin):
    """Rules, in the order in which they are tried."""

    empty_title = "No rules yet"
    empty_text = (
        "A rule says which page of your website opens which flow. With one published flow you need none."
    )
    area = Area.CATALOGUE
    list_display = ("rule", "flow", "widget", "flow_state", "state")
    list_display_links = ("rule",)
    list_filter = ("active", ("flow", OwnRowsFilter), ("scheduler_config", OwnRowsFilter))
    list_select_related = ("flow", "scheduler_config", "organization")
    search_fields = ("path", "flow__title")
    ordering = ("organization", "is_default", "priority", "id")
    conditional_fields: ClassVar = {"path": "path_match != 'any'"}
    fieldsets = (
        (
            "On which pages",
            {
                "fields": ["path_match", "path", "scheduler_config"],
                "description": "The page's path is what follows the name of your site: of "
                "https://www.example.com/services/plumbing it is /services/plumbing.",
            },
        ),
        ("Open which flow", {"fields": ["flow"]}),
        ("In which order", {"fields": ["priority", "is_default", "active"]}),
    )

    @admin.display(description="On pages", ordering="priority")
    def rule(self, router: BookingFlowRouter) -> str:
        """Priority and condition in words."""
        if router.is_default:
            return "Default: where no other rule fits"
        return f"{router.priority}. {router.pattern().in_words()}"

    @admin.display(description="Widget", ordering="scheduler_config__name")
    def widget(self, router: BookingFlowRouter) -> Any:
        """The widget that it is for."""
        return router.scheduler_config or "Every widget"

    @admin.display(description="Flow is")
    def flow_state(self, router: BookingFlowRouter) -> SafeString:
        """A rule that leads to a draft is skipped."""
        published = router.flow.status == "published"
        return badge(router.flow.get_status_display(), "success" if published else "warning")

    @admin.display(description="Rule is", ordering="active")
    def state(self, router: BookingFlowRouter) -> SafeString:
        """On or off."""
        return badge("On", "success") if router.active else badge("Off")
