from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """Holds and bookings."""

    name = "apps.bookings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what must always hold, and who ends lapsed holds."""
        from apps.availability import lapsed
        from apps.bookings.ending import end_lapsed_holds
        from apps.bookings.invariants import register_invariants

        register_invariants()
        lapsed.are_ended_by(end_lapsed_holds)
