"""Deleting a flow: nobody is led to it any more; who is booking through it goes on."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.flows.drafts import subject_of
from apps.flows.errors import FlowInUse
from apps.flows.locking import lock_flow
from apps.flows.models import FlowStatus
from apps.flows.neighbours import uses_of


@command("flows.delete")
def delete_flow(*, actor: Actor, flow_id: UUID) -> None:
    """Delete a flow (REQ-FLOW-16). Its versions stay: sessions that began with one finish with it.

    Raises NotFound (also for a deleted flow), FlowInUse where something leads to it.
    """
    # The whole lock: a rule that is being pointed at the flow waits for it, and this waits for the rule.
    flow = lock_flow(actor.organization_id, whole=True, id=flow_id)
    if uses := uses_of(flow.organization_id, flow.id):
        raise FlowInUse([use.words for use in uses])
    old = {"name": flow.title, "status": flow.status}
    flow.status = FlowStatus.DELETED
    flow.save(update_fields=["status", "updated_at"])
    audit.record(actor, "flows.flow.deleted", subject=subject_of(flow), old=old)
