from typing import Any

from django.core.management.base import BaseCommand

from apps.bookings.commands.expire_holds import expire_holds


class Command(BaseCommand):
    """Does by hand what beat does each minute."""

    help = "Free the holds whose time has passed."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Sweep once, and say how many."""
        freed = expire_holds()
        self.stdout.write(f"{freed} hold{'' if freed == 1 else 's'} freed.")
