"""Publishing: from now on customers see the draft as it is."""

from uuid import UUID

from django.db.models import Max

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish
from apps.flows.documents import Draft, draft_of
from apps.flows.errors import FlowInvalid
from apps.flows.events import FlowPublished
from apps.flows.locking import lock_flow
from apps.flows.models import BookingFlow, FlowVersion


@command("flows.publish")
def publish_flow(*, actor: Actor, flow_id: UUID) -> FlowVersion:
    """Freeze the draft as the flow's next version and show that to customers (seed 000 §4.2.1).

    Where nothing has changed since the published version, that one is returned and nothing is written.
    Raises NotFound (also for a deleted flow), FlowInvalid.
    """
    flow = lock_flow(actor.organization_id, id=flow_id)
    draft = draft_of(flow)
    if draft.problems:
        raise FlowInvalid(draft.problems)
    before = flow.published_version
    if before is not None and before.digest == draft.digest:
        return before
    version = _write_version(actor, flow, draft)
    flow.mark_published(version)
    flow.save(update_fields=["status", "published_version", "updated_at"])
    audit.record(
        actor,
        "flows.flow.published",
        subject=audit.Subject(type="flow", id=flow.id),
        old={"version": before.number if before else None},
        new={"version": version.number, "version_id": str(version.id), "digest": version.digest},
    )
    publish(
        FlowPublished(
            organization_id=flow.organization_id,
            flow_id=flow.id,
            flow_version_id=version.id,
            number=version.number,
        )
    )
    return version


def _write_version(actor: Actor, flow: BookingFlow, draft: Draft) -> FlowVersion:
    versions = FlowVersion.objects.for_organization(flow.organization_id).filter(flow=flow)
    latest = versions.aggregate(latest=Max("number"))["latest"] or 0
    return versions.create(
        organization_id=flow.organization_id,
        flow=flow,
        number=latest + 1,
        document=draft.document,
        digest=draft.digest,
        created_by=actor.label,
        created_at=app_now(),
    )
