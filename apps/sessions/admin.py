"""Visits to the widget: who came how far. To look at; only events change them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.organizations.admin_display import NOTHING, badge, facts, local_time
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import OwnRowsFilter, ReadOnlyTenantAdmin
from apps.sessions.models import BookingSession, BookingSessionEvent, EventType, SessionStatus

TONES = {
    SessionStatus.ACTIVE: "info",
    SessionStatus.COMPLETED: "success",
    SessionStatus.ABANDONED: "neutral",
}
EVENTS_SHOWN = 200


def step_titles(session: BookingSession) -> dict[str, str]:
    """The titles of the steps of the version that the visit began with, by id."""
    return {step["id"]: step["step_config"]["title"] for step in session.flow_version.document["steps"]}


@admin.register(BookingSession)
class SessionAdmin(ReadOnlyTenantAdmin):
    """One line a visit."""

    area = Area.INSIGHTS
    list_display = ("started", "flow", "status_badge", "last_step", "events_total", "source", "device")
    list_filter = ("status", ("scheduler_config", OwnRowsFilter))
    list_select_related = ("flow_version__flow", "organization")
    ordering = ("-created_at",)
    readonly_fields: ClassVar = [
        "started",
        "flow",
        "status_badge",
        "last_step",
        "source",
        "device",
        "context",
        "journey",
    ]
    fieldsets = (
        ("Visit", {"fields": [("started", "status_badge"), ("flow", "last_step")]}),
        ("Where they came from", {"fields": [("source", "device"), "context"]}),
        ("What they did", {"fields": ["journey"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the version, whose document names the steps."""
        return super().get_queryset(request).select_related("flow_version__flow", "organization")

    @admin.display(description="Started", ordering="created_at")
    def started(self, session: BookingSession) -> Any:
        """In the business's time."""
        return local_time(session.created_at, session.organization.timezone)

    @admin.display(description="Flow")
    def flow(self, session: BookingSession) -> str:
        """With the version that they saw."""
        return f"{session.flow_version.flow.title} v{session.flow_version.number}"

    @admin.display(description="Outcome", ordering="status")
    def status_badge(self, session: BookingSession) -> SafeString:
        """Active, completed, abandoned."""
        return badge(session.get_status_display(), TONES[SessionStatus(session.status)])

    @admin.display(description="Came as far as")
    def last_step(self, session: BookingSession) -> str:
        """The step that they were on last."""
        step_id = session.drop_off_step_id or session.current_step_id
        return step_titles(session).get(str(step_id), NOTHING)

    @admin.display(description="Events", ordering="last_sequence")
    def events_total(self, session: BookingSession) -> int:
        """How many there are."""
        return session.last_sequence

    @admin.display(description="Source")
    def source(self, session: BookingSession) -> str:
        """Campaign or referrer."""
        context = session.session_context or {}
        utm = context.get("utm") or {}
        return utm.get("source") or context.get("referrer") or "Direct"

    @admin.display(description="Device")
    def device(self, session: BookingSession) -> str:
        """Phone, tablet or desktop."""
        return str((session.session_context or {}).get("device") or NOTHING).capitalize()

    @admin.display(description="Context")
    def context(self, session: BookingSession) -> SafeString | str:
        """Everything that the widget said about the visit."""
        return facts(session.session_context or {})

    @admin.display(description="Events")
    def journey(self, session: BookingSession) -> SafeString | str:
        """The events in order, in words."""
        titles = step_titles(session)
        events = (
            BookingSessionEvent.objects.for_organization(session.organization_id)
            .filter(session=session)
            .order_by("sequence")[:EVENTS_SHOWN]
        )
        zone = session.organization.timezone
        rows = [
            (
                event.sequence,
                local_time(event.received_at, zone),
                EventType(event.event_type).label,
                titles.get(str(event.step_id), ""),
            )
            for event in events
        ]
        if not rows:
            return "No events yet."
        return format_html(
            '<table class="bo-table"><thead><tr><th>#</th><th>When</th><th>What</th><th>Step</th></tr>'
            "</thead><tbody>{}</tbody></table>",
            format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows),
        )
