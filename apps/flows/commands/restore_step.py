"""A step that was removed comes back as it was, with its graph."""

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.flows.drafts import note_change, number, steps_of, subject_of
from apps.flows.errors import StepThereAlready
from apps.flows.locking import lock_flow
from apps.flows.models import BookingFlowStep
from apps.flows.taken_out import TakenOut, put_back


@command("flows.restore_step")
def restore_step(*, actor: Actor, taken: TakenOut) -> BookingFlowStep:
    """Undo `remove_step` (REQ-FLOW-6): the same ids, at the same place.

    Raises NotFound (of another business, or deleted), StepThereAlready, StepCannotReturn.
    """
    flow = lock_flow(actor.organization_id, id=taken.flow_id)
    steps = steps_of(flow)
    if taken.step_type in {step.step_type for step in steps}:
        raise StepThereAlready
    step = put_back(flow, taken)
    place = min(step.position - 1, len(steps))
    number([*steps[:place], step, *steps[place:]])
    note_change(flow)
    audit.record(
        actor,
        "flows.step.restored",
        subject=subject_of(flow),
        new={"name": step.title, "step_type": step.step_type, "step_id": str(step.id)},
    )
    return step
