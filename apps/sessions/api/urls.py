from django.urls import path

from apps.sessions.api.views import EventsView, SessionsView, SessionView

urlpatterns = [
    path("sessions", SessionsView.as_view(), name="sessions"),
    path("sessions/<uuid:session_id>", SessionView.as_view(), name="session"),
    path("sessions/<uuid:session_id>/events", EventsView.as_view(), name="session-events"),
]
