from django.urls import path

from apps.bookings.api import (
    booking_views,
    checkout_views,
    hold_views,
    manage_views,
    me_views,
    waitlist_views,
)

urlpatterns = [
    path("holds", hold_views.HoldsView.as_view(), name="holds"),
    path("holds/<uuid:hold_id>", hold_views.HoldView.as_view(), name="hold"),
    path("holds/<uuid:hold_id>/refresh", hold_views.HoldRefreshView.as_view(), name="hold-refresh"),
    path("holds/<uuid:hold_id>/release", hold_views.HoldReleaseView.as_view(), name="hold-release"),
    path("questions", checkout_views.QuestionsView.as_view(), name="questions"),
    path("checkout", checkout_views.CheckoutView.as_view(), name="checkout"),
    path("bookings", booking_views.BookingsView.as_view(), name="bookings"),
    path(
        "bookings/<uuid:booking_id>/confirm",
        booking_views.BookingConfirmView.as_view(),
        name="booking-confirm",
    ),
    path("bookings/manage/<str:token>", manage_views.ManagedBookingView.as_view(), name="manage"),
    path("bookings/manage/<str:token>/ics", manage_views.ManagedCalendarView.as_view(), name="manage-ics"),
    path("bookings/manage/<str:token>/month", manage_views.ManagedMonthView.as_view(), name="manage-month"),
    path("bookings/manage/<str:token>/times", manage_views.ManagedTimesView.as_view(), name="manage-times"),
    path(
        "bookings/manage/<str:token>/cancel", manage_views.ManagedCancelView.as_view(), name="manage-cancel"
    ),
    path(
        "bookings/manage/<str:token>/reschedule",
        manage_views.ManagedRescheduleView.as_view(),
        name="manage-reschedule",
    ),
    path(
        "bookings/manage/<str:token>/check-in",
        manage_views.ManagedCheckInView.as_view(),
        name="manage-check-in",
    ),
    path("waitlist", waitlist_views.WaitlistView.as_view(), name="waitlist"),
    path("waitlist/offers/<str:token>", waitlist_views.OfferView.as_view(), name="waitlist-offer"),
    path(
        "waitlist/offers/<str:token>/accept",
        waitlist_views.OfferAcceptView.as_view(),
        name="waitlist-offer-accept",
    ),
    path(
        "waitlist/offers/<str:token>/decline",
        waitlist_views.OfferDeclineView.as_view(),
        name="waitlist-offer-decline",
    ),
    path(
        "bookings/manage/<str:token>/leave-waitlist",
        waitlist_views.LeaveWaitlistView.as_view(),
        name="leave-waitlist",
    ),
    path("customers/token", me_views.CustomerTokenView.as_view(), name="customer-token"),
    path("customers/token/refresh", me_views.CustomerRefreshView.as_view(), name="customer-token-refresh"),
    path("customers/me", me_views.OwnDetailsView.as_view(), name="own-details"),
    path("customers/me/bookings", me_views.OwnBookingsView.as_view(), name="own-bookings"),
]
