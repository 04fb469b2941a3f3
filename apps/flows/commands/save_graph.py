"""Saving a step's graph as its editor shows it: all of it, or nothing."""

from dataclasses import dataclass, field
from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import NotFound, StaleVersion
from apps.flows.editing import content, rows, shapes
from apps.flows.errors import GraphRefused
from apps.flows.locking import lock_flow
from apps.flows.models import BookingFlowStep, StepType


@dataclass(frozen=True, slots=True)
class SavedGraph:
    """What was done: how many of what, and which state the editor shows from now on."""

    version: int
    counts: dict[str, int] = field(default_factory=dict)


@command("flows.save_graph")
def save_graph(*, actor: Actor, step_id: UUID, graph: shapes.GraphEdit, expected_version: int) -> SavedGraph:
    """Make a step's graph so, with the questions and answers that are new with it (REQ-FLOW-5).

    Rows keep their ids; what is unchanged is not written. A graph that cannot be published may be saved: a
    draft may be broken. Raises NotFound, StaleVersion (somebody else saved since `expected_version` was
    read), GraphRefused (nothing that could ever be a graph, or content of nobody's or another's).
    """
    flow = lock_flow(actor.organization_id, steps__id=step_id, steps__step_type=StepType.SERVICE_SELECTION)
    step = _step(actor.organization_id, step_id)
    stored = rows.StoredGraph.of(step, organization_id=actor.organization_id)
    _ensure_unchanged(stored, expected_version)
    problems = [*shapes.nonsense_in(graph)]
    if problems := problems or [*content.strangers_in(graph, stored, actor.organization_id)]:
        raise GraphRefused(problems)
    found = rows.difference(stored, graph, step)
    if found.is_nothing:
        return SavedGraph(stored.version)
    content.write_new(graph, actor)
    rows.write(found, organization_id=actor.organization_id)
    if found.changes_the_draft:
        flow.mark_draft_changed(app_now())
        flow.save(update_fields=["draft_changed_at", "updated_at"])
    audit.record(
        actor,
        "flows.graph.saved",
        subject=audit.Subject(type="flow", id=flow.id),
        new={"name": f"{flow.title}: {step.title}", **found.counts()},
    )
    saved = rows.StoredGraph.of(step, organization_id=actor.organization_id)
    return SavedGraph(saved.version, found.counts())


def _step(organization_id: UUID, step_id: UUID) -> BookingFlowStep:
    # Its flow is locked, but a step can be taken out of its flow without that lock.
    step = BookingFlowStep.objects.for_organization(organization_id).filter(id=step_id).first()
    if step is None:
        raise NotFound
    return step


def _ensure_unchanged(stored: rows.StoredGraph, expected_version: int) -> None:
    if stored.version != expected_version:
        raise StaleVersion(current_version=stored.version)
