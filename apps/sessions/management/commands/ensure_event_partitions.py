"""`manage.py ensure_event_partitions`: prepare the events' table for the coming months."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.sessions.partitions import MONTHS_AHEAD, ensure_event_partitions


class Command(BaseCommand):
    """Creates what is missing and says what it made; running it again does nothing."""

    help = "Create the partitions of this and the coming months for session events."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How far ahead."""
        parser.add_argument("--months-ahead", type=int, default=MONTHS_AHEAD, choices=range(25))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Create, and print the names."""
        created = ensure_event_partitions(months_ahead=options["months_ahead"])
        self.stdout.write(f"Created: {', '.join(created) if created else 'nothing, all are there'}.")
