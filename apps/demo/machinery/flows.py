"""The drafts of a business's flows: steps, and the conversation as a graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.availability.models import Location
from apps.content.models import BookingQuestion, BookingQuestionAnswer, BookingService
from apps.demo.machinery.business import Business, Flow
from apps.demo.machinery.rows import Rows, stable_id
from apps.demo.machinery.trees import Ask, Book, Way
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    NodeType,
    ServiceSelectionEdge,
    ServiceSelectionNode,
    StepType,
)
from apps.organizations.models import Organization


@dataclass(frozen=True, kw_only=True)
class Content:
    """The rows that graphs point to, by key."""

    services: Mapping[str, BookingService]
    questions: Mapping[str, BookingQuestion]
    answers: Mapping[tuple[str, str], BookingQuestionAnswer]


def write_flows(
    rows: Rows,
    business: Business,
    organization: Organization,
    locations: Mapping[str, Location],
    content: Content,
) -> dict[str, BookingFlow]:
    """The drafts of the flows by their keys; nothing is published here."""
    drafts = {}
    for flow in business.flows:
        drafts[flow.key] = rows.keep(
            BookingFlow.objects.for_organization(organization),
            key={"id": stable_id(business.slug, "flow", flow.key)},
            organization=organization,
            title=flow.title,
            description=flow.description,
            icon=flow.icon,
        )
        _write_steps(rows, drafts[flow.key], flow, locations, content)
    return drafts


def _write_steps(
    rows: Rows, draft: BookingFlow, flow: Flow, locations: Mapping[str, Location], content: Content
) -> None:
    slug = draft.organization.slug
    configs = flow.configs(locations)
    for position, kind in enumerate(flow.steps):
        title, description, icon = flow.texts[kind]
        step = rows.keep(
            BookingFlowStep.objects.for_organization(draft.organization_id),
            key={"id": stable_id(slug, "flow", flow.key, kind)},
            flow=draft,
            step_type=kind,
            position=position,
            title=title,
            description=description,
            icon=icon,
            type_config=configs.get(kind, {}),
        )
        if kind == StepType.SERVICE_SELECTION:
            _Graph(rows, step, content).write(flow.tree)


class _Graph:
    """Writes a tree as nodes and edges; what the tree does not know any more is deleted."""

    def __init__(self, rows: Rows, step: BookingFlowStep, content: Content) -> None:
        self._rows, self._step, self._content = rows, step, content
        self._nodes: list[UUID] = []
        self._edges: list[UUID] = []

    def write(self, tree: Ask) -> None:
        """The whole step."""
        self._ask(tree, ())
        organization_id = self._step.flow.organization_id
        edges = ServiceSelectionEdge.objects.for_organization(organization_id).filter(step=self._step)
        nodes = ServiceSelectionNode.objects.for_organization(organization_id).filter(step=self._step)
        self._rows.keep_only(edges, self._edges)
        self._rows.keep_only(nodes, self._nodes)

    def _ask(self, ask: Ask, path: tuple[str, ...]) -> ServiceSelectionNode:
        path = (*path, ask.question)
        question = self._content.questions[ask.question]
        node = self._node(path, node_type=NodeType.QUESTION, question=question)
        position = 0
        for way in ask.ways:
            target = self._place(way, path)
            for key in way.answers:
                answer = self._content.answers[ask.question, key]
                choice = self._node((*path, key), node_type=NodeType.ANSWER, answer=answer)
                self._edge(node, choice, position)
                position += 1
                if target is not None:
                    self._edge(choice, target, 0)
        return node

    def _place(self, way: Way, path: tuple[str, ...]) -> ServiceSelectionNode | None:
        """What all answers of a way lead to."""
        path = (*path, way.answers[0])
        if isinstance(way.then, Book):
            return self._book(way.then, path)
        return None if way.then is None else self._ask(way.then, path)

    def _book(self, book: Book, path: tuple[str, ...]) -> ServiceSelectionNode:
        path = (*path, book.service)
        service = self._content.services[book.service]
        node = self._node(path, node_type=NodeType.SERVICE, service=service)
        if book.then is not None:
            self._edge(node, self._ask(book.then, path), 0)
        return node

    def _node(self, path: tuple[str, ...], **values: Any) -> ServiceSelectionNode:
        node = self._rows.keep(
            ServiceSelectionNode.objects.for_organization(self._step.flow.organization_id),
            key={"id": stable_id(str(self._step.id), "node", *path)},
            step=self._step,
            **values,
        )
        self._nodes.append(node.id)
        return node

    def _edge(self, source: ServiceSelectionNode, target: ServiceSelectionNode, position: int) -> None:
        edge = self._rows.keep(
            ServiceSelectionEdge.objects.for_organization(self._step.flow.organization_id),
            key={"id": stable_id(str(source.id), "edge", str(target.id))},
            step=self._step,
            source=source,
            target=target,
            position=position,
        )
        self._edges.append(edge.id)
