from argparse import ArgumentParser
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.availability.commands.import_holidays import import_holidays
from apps.availability.models import Location
from apps.core.actors import Actor
from apps.core.errors import DomainError


class Command(BaseCommand):
    """Closes a location on public holidays; run it again for another year."""

    help = "Close a location on the public holidays of a country, or of one of its states."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which location, whose holidays, which years."""
        parser.add_argument("--location", type=UUID, required=True, help="the location's id")
        parser.add_argument("--country", required=True, help="two letters, such as US")
        parser.add_argument("--subdivision", help="a state, such as CO")
        parser.add_argument("--years", type=int, nargs="+", required=True, help="such as 2027 2028")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Import, one line a day."""
        location = (
            Location.objects.all_organizations(reason="an operator names a location by its id")
            .filter(id=options["location"])
            .first()
        )
        if location is None:
            raise CommandError("There is no such location.")
        try:
            done = import_holidays(
                actor=Actor.system(location.organization_id, "manage.py import_holidays"),
                location_id=location.id,
                country=options["country"],
                subdivision=options["subdivision"],
                years=options["years"],
            )
        except DomainError as error:
            errors = error.data.get("errors", {})
            raise CommandError(" ".join(chain.from_iterable(errors.values())) or error.detail) from error
        for holiday in done.added:
            self.stdout.write(f"{holiday.day} closed: {holiday.name}")
        for holiday in done.kept:
            self.stdout.write(f"{holiday.day} kept as it is: {holiday.name}")
