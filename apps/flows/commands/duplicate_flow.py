"""Duplicating a flow: a draft of its own that begins as the other one's draft stands."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.flows.locking import lock_flow
from apps.flows.models import BookingFlow
from apps.flows.rows import DraftRows

MAX_TITLE = 120


@command("flows.duplicate")
def duplicate_flow(*, actor: Actor, flow_id: UUID) -> BookingFlow:
    """Copy a flow's draft; services, questions and answers are shared with the original (REQ-FLOW-14).

    Raises NotFound (also for a deleted flow).
    """
    original = lock_flow(actor.organization_id, id=flow_id)
    twin = BookingFlow(
        organization_id=original.organization_id,
        title=f"Copy of {original.title}"[:MAX_TITLE],
        description=original.description,
        icon=original.icon,
    )
    twin.mark_draft_changed(app_now())
    twin.save(force_insert=True)
    DraftRows.of(original).copied_to(twin).insert()
    audit.record(
        actor,
        "flows.flow.duplicated",
        subject=audit.Subject(type="flow", id=twin.id),
        new={"name": twin.title, "of": str(original.id)},
    )
    return twin
