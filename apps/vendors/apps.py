from django.apps import AppConfig


class VendorsConfig(AppConfig):
    """Calendars of others, and our own behind the same interface."""

    name = "apps.vendors"
    default_auto_field = "django.db.models.BigAutoField"
