import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.actors import Actor
from apps.core.errors import InvalidInput
from apps.organizations.models import Organization
from apps.routing.commands.import_rules import import_rules


class Command(BaseCommand):
    """Lets an organization's routing rules say what a file says."""

    help = "Import routing rules from CSV or JSON, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The organization by slug, and a file; - is the standard input."""
        parser.add_argument("organization", help="its slug")
        parser.add_argument("file", help="a file that export_routing or the back office wrote, or -")
        parser.add_argument(
            "--replace", action="store_true", help="remove the rules that are not in the file"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Import, and say what was done."""
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        try:
            text = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"This file can't be read: {error}") from error
        try:
            plan = import_rules(actor=Actor.system(organization.id), text=text, replace=options["replace"])
        except InvalidInput as error:
            lines = [f"{where}: {' '.join(what)}" for where, what in error.data["errors"].items()]
            raise CommandError("Nothing was imported.\n" + "\n".join(lines)) from error
        self.stdout.write(
            f"{len(plan.added)} added, {len(plan.changed)} changed, {len(plan.removed)} removed, "
            f"{plan.unchanged_count} as they were."
        )
