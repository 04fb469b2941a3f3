from django.urls import path

from apps.availability.api import views

urlpatterns = [
    path("dates", views.DatesView.as_view(), name="dates"),
    path("slots", views.SlotsView.as_view(), name="slots"),
]
