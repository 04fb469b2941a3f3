"""The demo businesses' sites; nothing where the demo is off."""

from django.conf import settings
from django.urls import URLPattern, path

from apps.demo import views
from apps.demo.queries import HEATING_AND_COOLING, HIGHLIGHTS, PLUMBING

pages: list[URLPattern] = [
    path("", views.page, {"template": "home", "services": HIGHLIGHTS}, name="demo-home"),
    path("plumbing", views.page, {"template": "plumbing", "services": PLUMBING}, name="demo-plumbing"),
    path(
        "heating-cooling",
        views.page,
        {"template": "heating_cooling", "services": HEATING_AND_COOLING},
        name="demo-heating-cooling",
    ),
    path("about", views.page, {"template": "about"}, name="demo-about"),
    path("demo/salon", views.salon, {"template": "home"}, name="demo-salon"),
    path("demo/salon/team", views.salon, {"template": "team"}, name="demo-salon-team"),
    path("demo/salon/da", views.salon, {"template": "home", "language": "da"}, name="demo-salon-danish"),
    path(
        "demo/salon/da/team",
        views.salon,
        {"template": "team", "language": "da"},
        name="demo-salon-danish-team",
    ),
]
urlpatterns = pages if settings.DEMO_ENABLED else []
