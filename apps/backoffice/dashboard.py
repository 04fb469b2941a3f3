"""The first page after login, as its template takes it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from apps.backoffice import today
from apps.backoffice.onboarding.progress import progress_of
from apps.bookings.admin import status_badge
from apps.core.clock import app_now
from apps.organizations.admin_display import local_hour, local_time
from apps.organizations.staff import Access, Area, access_of


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """unfold's callback: what this person may see of today."""
    access, now = access_of(request), app_now()
    only = access.only_organization
    local_now = now.astimezone(ZoneInfo(only.timezone)) if only else now
    context.update(
        {
            "title": "Today",
            "works_somewhere": bool(access.organizations),
            "business": only,
            "today_words": f"{local_now:%A} {local_now.day} {local_now:%B %Y}",
            "several": access.has_several,
        }
    )
    if access.may(Area.RECEPTION):
        context.update(_reception(access, now))
    if access.may(Area.ROTA):
        context["horizons"] = today.horizons(access.organization_ids(Area.ROTA), now=now)
    if access.may(Area.INSIGHTS):
        context["funnel"] = today.funnel(access.organization_ids(Area.INSIGHTS), now=now)
    if only and access.may(Area.BUSINESS):
        context["start"] = progress_of(only)
    return context


def _reception(access: Access, now: Any) -> dict[str, Any]:
    ids = access.organization_ids(Area.RECEPTION)
    events = today.arrivals(ids, now=now)
    waiting_total, waiting = today.waiting(ids)
    held_total, holds = today.held(ids, now=now)
    return {
        "reception": True,
        "arrivals": [
            {
                "event": event,
                "booking": event.booking,
                "time": local_hour(event.starts_at, event.booking.location.timezone),
                "badge": status_badge(event.booking.status),
                "past": event.ends_at < now,
            }
            for event in events
            if event.booking is not None
        ],
        "waiting_total": waiting_total,
        "waiting": [
            (booking, local_time(booking.created_at, booking.location.timezone)) for booking in waiting
        ],
        "held_total": held_total,
        "holds": [
            (
                hold,
                local_time(hold.starts_at, hold.location.timezone),
                local_hour(hold.expires_at, hold.location.timezone),
            )
            for hold in holds
        ],
    }
