from django.urls import path

from apps.availability.api.admin import (
    calendar_views,
    capacity_views,
    explain_views,
    place_views,
    rule_views,
    sells_from_views,
    slot_views,
)

urlpatterns = [
    path("locations", place_views.LocationsView.as_view(), name="admin-locations"),
    path("locations/<uuid:location_id>", place_views.LocationView.as_view(), name="admin-location"),
    path(
        "locations/<uuid:location_id>/sells-from",
        sells_from_views.SellsFromView.as_view(),
        name="admin-sells-from",
    ),
    path(
        "locations/<uuid:location_id>/sells-from/preview",
        sells_from_views.SellsFromPreviewView.as_view(),
        name="admin-sells-from-preview",
    ),
    path("people", place_views.PeopleView.as_view(), name="admin-people"),
    path("people/<uuid:resource_id>", place_views.PersonView.as_view(), name="admin-person"),
    path("resources", place_views.ResourcesView.as_view(), name="admin-resources"),
    path("resources/<uuid:resource_id>", place_views.ResourceView.as_view(), name="admin-resource"),
    path(
        "resources/<uuid:resource_id>/capacity",
        capacity_views.CapacityView.as_view(),
        name="admin-capacity",
    ),
    path(
        "resources/<uuid:resource_id>/capacity/preview",
        capacity_views.CapacityPreviewView.as_view(),
        name="admin-capacity-preview",
    ),
    path("availabilities", rule_views.RulesView.as_view(), name="admin-availabilities"),
    path("availabilities/preview", rule_views.RulePreviewView.as_view(), name="admin-availability-preview"),
    path("availabilities/copy-week", rule_views.CopyWeekView.as_view(), name="admin-copy-week"),
    path("availabilities/holidays", rule_views.HolidaysView.as_view(), name="admin-holidays"),
    path("availabilities/<uuid:rule_id>", rule_views.RuleView.as_view(), name="admin-availability"),
    path("slots", slot_views.StaffSlotsView.as_view(), name="admin-slots"),
    path("slots/generate", slot_views.GenerateSlotsView.as_view(), name="admin-slots-generate"),
    path("slots/explain", explain_views.ExplainView.as_view(), name="admin-slots-explain"),
    path("calendar-events", calendar_views.CalendarView.as_view(), name="admin-calendar"),
    path("calendar-events/time-off", calendar_views.TimeOffsView.as_view(), name="admin-time-offs"),
    path(
        "calendar-events/time-off/<uuid:time_off_id>",
        calendar_views.TimeOffView.as_view(),
        name="admin-time-off",
    ),
    path("calendar-events/reminders", calendar_views.RemindersView.as_view(), name="admin-reminders"),
    path(
        "calendar-events/reminders/<uuid:event_id>",
        calendar_views.ReminderView.as_view(),
        name="admin-reminder",
    ),
]
