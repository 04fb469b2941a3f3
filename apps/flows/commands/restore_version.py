"""Rolling back: customers see an old version again, under a new number."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.flows.drafts import note_change, subject_of
from apps.flows.locking import lock_flow
from apps.flows.models import FlowVersion
from apps.flows.publishing import freeze
from apps.flows.restoring import restored


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What customers see now and saw before, and the content that had to be written again, in words."""

    version: FlowVersion
    before: FlowVersion | None
    rewritten: Sequence[str]


@command("flows.restore_version")
def restore_version(*, actor: Actor, flow_id: UUID, version_id: UUID) -> RolledBack:
    """Make a version the draft again, and publish that at once (REQ-FLOW-13, ADR 0016).

    The number is a new one: what was published stays what it was. Of the live version it only takes back what
    was changed in the draft. To undo it, roll back to the version before.
    Raises NotFound (also for another flow's version), ServicesGone, FlowInvalid; then nothing has changed.
    """
    flow = lock_flow(actor.organization_id, id=flow_id)
    version = (
        FlowVersion.objects.for_organization(actor.organization_id).filter(flow=flow, id=version_id).first()
    )
    if version is None:
        raise NotFound
    before = flow.published_version
    back = restored(flow, version)
    back.rows.replace_draft_of(flow)
    flow.title, flow.description, flow.icon = (
        version.document["content"][name] for name in ("title", "description", "icon")
    )
    flow.save(update_fields=["title", "description", "icon", "updated_at"])
    note_change(flow)
    live = freeze(actor, flow)
    audit.record(
        actor,
        "flows.flow.rolled_back",
        subject=subject_of(flow),
        old={"version": before.number if before else None},
        new={"version": live.number, "restored": version.number, "rewritten": back.rewritten},
    )
    return RolledBack(live, before, back.rewritten)
