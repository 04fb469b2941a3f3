from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    """Time and occupancy."""

    name = "apps.availability"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Team and hours"

    def ready(self) -> None:
        """Register what must always hold."""
        from apps.availability.invariants import register_invariants

        register_invariants()
