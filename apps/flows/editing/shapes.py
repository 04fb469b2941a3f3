"""A graph as the editor sends it. Pure: what can be said about it without looking at any row.

A draft may be broken (apps/flows/graph.py says how), but never nonsense: every way has two ends, every node
stands for one thing, and no id is used twice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError as Refused
from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from apps.core.errors import InvalidInput
from apps.core.icons import validate_icon
from apps.flows.errors import FlowProblem
from apps.flows.models import NodeType
from apps.flows.types import Shape, Words

MAX_NODES = 5_000
MAX_EDGES = 20_000
# Pixels at 100 %: 5,000 nodes below each other stay well inside.
MAX_PLACE = 1_000_000

Place = Annotated[int, Field(ge=-MAX_PLACE, le=MAX_PLACE)]


def _known_icon(name: str) -> str:
    try:
        validate_icon(name)
    except Refused as error:
        raise ValueError(error.messages[0]) from error
    return name


IconName = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(_known_icon)
]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class AnswerWords(Shape):
    """An answer that is only used here."""

    title: Words
    description: Description = ""
    icon: IconName = ""


class GraphNode(Shape):
    """One node: a question, an answer (one of a question's own, or in words), or a service.

    `category_id` is the heading that an answer stands under here; without one, an answer keeps its own.
    """

    id: UUID
    type: NodeType
    question_id: UUID | None = None
    answer_id: UUID | None = None
    service_id: UUID | None = None
    words: AnswerWords | None = None
    category_id: UUID | None = None
    x: Place
    y: Place

    @model_validator(mode="after")
    def _stands_for_one_thing(self) -> "GraphNode":
        wanted = {
            NodeType.QUESTION: [{"question_id"}],
            NodeType.ANSWER: [{"answer_id"}, {"words"}],
            NodeType.SERVICE: [{"service_id"}],
        }[self.type]
        given = {
            name
            for name in ("question_id", "answer_id", "service_id", "words")
            if getattr(self, name) is not None
        }
        if given not in wanted:
            raise ValueError(
                "a question node needs a question, a service node a service, "
                "and an answer node an answer or words of its own"
            )
        if self.category_id is not None and self.type != NodeType.ANSWER:
            raise ValueError("only an answer stands under a heading")
        return self


class GraphEdge(Shape):
    """A way. The ways of one source are shown in the order in which they are sent."""

    id: UUID
    source: UUID
    target: UUID


class NewQuestion(Shape):
    """A question that is written in the editor and kept with the graph, in one go."""

    id: UUID
    title: Words
    description: Description = ""
    icon: IconName = ""
    help_text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class NewAnswer(Shape):
    """A new answer to a question, for every flow to use. With a service it books that one."""

    id: UUID
    question_id: UUID
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    description: Description = ""
    icon: IconName = ""
    category_id: UUID | None = None
    service_id: UUID | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "NewAnswer":
        if not self.title and self.service_id is None:
            raise ValueError("write what the answer says")
        return self


class GraphEdit(Shape):
    """The whole graph as it shall be, and the content that is new with it."""

    nodes: list[GraphNode] = Field(max_length=MAX_NODES)
    edges: list[GraphEdge] = Field(max_length=MAX_EDGES)
    new_questions: list[NewQuestion] = Field(default_factory=list, max_length=MAX_NODES)
    new_answers: list[NewAnswer] = Field(default_factory=list, max_length=MAX_NODES)


def parse_graph(data: Any) -> GraphEdit:
    """The graph, typed. Raises InvalidInput, which names each place: `graph.nodes.3.x`."""
    try:
        return GraphEdit.model_validate(data)
    except ValidationError as error:
        found: dict[str, list[str]] = {}
        for problem in error.errors(include_url=False, include_context=False, include_input=False):
            place = ".".join(("graph", *(str(part) for part in problem["loc"])))
            found.setdefault(place, []).append(problem["msg"].removeprefix("Value error, "))
        raise InvalidInput(found) from error


def nonsense_in(graph: GraphEdit) -> Iterator[FlowProblem]:
    """Ids used twice, ways used twice, and ways to nodes that are not there."""
    nodes = {node.id for node in graph.nodes}
    yield from _repeated(node.id for node in graph.nodes)
    yield from _repeated(edge.id for edge in graph.edges)
    yield from _repeated(question.id for question in graph.new_questions)
    yield from _repeated(answer.id for answer in graph.new_answers)
    for (source, target), count in Counter((edge.source, edge.target) for edge in graph.edges).items():
        if count > 1:
            message = "Two connections lead from one node to the same other one. Keep one of them."
            yield FlowProblem("repeated", message, node_ids=(str(source), str(target)))
    for edge in graph.edges:
        if edge.source not in nodes or edge.target not in nodes:
            message = "A connection has nothing at one of its ends. Remove it, or connect it again."
            yield FlowProblem("dangling", message, node_ids=(str(edge.source), str(edge.target)))


def _repeated(ids: Iterable[UUID]) -> Iterator[FlowProblem]:
    for one, count in Counter(ids).items():
        if count > 1:
            yield FlowProblem("repeated", "The same id stands there twice.", node_ids=(str(one),))
