"""Reads of flows for the API, the admin and the apps above."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from apps.core.errors import NotFound
from apps.core.icons import icons_in
from apps.flows.documents import draft_of
from apps.flows.errors import SelectionInvalid
from apps.flows.graph import Graph
from apps.flows.models import BookingFlow, FlowVersion, StepType
from apps.flows.walking import WalkError, walk

GRAPHS_IN_MEMORY = 128


def needs_publishing(flow: BookingFlow) -> bool:
    """Whether customers see something else than the draft, down to the last text."""
    return flow.published_version is None or flow.published_version.digest != draft_of(flow).digest


def flow_json(version: FlowVersion) -> dict[str, Any]:
    """A version as the API sends it; to those from before icons were part of it, theirs are added."""
    document = version.document
    if "icons" not in document:
        document = {**document, "icons": icons_in(document)}
    return {"version_id": str(version.id), "version": version.number, **document}


def flow_version_document(*, flow_version_id: UUID, organization_id: UUID) -> dict[str, Any]:
    """A version as the API sends it; it never changes. Raises NotFound."""
    version = FlowVersion.objects.for_organization(organization_id).filter(id=flow_version_id).first()
    if version is None:
        raise NotFound
    return flow_json(version)


def walk_selection(*, flow_version_id: UUID, organization_id: UUID, node_ids: Sequence[UUID]) -> UUID:
    """The service that a visitor's path through the graph selects; the client is not believed.

    `node_ids` is every node passed, in order, the root first. Raises SelectionInvalid if this version has no
    such path, or if the path is not at its end yet.
    """
    graph = _graph_of(flow_version_id, organization_id)
    try:
        result = walk(graph, [str(node_id) for node_id in node_ids])
    except WalkError as error:
        raise SelectionInvalid(reason=error.code, position=error.position) from error
    if not result.complete or result.service_id is None:
        raise SelectionInvalid(reason="unfinished", position=len(node_ids))
    return UUID(result.service_id)


@lru_cache(maxsize=GRAPHS_IN_MEMORY)
def _graph_of(flow_version_id: UUID, organization_id: UUID) -> Graph:
    # A version never changes, so a graph that was read once stays true in every process.
    try:
        document = flow_version_document(flow_version_id=flow_version_id, organization_id=organization_id)
    except NotFound as error:
        raise SelectionInvalid(reason="unknown_version", position=0) from error
    steps = [step for step in document["steps"] if step["step_type"] == StepType.SERVICE_SELECTION]
    return Graph.from_config(steps[0]["type_config"])
