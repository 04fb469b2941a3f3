"""Where the roster's pages hang: inside the admin, and with its names."""

from django.urls import URLPattern, path

from apps.backoffice.rota import away_views, closing_views, explain_views, place_views, roster_views


def rota_urls() -> list[URLPattern]:
    """Django's admin site asks for them as `extra_urls`."""
    return [
        path("roster/", roster_views.roster, name="roster"),
        path("roster/day/", roster_views.day, name="roster_day"),
        path("roster/copy/", roster_views.copy, name="roster_copy"),
        path("closings/", closing_views.closings, name="closings"),
        path("closings/add/", closing_views.add_closing, name="closings_add"),
        path("closings/holidays/", closing_views.import_days, name="closings_holidays"),
        path("closings/<uuid:rule_id>/remove/", closing_views.remove_closing, name="closings_remove"),
        path("time-off/", away_views.time_off_list, name="time_off"),
        path("time-off/add/", away_views.add_away, name="time_off_add"),
        path("time-off/<uuid:time_off_id>/", away_views.change_away, name="time_off_change"),
        path("time-off/<uuid:time_off_id>/cancel/", away_views.cancel_away, name="time_off_cancel"),
        path("reminders/add/", away_views.add_note, name="reminder_add"),
        path("reminders/<uuid:event_id>/done/", away_views.cancel_note, name="reminder_done"),
        path("explain/", explain_views.explain_time, name="explain"),
        path("sells-from/<uuid:location_id>/", place_views.sells_from, name="sells_from"),
        path("capacity/<uuid:resource_id>/", place_views.capacity, name="capacity"),
        path("photo/<uuid:resource_id>/", place_views.photo, name="resource_photo"),
    ]
