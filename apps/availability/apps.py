from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    """Time and occupancy."""

    name = "apps.availability"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Team and hours"

    def ready(self) -> None:
        """Register what must always hold, and how flows find locations by name."""
        from apps.availability.invariants import register_invariants
        from apps.availability.location_names import location_names
        from apps.flows.neighbours import register_locations

        register_invariants()
        register_locations(location_names)
