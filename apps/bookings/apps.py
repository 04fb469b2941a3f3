from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """Holds and bookings."""

    name = "apps.bookings"
    default_auto_field = "django.db.models.BigAutoField"
