from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """Booking flows, their published versions, and how the widget looks."""

    name = "apps.flows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who uses services, questions, answers and headings."""
        from apps.flows.uses import register_uses

        register_uses()
