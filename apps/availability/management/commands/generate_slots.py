import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from apps.availability.commands.generate_slots import (
    GenerationReport,
    generate_slots,
    locations_of,
    resource_ids_of,
)
from apps.availability.models import Location
from apps.organizations.models import Organization


class Command(BaseCommand):
    """Does by hand what beat does each hour."""

    help = "Make slots from the rules, from today up to each organization's horizon."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Dates are the locations' own; both ends are included."""
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--location", dest="location_id", type=UUID, help="only this location (id)")
        parser.add_argument("--resource", dest="resource_id", type=UUID, help="only this person or pool (id)")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Generate, one line a location; on a terminal with a bar below."""
        first, last = options["first"], options["last"]
        if first and last and first > last:
            raise CommandError(f"--from {first} is after --to {last}.")
        scope = {key: options[key] for key in ("location_id", "resource_id")}
        organizations = list(Organization.objects.filter(active=True).select_related("policy"))
        resources = sum(
            len(resource_ids_of(location, options["resource_id"]))
            for organization in organizations
            for location in locations_of(organization, **scope)
        )
        if not resources and any(scope.values()):
            raise CommandError("There is no such location or resource, or it takes no bookings.")

        with self._progress(total=resources) as advance:
            for organization in organizations:
                generate_slots(
                    organization=organization,
                    first=first,
                    last=last,
                    on_progress=self._say,
                    on_batch=advance,
                    **scope,
                )

    def _say(self, location: Location, report: GenerationReport) -> None:
        self.stdout.write(f"{location}: {describe(report)}")

    @contextmanager
    def _progress(self, *, total: int) -> Iterator[Callable[[int], None]]:
        """A bar where somebody watches: on standard error, so that the lines can still be piped on."""
        if not sys.stderr.isatty():
            yield lambda _done: None
            return
        columns = (TextColumn("Generating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=total)
            yield lambda done: bar.advance(task, done)


def describe(report: GenerationReport) -> str:
    """A report in words."""
    return (
        f"{report.inserted} new, {report.updated} changed, {report.deleted} deleted, "
        f"{report.closed} closed, {report.kept} kept"
    )
