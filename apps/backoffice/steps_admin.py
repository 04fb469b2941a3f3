"""Steps in the admin: found by their words, and built on their flow's page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.backoffice.builder.access import own_flow
from apps.flows.models import BookingFlow, BookingFlowStep
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import TenantAdmin


@admin.register(BookingFlowStep)
class StepAdmin(TenantAdmin):
    """Reached from its flow; the list leads there too."""

    area = Area.CATALOGUE
    list_display = ("title", "flow", "step_type", "position", "active")
    list_select_related = ("flow",)
    search_fields = ("title", "flow__title")
    ordering = ("flow", "position")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Steps are added on their flow's page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Steps are taken out on their flow's page."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the flow, which says whose it is."""
        return super().get_queryset(request).select_related("flow__organization")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Its flow's page, with its settings open."""
        step = self.get_object(request, object_id)
        if step is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]  # not in the stubs
            return missing
        page: Any = admin.site.get_model_admin(BookingFlow)
        shown: HttpResponse = page.show(request, own_flow(request, step.flow_id), opened_id=str(step.pk))
        return shown
