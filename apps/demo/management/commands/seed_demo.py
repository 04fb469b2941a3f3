"""`manage.py seed_demo`: the demo businesses with everything that they need to be booked."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.demo.businesses import BUSINESSES
from apps.demo.machinery.seed import seed


class Command(BaseCommand):
    """Safe to run again at any time: bookings stay, and so do edits made in the admin."""

    help = "Make the demo businesses: branches, people, services, flows, logins, and 60 days of start times."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument(
            "--restore",
            action="store_true",
            help="bring texts, hours, flows and passwords back to how the demo ships them",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seed, with a line for each step."""
        if not settings.DEMO_ENABLED:
            raise CommandError(
                "The demo's passwords are public, so these settings refuse it. "
                "Use scheduler_project.settings.local."
            )
        for business in BUSINESSES:
            seed(business, say=self.stdout.write, restore=options["restore"])
