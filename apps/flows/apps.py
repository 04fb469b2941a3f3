from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """Booking flows, their published versions, and how the widget looks."""

    name = "apps.flows"
    default_auto_field = "django.db.models.BigAutoField"
