from argparse import ArgumentParser
from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from apps.availability.commands.generate_slots import GenerationReport, generate_slots
from apps.availability.models import Location
from apps.organizations.models import Organization


class Command(BaseCommand):
    """Does by hand what beat does each hour."""

    help = "Make slots from the rules, from today up to each organization's horizon."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Dates are the locations' own; both ends are included."""
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--location", type=UUID, help="only this location")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Generate, one line a location."""

        def say(location: Location, report: GenerationReport) -> None:
            self.stdout.write(f"{location}: {describe(report)}")

        for organization in Organization.objects.filter(active=True).select_related("policy"):
            generate_slots(
                organization=organization,
                first=options["first"],
                last=options["last"],
                location_id=options["location"],
                on_progress=say,
            )


def describe(report: GenerationReport) -> str:
    """A report in words."""
    return (
        f"{report.inserted} new, {report.updated} changed, {report.deleted} deleted, "
        f"{report.closed} closed, {report.kept} kept"
    )
