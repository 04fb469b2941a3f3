from django.urls import path

from apps.organizations.api import views

urlpatterns = [
    path("auth/token", views.TokenView.as_view(), name="admin-token"),
    path("auth/refresh", views.RefreshView.as_view(), name="admin-token-refresh"),
    path("auth/logout", views.SignOutView.as_view(), name="admin-logout"),
    path("me", views.MeView.as_view(), name="admin-me"),
]
