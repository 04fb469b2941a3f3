"""A key for a business's website."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.organizations.models import ApiKey, ApiKeyKind


@command("organizations.create_website_key")
def create_website_key(*, actor: Actor, name: str, origins: Sequence[str]) -> ApiKey:
    """Make a publishable key that pages of these origins may use. Raises InvalidInput (`origins`)."""
    if not origins:
        raise InvalidInput({"origins": ["Name at least one site, or the key works nowhere."]})
    key = ApiKey(
        organization_id=actor.organization_id,
        name=name,
        kind=ApiKeyKind.PUBLISHABLE,
        allowed_origins=list(origins),
    )
    try:
        key.clean()
    except ValidationError as error:
        raise InvalidInput({"origins": error.messages}) from error
    key.set_new_token()
    key.save(force_insert=True)
    audit.record(
        actor,
        "organizations.api_key.added",
        subject=audit.Subject(type="organizations.api_key", id=key.id),
        new={"name": key.name, "hint": key.hint, "origins": key.allowed_origins},
    )
    return key
