"""Who may sign in, and the key that a business's site embeds the widget with."""

import os
from uuid import UUID

from apps.demo.machinery.business import Business
from apps.demo.machinery.rows import Rows, stable_id
from apps.organizations.models import ApiKey, ApiKeyKind, Membership, Organization, User

DEFAULT_PORT = "8000"


def write_logins(rows: Rows, business: Business, organization: Organization) -> None:
    """The accounts that the demo shows at its start, with the passwords that it shows."""
    for login in business.logins:
        names = {"first_name": login.first_name, "last_name": login.last_name}
        rights = {"is_staff": True, "is_superuser": login.role is None}
        user = User.objects.filter(email=login.email).first()
        if user is None:
            user = User.objects.create_user(login.email, login.phrase, **names, **rights)
        elif not user.check_password(login.phrase):
            user.set_password(login.phrase)
            user.save(update_fields=["password"])
        rows.keep(User.objects.all(), key={"email": login.email}, **names, **rights, is_active=True)
        if login.role is not None:
            rows.keep(
                Membership.objects.for_organization(organization),
                key={"organization": organization, "user": user},
                role=login.role,
            )


def keep_website_key(business: Business, organization: Organization) -> ApiKey:
    """The publishable key of the business's site, made once; its token never changes.

    The origins that the demo is served from (PORT, or 8000) are added to the list; none is taken away.
    """
    keys = ApiKey.objects.for_organization(organization)
    key_id = website_key_id(business)
    key = keys.filter(id=key_id).first()
    if key is None:
        key = ApiKey(id=key_id, organization=organization, name="Website", kind=ApiKeyKind.PUBLISHABLE)
        key.set_new_token()
    wanted = sorted({*key.allowed_origins, *demo_origins()})
    if wanted != key.allowed_origins:
        key.allowed_origins = wanted
        key.full_clean()
        key.save()
    return key


def website_key_id(business: Business) -> UUID:
    """The id of the key that the site's own pages use."""
    return stable_id(business.slug, "api-key")


def demo_origins() -> list[str]:
    """Where a browser finds the demo on this machine."""
    ports = {DEFAULT_PORT, os.environ.get("PORT") or DEFAULT_PORT}
    return [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost") for port in sorted(ports)]
