"""Walking a service-selection graph as a visitor does. Pure: no ORM, no clock, no settings.

The widget has the same engine in TypeScript, and both run the vectors in fixtures/graphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.flows.graph import Graph


class WalkError(Exception):
    """A path that nobody can have taken. `position` is the index of the node that is wrong."""

    code = "walk_error"

    def __init__(self, message: str, *, position: int) -> None:
        self.position = position
        super().__init__(message)


class EmptyWalk(WalkError):
    """The path names no node."""

    code = "empty"


class UnknownNode(WalkError):
    """The graph has no such node."""

    code = "unknown_node"


class NotAtRoot(WalkError):
    """The path begins elsewhere than at the root."""

    code = "not_at_root"


class IllegalStep(WalkError):
    """The node before does not lead here."""

    code = "illegal_step"


class SecondService(WalkError):
    """The path selects a service although it has one already."""

    code = "second_service"


@dataclass(frozen=True, slots=True)
class WalkResult:
    """What a path has come to. `complete`: nothing follows its last node."""

    service_id: str | None
    complete: bool


def walk(graph: Graph, node_ids: Sequence[str]) -> WalkResult:
    """Follow a path: every node passed, in order, the root first.

    Raises EmptyWalk, UnknownNode, NotAtRoot, IllegalStep, SecondService. An unfinished path is no error.
    """
    if not node_ids:
        raise EmptyWalk("The path names no node.", position=0)
    edges = {(edge.source, edge.target) for edge in graph.edges}
    service_id: str | None = None
    for position, node_id in enumerate(node_ids):
        node = graph.nodes.get(node_id)
        if node is None:
            raise UnknownNode(f"There is no node {node_id}.", position=position)
        if position == 0 and node_id != graph.root_id:
            raise NotAtRoot("The path does not begin with the first question.", position=0)
        if position and (node_ids[position - 1], node_id) not in edges:
            raise IllegalStep(f"Nothing leads from {node_ids[position - 1]} to {node_id}.", position=position)
        if node.service_id is not None:
            if service_id is not None:
                raise SecondService("The path selects a second service.", position=position)
            service_id = node.service_id
    followed = {edge.source for edge in graph.edges}
    return WalkResult(service_id=service_id, complete=node_ids[-1] not in followed)
