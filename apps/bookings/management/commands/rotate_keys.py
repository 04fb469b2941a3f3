import sys
from typing import Any

from django.core.management.base import BaseCommand

from apps.bookings.commands.rotate_keys import Rotated, rotate_keys


class Command(BaseCommand):
    """After a change of FIELD_MASTER_KEYS or FIELD_DIGEST_KEY (docs/operations.md). Can be run again."""

    help = "Wrap customers' keys by the first master key, and make their digests anew."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Go through all customers; exit 1 if some could not be opened or have become two."""
        total = Rotated()
        for done in rotate_keys():
            total.rewrapped += done.rewrapped
            total.redigested += done.redigested
            total.unreadable += done.unreadable
            total.twice += done.twice
        self.stdout.write(f"{total.rewrapped} keys wrapped anew, {total.redigested} customers digested anew.")
        for customer_id in total.unreadable:
            self.stdout.write(f"No key opens customer {customer_id}.")
        for customer_id in total.twice:
            self.stdout.write(f"Customer {customer_id} has become two: merge them, then run this again.")
        if total.unreadable or total.twice:
            sys.exit(1)
