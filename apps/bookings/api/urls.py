from django.urls import path

from apps.bookings.api import views

urlpatterns = [
    path("holds", views.HoldsView.as_view(), name="holds"),
    path("holds/<uuid:hold_id>", views.HoldView.as_view(), name="hold"),
    path("holds/<uuid:hold_id>/release", views.HoldReleaseView.as_view(), name="hold-release"),
    path("bookings", views.BookingsView.as_view(), name="bookings"),
    path("bookings/<uuid:booking_id>/confirm", views.BookingConfirmView.as_view(), name="booking-confirm"),
]
