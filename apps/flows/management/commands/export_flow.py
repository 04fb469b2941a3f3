from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.flows.models import BookingFlow, FlowStatus
from apps.flows.portable.exporting import document_of, file_of


class Command(BaseCommand):
    """Writes a flow's draft as a file that import_flow reads, here or elsewhere (docs/flow-format.md)."""

    help = "Write a flow, with the services, questions and answers that it uses, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which flow."""
        parser.add_argument("flow", type=UUID, help="the flow's id")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Write the file to the standard output."""
        flow = (
            BookingFlow.objects.all_organizations(reason="an operator names a flow by its id")
            .exclude(status=FlowStatus.DELETED)
            .filter(id=options["flow"])
            .first()
        )
        if flow is None:
            raise CommandError("There is no such flow.")
        self.stdout.write(file_of(document_of(flow)).decode(), ending="")
