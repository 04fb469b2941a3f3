import json
from argparse import ArgumentParser
from contextlib import suppress
from typing import IO, Any, cast
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from rich.console import Console
from rich.table import Table

from apps.core.errors import DomainError, InvalidInput
from apps.organizations.models import Organization
from apps.routing.explaining import Outcome, Verdict
from apps.routing.queries import Explanation, Question, explain_url, explanation_json

WORDS = {
    Outcome.WINS: "[bold green]decides[/]",
    Outcome.LATER: "fits, later",
    Outcome.NO: "[dim]no[/]",
    Outcome.OFF: "[yellow]off[/]",
}


class Command(BaseCommand):
    """Answers "which flow does this page open, and why?" on the command line."""

    help = "Explain which flow a page opens: every rule in order, with its verdict."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The organization by slug or id, and a page's whole address."""
        parser.add_argument("organization", help="its slug or id")
        parser.add_argument("url", help="the page's whole address, with its parameters")
        parser.add_argument("--config", type=UUID, help="the id of the widget that the page names")
        parser.add_argument("--visitor", default="", help="where visitors are split: whose flow to show")
        parser.add_argument("--json", action="store_true", help="as `resolve?explain=1` answers")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Explain."""
        question = Question(url=options["url"], config_id=options["config"], visitor=options["visitor"])
        try:
            explanation = explain_url(organization=_organization(options["organization"]), question=question)
        except InvalidInput as error:
            raise CommandError(" ".join(error.data["errors"]["url"])) from error
        except DomainError as error:
            raise CommandError(error.detail) from error
        if options["json"]:
            self.stdout.write(json.dumps(explanation_json(explanation), indent=2, ensure_ascii=False))
        else:
            self._print(explanation)

    def _print(self, explanation: Explanation) -> None:
        table = Table("Rule", "Looks at", "Opens", "Verdict", "Why")
        for verdict in explanation.verdicts:
            rule = verdict.candidate.rule
            table.add_row(
                "default" if rule.is_default else str(rule.priority),
                rule.pattern.in_words(),
                verdict.candidate.leads_to,
                WORDS[verdict.outcome],
                _why(verdict),
            )
        console = Console(file=cast("IO[str]", self.stdout))
        console.print(table)
        console.print(explanation.reason, markup=False)
        opens = (
            f"It opens “{explanation.flow.title}”." if explanation.flow else "Customers see the phone screen."
        )
        console.print(opens, markup=False)


def _why(verdict: Verdict) -> str:
    return "\n".join(f"{'✓' if check.holds else '✗'} {check.words}" for check in verdict.checks)


def _organization(named: str) -> Organization:
    by = Q(slug=named)
    with suppress(ValueError):
        by |= Q(id=UUID(named))
    found = Organization.objects.filter(by).select_related("policy").first()
    if found is None:
        raise CommandError(f"There is no organization “{named}”.")
    return found
