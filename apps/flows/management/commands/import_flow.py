from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.core.actors import Actor
from apps.flows.commands.import_flow import import_flow
from apps.flows.errors import FlowFileInvalid, LocationsUnknown
from apps.flows.neighbours import locations_of
from apps.flows.portable.parsing import parse_flow_file
from apps.flows.portable.planning import ImportPlan, plan_import
from apps.organizations.models import Organization


def two_names(argument: str) -> tuple[str, str]:
    """Both sides of `Name in the file=Name here`."""
    in_file, equals, here = argument.partition("=")
    if not equals:
        raise ArgumentTypeError("write it as: Name in the file=Name here")
    return in_file.strip(), here.strip()


class Command(BaseCommand):
    """Makes a draft of a flow's file in an organization (docs/flow-format.md)."""

    help = "Import a flow's file as a new draft, all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, which file, which locations it means."""
        parser.add_argument("organization", help="the organization's short name (slug)")
        parser.add_argument("file", type=Path, help="what export_flow wrote")
        parser.add_argument(
            "--location",
            type=two_names,
            action="append",
            default=[],
            metavar="THERE=HERE",
            help="a location's name in the file, and its name here, where they differ",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Import, and say what is new and what was there already."""
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        try:
            document = parse_flow_file(options["file"].read_bytes())
            locations = self._locations(organization.id, options["location"])
            plan = plan_import(organization.id, document, locations=locations)
            self._tell(plan)
            if options["dry_run"]:
                return
            actor = Actor.system(organization.id, "manage.py import_flow")
            imported = import_flow(actor=actor, document=document, locations=locations)
        except FlowFileInvalid as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from error
        except LocationsUnknown as error:
            raise CommandError(f"{error.detail} Use --location.") from error
        self.stdout.write(f"Imported “{imported.flow}” as a draft: {imported.flow.id}")

    def _locations(self, organization_id: UUID, pairs: list[tuple[str, str]]) -> dict[str, UUID]:
        here = {name: place_id for place_id, name in locations_of(organization_id).items()}
        unknown = [name for _, name in pairs if name not in here]
        if unknown:
            raise CommandError(f"There is no location “{unknown[0]}” here.")
        return {in_file: here[name] for in_file, name in pairs}

    def _tell(self, plan: ImportPlan) -> None:
        for item in plan.items():
            self.stdout.write(f"{'used ' if item.reused else 'new  '} {item.kind.lower():<9} {item.title}")
        for name in plan.missing_locations:
            self.stdout.write(f"no location here is called “{name}”")
        for problem in plan.problems:
            self.stdout.write(f"to mend before publishing: {problem.message}")
