from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """Holds and bookings."""

    name = "apps.bookings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what must always hold."""
        from apps.bookings.invariants import register_invariants

        register_invariants()
