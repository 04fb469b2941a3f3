"""A draft gets a step that it has not."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.flows.drafts import note_change, number, steps_of, subject_of
from apps.flows.errors import StepThereAlready
from apps.flows.locking import lock_flow
from apps.flows.models import BookingFlowStep, StepType
from apps.flows.policies import place_for
from apps.flows.standard import new_step


@command("flows.add_step")
def add_step(*, actor: Actor, flow_id: UUID, step_type: str) -> BookingFlowStep:
    """Add a step of a kind, with its first words, where it stands best (REQ-FLOW-6).

    Raises NotFound, InvalidInput (no such kind), StepThereAlready.
    """
    if step_type not in StepType.values:
        raise InvalidInput({"step_type": ["There is no such kind of step."]})
    flow = lock_flow(actor.organization_id, id=flow_id)
    steps = steps_of(flow)
    kinds = [step.step_type for step in steps]
    if step_type in kinds:
        raise StepThereAlready
    place = place_for(step_type, kinds)
    step = new_step(flow, step_type, position=place + 1)
    number([*steps[:place], step, *steps[place:]])
    step.save(force_insert=True)
    note_change(flow)
    audit.record(
        actor,
        "flows.step.added",
        subject=subject_of(flow),
        new={"name": step.title, "step_type": step_type, "step_id": str(step.id)},
    )
    return step
