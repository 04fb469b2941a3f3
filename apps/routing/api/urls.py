"""Addresses below /v1."""

from django.urls import path

from apps.routing.api.versions import FlowVersionView
from apps.routing.api.views import ButtonTriggersView, ResolveView

urlpatterns = [
    path("booking-flow-versions/<uuid:flow_version_id>", FlowVersionView.as_view(), name="flow-version"),
    path("booking-flow-routers/resolve", ResolveView.as_view(), name="resolve-flow"),
    path("booking-flow-routers/button-triggers", ButtonTriggersView.as_view(), name="button-triggers"),
]
