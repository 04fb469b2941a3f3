"""A new flow, as a draft."""

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.flows.drafts import subject_of
from apps.flows.models import BookingFlow, BookingFlowStep
from apps.flows.standard import STANDARD_STEPS, new_step


@command("flows.create_flow")
def create_flow(*, actor: Actor, title: str) -> BookingFlow:
    """Begin a flow with the steps that no flow can do without (REQ-FLOW-6). Raises InvalidInput."""
    title = title.strip()
    if not title:
        raise InvalidInput({"title": ["Give the flow a name."]})
    flow = BookingFlow(organization_id=actor.organization_id, title=title, draft_changed_at=app_now())
    flow.save(force_insert=True)
    BookingFlowStep.objects.bulk_create(
        new_step(flow, kind, position=position) for position, kind in enumerate(STANDARD_STEPS, start=1)
    )
    audit.record(actor, "flows.flow.created", subject=subject_of(flow), new={"name": title})
    return flow
