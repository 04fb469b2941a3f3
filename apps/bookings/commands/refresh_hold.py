"""A visitor needs a little longer."""

from uuid import UUID

from apps.audit import log as audit
from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.ending import lock_holds
from apps.bookings.events import HoldRefreshed
from apps.bookings.models import Hold
from apps.bookings.placing import holding
from apps.bookings.queries import get_hold, lines_of_holds, resource_ids_of
from apps.bookings.subjects import subject_of_hold
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy


@command("bookings.refresh_hold")
def refresh_hold(*, actor: Actor, policy: OrganizationPolicy, hold_id: UUID) -> Hold:
    """Give a live hold its whole length again, from now, at most `max_hold_refreshes` times (REQ-HOLD-9).

    Also one that a held booking stands on. Raises NotFound, HoldExpired, HoldNotActive, HoldRefreshLimit.
    """
    found = get_hold(actor, hold_id)
    holding.lock_visitor(actor)
    lines = lines_of_holds(actor.organization_id, [found.id])
    occupancy.lock_resources(actor.organization_id, resource_ids_of(lines))
    (held,) = lock_holds(actor.organization_id, [hold_id])
    hold, now = held.hold, app_now()
    policies.ensure_hold_refreshable(
        status=hold.status,
        expires_at=hold.expires_at,
        now=now,
        refreshes=hold.refreshes,
        limit=policy.max_hold_refreshes,
    )
    old = hold.expires_at
    hold.refreshes += 1
    holding.prolong(
        held,
        expires_at=policies.refreshed_until(expires_at=old, now=now, minutes=hold.minutes),
        now=now,
    )
    audit.record(
        actor,
        "bookings.hold.refreshed",
        subject=subject_of_hold(hold, lines),
        old={"expires_at": old.isoformat()},
        new={"expires_at": hold.expires_at.isoformat()},
        at=now,
    )
    publish(HoldRefreshed.about(hold, lines))
    return hold
