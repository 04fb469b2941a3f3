"""The menu, grouped by job; everyone sees only what their role may open."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from apps.organizations.staff import Area, access_of


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the menu. `name` is the admin's URL name; without an area it is everybody's."""

    title: str
    icon: str
    name: str
    area: Area | None = None
    operators: bool = False


GROUPS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place("Today", "today", "index"),
            Place("Bookings", "event_available", "bookings_booking_changelist", Area.RECEPTION),
            Place("Waitlist", "hourglass_top", "bookings_waitlistentry_changelist", Area.RECEPTION),
            Place("Customers", "group", "bookings_customer_changelist", Area.RECEPTION),
            Place("Orders", "receipt_long", "bookings_order_changelist", Area.RECEPTION),
        ),
    ),
    (
        "What you offer",
        (
            Place("Services", "home_repair_service", "content_bookingservice_changelist", Area.CATALOGUE),
            Place("Questions", "help", "content_bookingquestion_changelist", Area.CATALOGUE),
            Place("Headings", "category", "content_bookinganswercategory_changelist", Area.CATALOGUE),
            Place("At checkout", "fact_check", "bookings_checkoutquestion_changelist", Area.CATALOGUE),
            Place("Flows", "account_tree", "flows_bookingflow_changelist", Area.CATALOGUE),
            Place("Routing", "alt_route", "routing_bookingflowrouter_changelist", Area.CATALOGUE),
            Place("Brand", "palette", "flows_brandkit_changelist", Area.CATALOGUE),
            Place("Widgets", "widgets", "flows_schedulerconfig_changelist", Area.CATALOGUE),
        ),
    ),
    (
        "Who and when",
        (
            Place("Roster", "calendar_view_week", "roster", Area.ROTA),
            Place("Time off", "beach_access", "time_off", Area.ROTA),
            Place("Closings", "event_busy", "closings", Area.ROTA),
            Place("Team", "engineering", "availability_resource_changelist", Area.ROTA),
            Place("Hours", "schedule", "availability_availabilityrule_changelist", Area.ROTA),
            Place("Locations", "location_on", "availability_location_changelist", Area.ROTA),
            Place("Times", "view_timeline", "availability_slotinstance_changelist", Area.ROTA),
            Place("Missing times", "help_center", "explain", Area.ROTA),
        ),
    ),
    (
        "The business",
        (
            Place("Sessions", "footprint", "booking_sessions_bookingsession_changelist", Area.INSIGHTS),
            Place("Audit", "history", "audit_auditentry_changelist", Area.INSIGHTS),
            Place("Get started", "rocket_launch", "start", Area.BUSINESS),
            Place("Settings", "settings", "organizations_organization_changelist", Area.BUSINESS),
            Place("Members", "badge", "organizations_membership_changelist", Area.BUSINESS),
            Place("Keys", "key", "organizations_apikey_changelist", Area.BUSINESS),
        ),
    ),
    (
        "Platform",
        (
            Place("People", "manage_accounts", "organizations_user_changelist", operators=True),
            Place("Outbox", "outbox", "core_outboxmessage_changelist", operators=True),
            Place("Schedules", "timer", "django_celery_beat_periodictask_changelist", operators=True),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """unfold's navigation for the signed-in person; groups with nothing in them are left out."""
    groups = []
    for title, places in GROUPS:
        items = [_item(place, request) for place in places if _may_open(place, request)]
        if items:
            groups.append({"title": title, "separator": bool(title), "items": items})
    return groups


def _may_open(place: Place, request: HttpRequest) -> bool:
    access = access_of(request)
    if place.operators:
        return access.everywhere
    return place.area is None or access.may(place.area)


def _item(place: Place, request: HttpRequest) -> dict[str, Any]:
    link = reverse(f"{admin.site.name}:{place.name}")
    active = request.path == link if place.name == "index" else request.path.startswith(link)
    # unfold calls whatever is callable, so what it may show is decided here already.
    return {"title": place.title, "icon": place.icon, "link": link, "active": active}
