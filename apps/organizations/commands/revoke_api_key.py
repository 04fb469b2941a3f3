"""A key stops working, at once and for good."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.organizations.models import ApiKey


@command("organizations.revoke_api_key")
def revoke_api_key(*, actor: Actor, api_key_id: UUID) -> ApiKey:
    """Refuse every later request with this key. Revoking again changes nothing. Raises NotFound."""
    key = (
        ApiKey.objects.for_organization(actor.organization_id)
        .select_for_update(no_key=True)
        .filter(id=api_key_id)
        .first()
    )
    if key is None:
        raise NotFound("There is no such key.")
    if key.revoked_at is None:
        key.revoked_at = app_now()
        key.save(update_fields=["revoked_at", "updated_at"])
        audit.record(
            actor,
            "organizations.api_key.revoked",
            subject=audit.Subject(type="organizations.api_key", id=key.id),
            new={"name": key.name, "hint": key.hint},
            at=key.revoked_at,
        )
    return key
