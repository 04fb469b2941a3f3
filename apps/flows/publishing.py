"""Freezing a draft: what publishing and rolling back share. Whoever calls holds the flow's lock."""

from django.db.models import Max

from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.outbox import publish
from apps.flows.documents import Draft, draft_of
from apps.flows.errors import FlowInvalid
from apps.flows.events import FlowPublished
from apps.flows.models import BookingFlow, FlowVersion
from apps.flows.rows import DraftRows


def freeze(actor: Actor, flow: BookingFlow) -> FlowVersion:
    """Make the draft the flow's next version and show that to customers.

    Where nothing has changed since the published version, that one is returned and nothing is written.
    Raises FlowInvalid.
    """
    rows = DraftRows.of(flow)
    draft = draft_of(flow, rows)
    if draft.problems:
        raise FlowInvalid(draft.problems)
    before = flow.published_version
    if before is not None and before.digest == draft.digest:
        return before
    version = _write_version(actor, flow, draft, rows)
    flow.mark_published(version)
    flow.save(update_fields=["status", "published_version", "updated_at"])
    publish(
        FlowPublished(
            organization_id=flow.organization_id,
            flow_id=flow.id,
            flow_version_id=version.id,
            number=version.number,
        )
    )
    return version


def _write_version(actor: Actor, flow: BookingFlow, draft: Draft, rows: DraftRows) -> FlowVersion:
    versions = FlowVersion.objects.for_organization(flow.organization_id).filter(flow=flow)
    latest = versions.aggregate(latest=Max("number"))["latest"] or 0
    return versions.create(
        organization_id=flow.organization_id,
        flow=flow,
        number=latest + 1,
        document=draft.document,
        digest=draft.digest,
        answer_ids={str(node.id): str(node.answer_id) for node in rows.nodes if node.answer_id},
        created_by=actor.label,
        created_at=app_now(),
    )
