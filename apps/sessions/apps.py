from django.apps import AppConfig


class BookingSessionsConfig(AppConfig):
    """Booking sessions. The label keeps clear of Django's own `sessions`."""

    name = "apps.sessions"
    label = "booking_sessions"
    verbose_name = "Booking sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who is booking which services right now."""
        from apps.sessions.uses import register_uses

        register_uses()
