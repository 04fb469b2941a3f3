#!/usr/bin/env python
"""Django's command line for Wrkbelt Scheduler."""

import os
import sys


def main() -> None:
    """Run one management command; say plainly when a local server can't start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler_project.settings.local")
    from django.core.management import execute_from_command_line

    from scheduler_project.embedded import EmbeddedServerError

    try:
        execute_from_command_line(sys.argv)
    except EmbeddedServerError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
