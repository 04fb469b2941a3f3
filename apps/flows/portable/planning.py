"""What importing a file would do here: which content is there already, which is new, what is missing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from apps.content.models import (
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.flows import policies
from apps.flows.errors import FlowProblem
from apps.flows.graph import Edge, Graph, Node, NodeKind, validate
from apps.flows.neighbours import locations_of
from apps.flows.portable import shapes
from apps.flows.portable.places import names_in

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing that the file brings: whether it is there already, and what people call it."""

    kind: str
    title: str
    reused: bool


@dataclass(frozen=True, slots=True)
class Found(Generic[RowT]):
    """Rows of the organization that the file's content stands for, by the file's keys; the others are new."""

    rows: Mapping[str, RowT]

    def get(self, key: str | None) -> RowT | None:
        """The row that is there already."""
        return self.rows.get(key) if key is not None else None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What importing a document into an organization comes to; nothing is written yet."""

    document: shapes.FlowDocument
    categories: Found[BookingAnswerCategory]
    services: Found[BookingService]
    questions: Found[BookingQuestion]
    answers: Found[BookingQuestionAnswer]
    # By the name that the file uses: the location's id and name here.
    locations: Mapping[str, tuple[UUID, str]]
    missing_locations: Sequence[str]
    # What will keep the draft from being published.
    problems: Sequence[FlowProblem]

    def items(self) -> list[Planned]:
        """Everything that the file brings, in its order, for people to look at."""
        content = self.document.content
        return [
            *_planned("Service", content.services, self.services),
            *_planned("Question", content.questions, self.questions),
            *(
                Planned("Answer", self.answer_title(key), self.answers.get(key) is not None)
                for key in content.answers
            ),
            *_planned("Heading", content.categories, self.categories),
        ]

    def answer_title(self, key: str) -> str:
        """What an answer is called; without a title of its own it is its service's."""
        return _title_of(self.document, key)


def plan_import(
    organization_id: UUID, document: shapes.FlowDocument, *, locations: Mapping[str, UUID] | None = None
) -> ImportPlan:
    """Compare a document with what the organization has (five queries, whatever its size).

    Services and headings are the same if their titles are, questions if their unique names are, answers if
    they answer the same question with the same words and the same service. `locations` says which location
    is meant where its name here is another one.
    """
    content = document.content
    services = _by_words(
        content.services,
        BookingService.objects.for_organization(organization_id).order_by("-active", "created_at", "id"),
        lambda row: row.title,
    )
    categories = _by_words(
        content.categories,
        BookingAnswerCategory.objects.for_organization(organization_id).order_by("created_at", "id"),
        lambda row: row.title,
    )
    names = {question.unique_name: key for key, question in content.questions.items()}
    rows = BookingQuestion.objects.for_organization(organization_id).filter(unique_name__in=names)
    questions = Found({names[row.unique_name]: row for row in rows})
    known, missing = _locations(organization_id, document, locations or {})
    return ImportPlan(
        document=document,
        categories=categories,
        services=services,
        questions=questions,
        answers=_answers(organization_id, content, questions, services),
        locations=known,
        missing_locations=missing,
        problems=_problems(document),
    )


def _planned(kind: str, content: Mapping[str, shapes.Words], found: Found[RowT]) -> Iterable[Planned]:
    return [Planned(kind, words.title, found.get(key) is not None) for key, words in content.items()]


def _by_words(
    content: Mapping[str, shapes.Words], rows: Iterable[RowT], title_of: Callable[[RowT], str]
) -> Found[RowT]:
    by_title: dict[str, list[RowT]] = {}
    for row in rows:
        by_title.setdefault(title_of(row).casefold(), []).append(row)
    found = {}
    for key, words in content.items():
        if same := by_title.get(words.title.casefold()):
            found[key] = same.pop(0)  # two of one title in the file are two here
    return Found(found)


def _answers(
    organization_id: UUID,
    content: shapes.PortableContent,
    questions: Found[BookingQuestion],
    services: Found[BookingService],
) -> Found[BookingQuestionAnswer]:
    asked = [row.id for row in questions.rows.values()]
    rows = BookingQuestionAnswer.objects.for_organization(organization_id).filter(question_id__in=asked)
    known = {(row.question_id, row.title.casefold(), row.service_id): row for row in reversed(rows)}
    found = {}
    for key, answer in content.answers.items():
        question, service = questions.get(answer.question), services.get(answer.service)
        is_new = question is None or (answer.service is not None and service is None)
        if question is None or is_new:
            continue
        row = known.get((question.id, answer.title.casefold(), service.id if service else None))
        if row is not None:
            found[key] = row
    return Found(found)


def _locations(
    organization_id: UUID, document: shapes.FlowDocument, chosen: Mapping[str, UUID]
) -> tuple[dict[str, tuple[UUID, str]], list[str]]:
    here = locations_of(organization_id)
    by_name = {name.casefold(): place_id for place_id, name in here.items()}
    known, missing = {}, []
    for name in names_in(step.settings for step in document.steps):
        place_id = chosen.get(name, by_name.get(name.casefold()))
        if place_id is not None and place_id in here:
            known[name] = (place_id, here[place_id])
        else:
            missing.append(name)
    return known, missing


# --- What the draft will lack -----------------------------------------------------------------------


def _problems(document: shapes.FlowDocument) -> list[FlowProblem]:
    asked = [step.step_type for step in document.steps if step.active]
    off = {step.step_type for step in document.steps if not step.active}
    found = [
        FlowProblem(problem.code, problem.message, step_type=problem.step_type)
        for problem in policies.step_problems(asked, off)
    ]
    for step in document.steps:
        if step.step_type == "service_selection" and step.active:
            found += [
                FlowProblem(problem.code.value, problem.message, node_ids=problem.node_ids)
                for problem in validate(_graph(document, step.graph or shapes.PortableGraph()))
            ]
    return found


def _graph(document: shapes.FlowDocument, graph: shapes.PortableGraph) -> Graph:
    entered = {edge.target for edge in graph.edges}
    roots = [key for key, node in graph.nodes.items() if node.kind == "question" and key not in entered]
    return Graph.of(
        roots[0] if roots else None,
        [_node(document, key, node) for key, node in graph.nodes.items()],
        [Edge(edge.source, edge.target) for edge in graph.edges],
    )


def _node(document: shapes.FlowDocument, key: str, node: shapes.PortableNode) -> Node:
    content = document.content
    if isinstance(node, shapes.QuestionNode):
        return Node(key, NodeKind.QUESTION, content.questions[node.question].title)
    if isinstance(node, shapes.ServiceNode):
        return Node(key, NodeKind.SERVICE, content.services[node.service].title, node.service)
    if isinstance(node, shapes.WordsNode):
        return Node(key, NodeKind.ANSWER, node.title)
    title = _title_of(document, node.answer)
    return Node(key, NodeKind.ANSWER, title, content.answers[node.answer].service)


def _title_of(document: shapes.FlowDocument, answer_key: str) -> str:
    answer = document.content.answers[answer_key]
    return answer.title or (document.content.services[answer.service].title if answer.service else "")
