"""Publishing: from now on customers see the draft as it is."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.flows.drafts import subject_of
from apps.flows.locking import lock_flow
from apps.flows.models import FlowVersion
from apps.flows.publishing import freeze


@command("flows.publish")
def publish_flow(*, actor: Actor, flow_id: UUID) -> FlowVersion:
    """Freeze the draft as the flow's next version and show that to customers (seed 000 §4.2.1).

    Where nothing has changed since the published version, that one is returned and nothing is written.
    Raises NotFound (also for a deleted flow), FlowInvalid.
    """
    flow = lock_flow(actor.organization_id, id=flow_id)
    before = flow.published_version
    version = freeze(actor, flow)
    if version != before:
        audit.record(
            actor,
            "flows.flow.published",
            subject=subject_of(flow),
            old={"version": before.number if before else None},
            new={"version": version.number, "version_id": str(version.id), "digest": version.digest},
        )
    return version
