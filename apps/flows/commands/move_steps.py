"""The steps of a draft in another order."""

from collections.abc import Sequence
from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import StaleVersion
from apps.core.versions import version_of
from apps.flows.drafts import note_change, number, steps_of, subject_of
from apps.flows.locking import lock_flow
from apps.flows.models import BookingFlow


@command("flows.move_steps")
def move_steps(
    *, actor: Actor, flow_id: UUID, step_ids: Sequence[UUID], seen: Sequence[UUID] | None = None
) -> BookingFlow:
    """Put all steps of a draft in this order (REQ-FLOW-6). `seen` is the order that they were moved from.

    An order that makes no sense is kept, as the draft's own problem. Raises NotFound; StaleVersion where the
    steps are others meanwhile, or not in the order that was seen.
    """
    flow = lock_flow(actor.organization_id, id=flow_id)
    steps = {step.id: step for step in steps_of(flow)}
    before = list(steps)
    if sorted(step_ids) != sorted(before) or (seen is not None and list(seen) != before):
        raise StaleVersion(current_version=version_of(flow))
    if list(step_ids) == before:
        return flow
    number([steps[step_id] for step_id in step_ids])
    note_change(flow)
    audit.record(
        actor,
        "flows.steps.moved",
        subject=subject_of(flow),
        old={"name": flow.title, "steps": [steps[step_id].step_type for step_id in before]},
        new={"name": flow.title, "steps": [steps[step_id].step_type for step_id in step_ids]},
    )
    return flow
