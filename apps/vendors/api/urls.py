from django.urls import path

from apps.vendors.api import views

urlpatterns = [
    path("scheduler/month-availability", views.MonthAvailabilityView.as_view(), name="month-availability"),
    path("scheduler/date-timeslots", views.DateTimeslotsView.as_view(), name="date-timeslots"),
]
