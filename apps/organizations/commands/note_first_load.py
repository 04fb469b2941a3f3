"""A page has loaded the widget with a key for the first time: the business's site is live."""

import logging

from django.db import DatabaseError

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.organizations.models import ApiKey

logger = logging.getLogger(__name__)


def note_first_load(*, api_key: ApiKey, origin: str) -> None:
    """Remember when and from where it was, if nobody has yet; a visitor's request never fails by it."""
    try:
        _note(actor=Actor.system(api_key.organization_id), api_key=api_key, origin=origin)
    except DatabaseError:
        logger.exception("the first load of key %s was not noted", api_key.pk)


@command("organizations.note_first_load")
def _note(*, actor: Actor, api_key: ApiKey, origin: str) -> None:
    now = app_now()
    # Of many first visitors at once, one is the first.
    noted = (
        ApiKey.objects.for_organization(actor.organization_id)
        .filter(id=api_key.id, first_seen_at=None)
        .update(first_seen_at=now, first_seen_origin=origin[:200])
    )
    if noted:
        audit.record(
            actor,
            "organizations.api_key.first_seen",
            subject=audit.Subject(type="organizations.api_key", id=api_key.id),
            new={"name": api_key.name, "origin": origin[:200]},
            at=now,
        )
