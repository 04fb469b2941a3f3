"""`manage.py abandon_stale_sessions`: what beat does every minute, by hand."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.sessions.commands.abandon_session import STALE_AFTER
from apps.sessions.sweeps import SWEEP_BATCH, abandon_stale_sessions


class Command(BaseCommand):
    """Ends idle sessions until none is left."""

    help = "End the booking sessions in which nothing has happened for a while."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long is a while."""
        minutes = int(STALE_AFTER.total_seconds() // 60)
        parser.add_argument("--minutes", type=int, default=minutes, help="Idle for longer than this.")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """End them, and print how many there were. Raises CommandError."""
        if options["minutes"] < 1:
            raise CommandError("Give at least one minute.")
        ended = 0
        while found := abandon_stale_sessions(stale_after=timedelta(minutes=options["minutes"])):
            ended += found
            if found < SWEEP_BATCH:
                break
        self.stdout.write(f"Ended {ended} sessions.")
