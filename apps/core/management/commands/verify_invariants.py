import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from apps.core.invariants import find_violations, registered

SHOWN = 50


class Command(BaseCommand):
    """Recomputes everything that is derived and reports every drift; exit status 1 if there is any."""

    help = "Check counters, lanes and states against the events; exit 1 on drift."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Check all rules in one snapshot, so that running traffic can't look like drift."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            violations = list(find_violations())
        for violation in violations[:SHOWN]:
            self.stdout.write(f"{violation.rule}: {violation.subject}: {violation.detail}")
        found = Counter(violation.rule for violation in violations)
        for invariant in registered():
            verdict = "ok" if not found[invariant.rule] else f"{found[invariant.rule]} broken"
            self.stdout.write(f"  {verdict:>10}  {invariant.meaning}")
        self.stdout.write(f"{len(violations)} violations")
        if violations:
            sys.exit(1)
