"""A step is left out for a while, or asked again."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.flows.drafts import lock_step, note_change, subject_of
from apps.flows.models import BookingFlowStep


@command("flows.switch_step")
def switch_step(*, actor: Actor, step_id: UUID, active: bool) -> BookingFlowStep:
    """Switch a step on or off; one that is off keeps its settings and is not published (REQ-FLOW-6).

    Raises NotFound.
    """
    step = lock_step(actor.organization_id, step_id)
    if step.active == active:
        return step
    step.active = active
    step.save(update_fields=["active", "updated_at"])
    note_change(step.flow)
    audit.record(
        actor,
        "flows.step.switched_on" if active else "flows.step.switched_off",
        subject=subject_of(step.flow),
        new={"name": step.title, "step_id": str(step.id)},
    )
    return step
