"""Somebody has seen enough of the guided start."""

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.organizations.models import Organization


@command("organizations.dismiss_start")
def dismiss_start(*, actor: Actor) -> None:
    """Show the business's day from now on, finished or not; the guided start stays reachable."""
    now = app_now()
    waiting = Organization.objects.filter(id=actor.organization_id, start_dismissed_at=None)
    if waiting.update(start_dismissed_at=now):
        subject = audit.Subject(type="organizations.organization", id=actor.organization_id)
        audit.record(actor, "organizations.organization.start_dismissed", subject=subject, at=now)
