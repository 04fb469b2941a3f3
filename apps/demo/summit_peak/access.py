"""Who may sign in, and the key that the company's site embeds the widget with."""

import os
from uuid import UUID

from apps.demo.logins import DEMO_LOGINS
from apps.demo.rows import Rows, stable_id
from apps.demo.summit_peak.business import SLUG
from apps.organizations.models import ApiKey, ApiKeyKind, Membership, Organization, Role, User

ROLES = {"Business admin": Role.ADMIN, "Front desk": Role.FRONTDESK, "Scheduler": Role.SCHEDULER}
NAMES = {
    "Platform owner": ("Robin", "Hale"),
    "Business admin": ("Dana", "Whitfield"),
    "Front desk": ("Sam", "Okafor"),
    "Scheduler": ("Priya", "Natarajan"),
}
DEFAULT_PORT = "8000"


def write_logins(rows: Rows, organization: Organization) -> None:
    """The accounts that the demo shows at its start, with the passwords that it shows."""
    for title, email, password in DEMO_LOGINS:
        first_name, last_name = NAMES[title]
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(
                email,
                password,
                first_name=first_name,
                last_name=last_name,
                is_staff=True,
                is_superuser=title not in ROLES,
            )
        elif not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
        rows.keep(
            User.objects.all(),
            key={"email": email},
            first_name=first_name,
            last_name=last_name,
            is_staff=True,
            is_superuser=title not in ROLES,
            is_active=True,
        )
        if title in ROLES:
            rows.keep(
                Membership.objects.for_organization(organization),
                key={"organization": organization, "user": user},
                role=ROLES[title],
            )


def keep_website_key(organization: Organization) -> ApiKey:
    """The publishable key of the company's site, made once; its token never changes.

    The origins that the demo is served from (PORT, or 8000) are added to the list; none is taken away.
    """
    keys = ApiKey.objects.for_organization(organization)
    key = keys.filter(id=website_key_id()).first()
    if key is None:
        key = ApiKey(
            id=website_key_id(), organization=organization, name="Website", kind=ApiKeyKind.PUBLISHABLE
        )
        key.set_new_token()
    wanted = sorted({*key.allowed_origins, *demo_origins()})
    if wanted != key.allowed_origins:
        key.allowed_origins = wanted
        key.full_clean()
        key.save()
    return key


def website_key_id() -> UUID:
    """The id of the key that the site's own pages use."""
    return stable_id(SLUG, "api-key")


def demo_origins() -> list[str]:
    """Where a browser finds the demo on this machine."""
    ports = {DEFAULT_PORT, os.environ.get("PORT") or DEFAULT_PORT}
    return [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost") for port in sorted(ports)]
