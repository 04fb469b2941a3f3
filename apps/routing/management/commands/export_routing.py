from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.organizations.models import Organization
from apps.routing.queries import export_rules


class Command(BaseCommand):
    """Writes an organization's routing rules to the standard output."""

    help = "Export routing rules as CSV or JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The organization by slug."""
        parser.add_argument("organization", help="its slug")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Export."""
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        self.stdout.write(export_rules(organization=organization, as_a=options["format"]), ending="")
