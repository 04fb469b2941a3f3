from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """Holds and bookings."""

    name = "apps.bookings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what must always hold, who ends lapsed holds, and what is booked."""
        from apps.availability import lapsed
        from apps.bookings.ending import end_lapsed_holds
        from apps.bookings.invariants import register_invariants
        from apps.bookings.uses import register_uses

        register_invariants()
        register_uses()
        lapsed.are_ended_by(end_lapsed_holds)
