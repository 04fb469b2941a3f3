"""Add a business and its first admin, who sets their password by a link that works once."""

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from apps.core.errors import DomainError, InvalidInput
from apps.organizations.commands.create_organization import create_organization
from apps.organizations.models import User


class Command(BaseCommand):
    """`manage.py create_organization "Front Range HVAC" owner@example.com --timezone America/Denver`"""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and where the link shall lead."""
        parser.add_argument("name")
        parser.add_argument("owner_email")
        parser.add_argument("--timezone", default="", help="Such as America/Denver.")
        parser.add_argument("--currency", default="", help="Three letters, such as USD.")
        parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="Where the site is reached.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make them, and print the link."""
        try:
            joined = create_organization(
                name=options["name"],
                owner_email=options["owner_email"],
                timezone=options["timezone"],
                currency=options["currency"],
            )
        except InvalidInput as error:
            problems = (f"{field}: {' '.join(words)}" for field, words in error.data["errors"].items())
            raise CommandError("\n".join(problems)) from error
        except DomainError as error:
            raise CommandError(error.detail) from error
        base = options["base_url"].rstrip("/")
        self.stdout.write(self.style.SUCCESS(f"{joined.organization.name} is there."))
        if joined.is_new:
            days = settings.PASSWORD_RESET_TIMEOUT // 86_400
            self.stdout.write(f"{joined.owner.email} sets a password here, once, within {days} days:")
            self.stdout.write(base + password_link(joined.owner))
        else:
            self.stdout.write(f"{joined.owner.email} signs in as before: {base}{reverse('admin:index')}")


def password_link(user: User) -> str:
    """The path by which a user sets a password; it stops working once they have."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("welcome", args=[uid, default_token_generator.make_token(user)])
