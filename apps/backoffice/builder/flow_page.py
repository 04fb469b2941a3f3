"""The flow's page and list: what apps/flows/admin.py has, with the builder in place of a form."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse

from apps.backoffice.builder.access import own_flow
from apps.backoffice.builder.page import builder_context
from apps.backoffice.builder.start_views import begin
from apps.core.clock import app_now
from apps.core.errors import NotFound
from apps.flows.admin import FlowAdmin
from apps.flows.models import BookingFlow
from apps.sessions.models import BookingSession

A_WEEK = timedelta(days=7)

admin.site.unregister(BookingFlow)


@admin.register(BookingFlow)
class FlowPage(FlowAdmin):
    """Flows are built on a page of their own; every change of a draft is a command."""

    list_display = (*FlowAdmin.list_display, "used_by", "visits")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many rules lead to each, and how many visits there were in seven days."""
        flows = super().get_queryset(request)
        sessions = (
            BookingSession.objects.all_organizations(reason="those of the flow in the row alone")
            .filter(flow_version__flow=OuterRef("pk"), created_at__gte=app_now() - A_WEEK)
            .order_by()
            .annotate(number=Func(F("pk"), function="COUNT", output_field=IntegerField()))
        )
        counted: QuerySet[Any] = flows.annotate(
            rules=Count("routers", filter=Q(routers__active=True), distinct=True)
            + Count("router_variants__router", filter=Q(router_variants__router__active=True), distinct=True),
            visits_of_a_week=Coalesce(Subquery(sessions.values("number")), 0),
        )
        return counted

    @admin.display(description="Used by")
    def used_by(self, flow: Any) -> str:
        """How many rules lead to it."""
        return f"{flow.rules} rule{'' if flow.rules == 1 else 's'}" if flow.rules else "–"

    @admin.display(description="Visits, 7 days")
    def visits(self, flow: Any) -> int:
        """Sessions that began with any of its versions."""
        return int(flow.visits_of_a_week)

    # --- Pages ------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Choose how to begin."""
        return begin(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The builder. Nothing is saved here: its commands have addresses of their own."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        try:
            flow = own_flow(request, UUID(object_id))
        except (NotFound, ValueError):
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]  # not in the stubs
            return missing
        return self.show(request, flow, **(extra_context or {}))

    def show(self, request: HttpRequest, flow: BookingFlow, **context: Any) -> HttpResponse:
        """The page of a flow: also with a form that was refused, or with the way back of a removed step."""
        keys = {"form", "undo", "opened_id"}
        built = builder_context(request, flow, **{key: context[key] for key in keys & context.keys()})
        actions = self.get_actions_detail(request, flow.pk)  # type: ignore[attr-defined]  # unfold's
        return TemplateResponse(
            request,
            "backoffice/builder/page.html",
            {
                **self.admin_site.each_context(request),
                "title": flow.title,
                "opts": self.opts,
                "original": flow,
                "object_id": str(flow.pk),
                "has_change_permission": True,
                "actions_detail": self._get_actions_navigation(self.actions_detail, actions, flow.pk),  # type: ignore[attr-defined]  # unfold's
                **built,
            },
        )
