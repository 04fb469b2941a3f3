"""Importing a flow's file: a new draft, with whatever content it needs that is not there yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.flows.documents import draft_of
from apps.flows.errors import FlowProblem, LocationsUnknown
from apps.flows.models import BookingFlow
from apps.flows.portable.building import build
from apps.flows.portable.parsing import ensure_consistent
from apps.flows.portable.planning import Planned, plan_import
from apps.flows.portable.shapes import FlowDocument
from apps.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Imported:
    """The new draft, what came with it, and what is still to mend before it can be published."""

    flow: BookingFlow
    items: Sequence[Planned]
    problems: Sequence[FlowProblem]

    @property
    def created(self) -> int:
        """How many services, questions, answers and headings are new."""
        return sum(not item.reused for item in self.items)

    @property
    def reused(self) -> int:
        """How many were there already, and stay as they are."""
        return sum(item.reused for item in self.items)


@command("flows.import")
def import_flow(
    *, actor: Actor, document: FlowDocument, locations: Mapping[str, UUID] | None = None
) -> Imported:
    """Make a new draft of a file (docs/flow-format.md), all of it or nothing (REQ-FLOW-15).

    Content that is here already is used as it is, whatever the file says about it. `locations` says which
    of the organization's locations is meant by a name of the file; others are found by their names. A graph
    that cannot be published is imported all the same: its problems come with the answer.
    Raises FlowFileInvalid (the document's parts do not fit together), LocationsUnknown.
    """
    _lock_content(actor.organization_id)
    ensure_consistent(document)
    plan = plan_import(actor.organization_id, document, locations=locations)
    if plan.missing_locations:
        raise LocationsUnknown(plan.missing_locations)
    flow = BookingFlow(organization_id=actor.organization_id, **document.flow.model_dump())
    flow.mark_draft_changed(app_now())
    flow.save(force_insert=True)
    build(plan, flow)
    imported = Imported(flow, plan.items(), draft_of(flow).problems)
    audit.record(
        actor,
        "flows.flow.imported",
        subject=audit.Subject(type="flow", id=flow.id),
        new={"name": flow.title, "created": imported.created, "reused": imported.reused},
    )
    return imported


def _lock_content(organization_id: UUID) -> None:
    """Two imports at one moment must not make the same content twice."""
    Organization.objects.select_for_update(no_key=True).get(id=organization_id)
