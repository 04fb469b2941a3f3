"""The shape of a flow's file, version 1. Pure: no ORM. docs/flow-format.md explains every field.

A file names nothing by database id: content by keys of its own, locations by name.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from apps.content.models import MAX_BUFFER_MINUTES, MAX_DURATION_MINUTES
from apps.flows.types import Shape

FORMAT: Literal["wrkbelt-flow"] = "wrkbelt-flow"
FORMAT_VERSION: Literal[1] = 1
MAX_BYTES = 5_000_000
MAX_NODES = 20_000
MAX_CONTENT = 5_000

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,119}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Icon = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,40}$")]
Description = Annotated[str, StringConstraints(max_length=1000)]
StepType = Literal["zipcode", "service_selection", "details", "timeslot", "customer", "summary"]
Minutes = Annotated[int, Field(ge=0, le=MAX_DURATION_MINUTES)]
Buffer = Annotated[int, Field(ge=0, le=MAX_BUFFER_MINUTES)]


class Words(Shape):
    """What people read."""

    title: Title
    description: Description = ""
    icon: Icon = ""


class PortableService(Words):
    """A service with everything about it that is not of one business only."""

    duration_minutes: Annotated[int, Field(ge=1, le=MAX_DURATION_MINUTES)] = 60
    price: Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    price_note: Annotated[str, StringConstraints(max_length=120)] = ""
    buffer_before_minutes: Buffer | None = None
    buffer_after_minutes: Buffer | None = None
    required_skills: list[Annotated[str, StringConstraints(min_length=1, max_length=60)]] = Field(
        default_factory=list, max_length=50
    )
    requires_approval: bool = False
    may_split: bool = False
    online_cancel: bool | None = None
    cancel_notice_minutes: Minutes | None = None
    online_reschedule: bool | None = None
    reschedule_notice_minutes: Minutes | None = None


class PortableQuestion(Words):
    """A question; by `unique_name` it is found again in another business."""

    unique_name: Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,80}$")]
    help_text: Annotated[str, StringConstraints(max_length=300)] = ""


class PortableAnswer(Shape):
    """An answer to a question of the file. With a service, empty words are the service's own."""

    question: Key
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    description: Description = ""
    icon: Icon = ""
    category: Key | None = None
    service: Key | None = None


class PortableContent(Shape):
    """What the graph refers to, by keys that mean something in this file alone."""

    categories: dict[Key, Words] = Field(default_factory=dict, max_length=MAX_CONTENT)
    services: dict[Key, PortableService] = Field(default_factory=dict, max_length=MAX_CONTENT)
    questions: dict[Key, PortableQuestion] = Field(default_factory=dict, max_length=MAX_CONTENT)
    answers: dict[Key, PortableAnswer] = Field(default_factory=dict, max_length=MAX_CONTENT)


Pixels = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class Placed(Shape):
    """What stands on the editor's canvas, perhaps somewhere in particular."""

    at: tuple[Pixels, Pixels] | None = None


class QuestionNode(Placed):
    """Where a question is asked."""

    kind: Literal["question"]
    question: Key


class ServiceNode(Placed):
    """Where a service is chosen."""

    kind: Literal["service"]
    service: Key


class AnswerNode(Placed):
    """One of the file's answers, perhaps under another heading than its own."""

    kind: Literal["answer"]
    answer: Key
    category: Key | None = None


class WordsNode(Words, Placed):
    """An answer in words that are used nowhere else."""

    kind: Literal["words"]
    category: Key | None = None


PortableNode = Annotated[QuestionNode | ServiceNode | AnswerNode | WordsNode, Field(discriminator="kind")]


class PortableEdge(Shape):
    """From one node to another; the order of a node's edges is the order of its choices."""

    source: Key = Field(alias="from")
    target: Key = Field(alias="to")


class PortableGraph(Shape):
    """The question graph. It may be wrong: then the draft says so, and cannot be published yet."""

    nodes: dict[Key, PortableNode] = Field(default_factory=dict, max_length=MAX_NODES)
    edges: list[PortableEdge] = Field(default_factory=list, max_length=3 * MAX_NODES)


class PortableStep(Words):
    """A step. `settings` are those of its kind, with locations by name; without any it waits to be set up."""

    step_type: StepType
    active: bool = True
    settings: dict[str, Any] | None = None
    graph: PortableGraph | None = None


class FlowDocument(Shape):
    """A whole flow with everything that it needs."""

    format: Literal["wrkbelt-flow"] = FORMAT
    format_version: Literal[1] = FORMAT_VERSION
    flow: Words
    steps: list[PortableStep] = Field(default_factory=list, max_length=6)
    content: PortableContent = Field(default_factory=PortableContent)
