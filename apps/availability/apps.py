from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    """Time and occupancy."""

    name = "apps.availability"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Team and hours"
