"""What the commands on a draft share: the order of its steps, and the note that it has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.audit.log import Subject
from apps.core.clock import app_now
from apps.core.errors import NotFound
from apps.flows.locking import lock_flow
from apps.flows.models import BookingFlow, BookingFlowStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands on top of a step, or of a flow."""

    title: str
    description: str = ""
    icon: str = ""


def lock_step(organization_id: UUID, step_id: UUID) -> BookingFlowStep:
    """A step, with its flow locked: whoever changes a draft locks the flow's row first. Raises NotFound."""
    flow = lock_flow(organization_id, steps__id=step_id)
    step = BookingFlowStep.objects.for_organization(organization_id).filter(id=step_id).first()
    if step is None:
        raise NotFound
    step.flow = flow
    return step


def steps_of(flow: BookingFlow) -> list[BookingFlowStep]:
    """The steps in their order, those that are switched off too."""
    return list(
        BookingFlowStep.objects.for_organization(flow.organization_id)
        .filter(flow=flow)
        .order_by("position", "id")
    )


def number(steps: Sequence[BookingFlowStep]) -> None:
    """Positions 1, 2, 3 … as they stand here; the constraint is checked when the transaction ends."""
    moved = []
    for position, step in enumerate(steps, start=1):
        if step.position != position:
            step.position = position
            moved.append(step)
    BookingFlowStep.objects.bulk_update(moved, ["position"])


def note_change(flow: BookingFlow) -> None:
    """Note that the draft is another one now."""
    flow.mark_draft_changed(app_now())
    flow.save(update_fields=["draft_changed_at", "updated_at"])


def subject_of(flow: BookingFlow) -> Subject:
    """A flow, as the audit log names it."""
    return Subject(type="flow", id=flow.id)
