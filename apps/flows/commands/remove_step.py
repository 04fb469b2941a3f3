"""A step leaves the draft; what it was is handed back, so that it can return."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.flows.drafts import lock_step, note_change, number, steps_of, subject_of
from apps.flows.taken_out import TakenOut, take_out


@command("flows.remove_step")
def remove_step(*, actor: Actor, step_id: UUID) -> TakenOut:
    """Remove a step with its graph (REQ-FLOW-6). `restore_step` takes what is returned. Raises NotFound."""
    step = lock_step(actor.organization_id, step_id)
    flow = step.flow
    place = [other.id for other in steps_of(flow)].index(step.id)
    taken = take_out(step, place=place)
    number(steps_of(flow))
    note_change(flow)
    audit.record(
        actor,
        "flows.step.removed",
        subject=subject_of(flow),
        old={"name": taken.title, "step_type": taken.step_type, "step_id": taken.step_id},
        new={"name": taken.title},
        reversible=True,
    )
    return taken
