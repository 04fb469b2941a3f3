"""`manage.py demo`: the whole system on this machine, until Ctrl-C."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from scheduler_project import demo
from scheduler_project.terminal import Terminal


class Command(BaseCommand):
    """Runs web, live, worker and beat together, with demo data."""

    help = "Run everything on this machine with demo data, until Ctrl-C. PORT=8010 moves it to another port."
    # The demo says itself what it does, step by step.
    requires_system_checks = []

    def handle(self, **_options: Any) -> None:
        """Run the demo and pass its exit code on."""
        sys.exit(demo.run(terminal=Terminal()))
