"""From a version's document back to rows of a draft, with the ids that they had.

Steps, places in the graph and ways are as they were. Content is what the business has today: it is found by
its id, else by its name. Questions, answers and headings that are gone are written again from the document,
which holds all there is to them; a service has more to it than customers see, so one that is gone stays gone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.content.models import (
    AnswerType,
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.core.ids import new_id
from apps.flows.differences.documents import GRAPH_KEYS
from apps.flows.errors import ServicesGone
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    FlowVersion,
    NodeType,
    ServiceSelectionEdge,
    ServiceSelectionNode,
    StepType,
)
from apps.flows.rows import DraftRows

Json = Mapping[str, Any]


@dataclass(slots=True)
class Restored:
    """A draft as a version had it, and the content that had to be written again, in words."""

    rows: DraftRows
    rewritten: list[str] = field(default_factory=list)


def restored(flow: BookingFlow, version: FlowVersion) -> Restored:
    """The rows of a version; missing content is written, the rows themselves are not yet.

    A step of today's draft whose kind the version does not have is kept, switched off. Raises ServicesGone.
    """
    content = _Content(flow.organization_id, version)
    current = DraftRows.of(flow)
    places = {node.id: (node.x, node.y) for node in current.nodes}
    steps: list[BookingFlowStep] = []
    nodes: list[ServiceSelectionNode] = []
    edges: list[ServiceSelectionEdge] = []
    for position, document in enumerate(version.document["steps"], start=1):
        step = _step(flow, document, position)
        steps.append(step)
        if step.step_type == StepType.SERVICE_SELECTION:
            of_step = [_node(step, node, content) for node in document["type_config"]["nodes"]]
            nodes += of_step
            edges += _edges(step, document["type_config"]["edges"])
    for node in nodes:
        node.x, node.y = places.get(node.id, (None, None))
    kept = _switched_off(current, steps)
    return Restored(
        DraftRows([*steps, *kept.steps], [*nodes, *kept.nodes], [*edges, *kept.edges]), content.rewritten
    )


def _step(flow: BookingFlow, document: Json, position: int) -> BookingFlowStep:
    config = {key: value for key, value in document["type_config"].items() if key not in GRAPH_KEYS}
    return BookingFlowStep(
        id=UUID(document["id"]),
        flow=flow,
        step_type=document["step_type"],
        position=position,
        type_config=config,
        **document["step_config"],
    )


def _switched_off(current: DraftRows, restored_steps: Sequence[BookingFlowStep]) -> DraftRows:
    """What the draft has beyond the version: nobody's work is thrown away."""
    kinds = {step.step_type for step in restored_steps}
    kept = [step for step in current.steps if step.step_type not in kinds]
    for position, step in enumerate(kept, start=len(restored_steps) + 1):
        step.active, step.position = False, position
    ids = {step.id for step in kept}
    return DraftRows(
        kept,
        [node for node in current.nodes if node.step_id in ids],
        [edge for edge in current.edges if edge.step_id in ids],
    )


def _node(step: BookingFlowStep, document: Json, content: "_Content") -> ServiceSelectionNode:
    node = ServiceSelectionNode(id=UUID(document["id"]), step=step, node_type=document["type"])
    if node.node_type == NodeType.QUESTION:
        node.question = content.questions[document["question"]["id"]]
        return node
    if node.node_type == NodeType.SERVICE:
        node.service = content.services[document["service_id"]]
        return node
    category_id = document["answer"]["category_id"]
    category = content.categories[category_id] if category_id else None
    node.answer = content.answer_of(document)
    if node.answer is None:
        words = document["answer"]
        node.answer_title, node.answer_description = words["title"], words["description"]
        node.answer_icon = words["icon"]
    if node.answer is None or node.answer.category_id != (category.id if category else None):
        node.answer_category = category
    return node


def _edges(step: BookingFlowStep, documents: Iterable[Json]) -> Iterator[ServiceSelectionEdge]:
    places: dict[str, int] = {}
    for document in documents:
        source = document["source_node_id"]
        places[source] = places.get(source, -1) + 1
        yield ServiceSelectionEdge(
            id=UUID(document["id"]),
            step=step,
            source_id=UUID(source),
            target_id=UUID(document["target_node_id"]),
            position=places[source],
        )


class _Content:
    """The business's content that a version's document refers to, by the ids in it."""

    def __init__(self, organization_id: UUID, version: FlowVersion) -> None:
        self.organization_id = organization_id
        self.version = version
        self.rewritten: list[str] = []
        self.services = self._services()
        self.categories = self._categories()
        graphs = [
            step["type_config"]
            for step in version.document["steps"]
            if step["step_type"] == StepType.SERVICE_SELECTION
        ]
        self._nodes = {node["id"]: node for graph in graphs for node in graph["nodes"]}
        self.questions = self._questions()
        self._asked_by = {
            edge["target_node_id"]: self._nodes[edge["source_node_id"]]["question"]["id"]
            for graph in graphs
            for edge in graph["edges"]
            if self._nodes[edge["source_node_id"]]["type"] == NodeType.QUESTION
        }
        self._answers_by_id, self._answers_by_words = self._known_answers()

    def answer_of(self, node: Json) -> BookingQuestionAnswer | None:
        """The answer that a node stood for; None where its words were its own."""
        answer_id = self.version.answer_ids.get(node["id"])
        known = self._answers_by_id.get(answer_id) if answer_id else None
        question_id = self._asked_by.get(node["id"])
        # Versions of old did not note which answers they used; there, equal words are the same answer.
        had_own_words = not answer_id and node["service_id"] is None and self.version.answer_ids
        if known is None and question_id is not None and not had_own_words:
            known = self._answers_by_words.get(self._identity(question_id, node))
        if known is not None or node["service_id"] is None:
            return known
        return self._write_answer(node, question_id, UUID(answer_id) if answer_id else new_id())

    def _services(self) -> dict[str, BookingService]:
        wanted = {key: one["content"]["title"] for key, one in self.version.document["services"].items()}
        rows = BookingService.objects.for_organization(self.organization_id)
        found = {str(row.id): row for row in rows.filter(id__in=wanted)}
        if missing := wanted.keys() - found.keys():
            by_title = {row.title: row for row in rows.filter(title__in=[wanted[key] for key in missing])}
            found |= {key: by_title[wanted[key]] for key in missing if wanted[key] in by_title}
        if gone := [title for key, title in wanted.items() if key not in found]:
            raise ServicesGone(gone)
        return found

    def _categories(self) -> dict[str, BookingAnswerCategory]:
        wanted = self.version.document["categories"]
        rows = BookingAnswerCategory.objects.for_organization(self.organization_id)
        found = {str(row.id): row for row in rows.filter(id__in=wanted)}
        for key in wanted.keys() - found.keys():
            again = BookingAnswerCategory(id=UUID(key), organization_id=self.organization_id, **wanted[key])
            again.save(force_insert=True)
            self.rewritten.append(f"the heading “{again.title}”")
            found[key] = again
        return found

    def _questions(self) -> dict[str, BookingQuestion]:
        wanted = {
            node["question"]["id"]: node["question"]
            for node in self._nodes.values()
            if node["type"] == NodeType.QUESTION
        }
        rows = BookingQuestion.objects.for_organization(self.organization_id)
        found = {str(row.id): row for row in rows.filter(id__in=wanted)}
        missing = [one for key, one in wanted.items() if key not in found]
        by_name = {
            row.unique_name: row
            for row in rows.filter(unique_name__in=[one["unique_name"] for one in missing])
        }
        for one in missing:
            found[one["id"]] = by_name.get(one["unique_name"]) or self._write_question(one)
        return found

    def _write_question(self, question: Json) -> BookingQuestion:
        again = BookingQuestion(
            **{**question, "id": UUID(question["id"])}, organization_id=self.organization_id
        )
        again.save(force_insert=True)
        self.rewritten.append(f"the question “{again.title}”")
        return again

    def _known_answers(self) -> tuple[dict[str, BookingQuestionAnswer], dict[Any, BookingQuestionAnswer]]:
        asked = [row.id for row in self.questions.values()]
        rows = list(
            BookingQuestionAnswer.objects.for_organization(self.organization_id)
            .filter(question_id__in=asked)
            .select_related("service", "question", "category")
        )
        elsewhere = set(self.version.answer_ids.values()) - {str(row.id) for row in rows}
        if elsewhere:  # an answer may stand after a question that is not its own
            rows += (
                BookingQuestionAnswer.objects.for_organization(self.organization_id)
                .filter(id__in=elsewhere)
                .select_related("service", "question", "category")
            )
        by_words = {
            (str(row.question_id), row.content()["title"], str(row.service_id or "")): row
            for row in reversed(rows)
        }
        return {str(row.id): row for row in rows}, by_words

    def _identity(self, question_id: str, node: Json) -> tuple[str, str, str]:
        service_id = node["service_id"]
        service = str(self.services[service_id].id) if service_id else ""
        return str(self.questions[question_id].id), node["answer"]["title"], service

    def _write_answer(
        self, node: Json, question_id: str | None, answer_id: UUID
    ) -> BookingQuestionAnswer | None:
        if question_id is None:
            return None
        words, category_id = node["answer"], node["answer"]["category_id"]
        again = BookingQuestionAnswer(
            id=answer_id,
            question=self.questions[question_id],
            type=AnswerType.SERVICE_REFERENCE,
            service=self.services[node["service_id"]],
            category=self.categories[category_id] if category_id else None,
            title=words["title"],
            description=words["description"],
            icon=words["icon"],
        )
        again.save(force_insert=True)
        self.rewritten.append(f"the answer “{again}”")
        return again
