"""A flow's draft as a FlowDocument: read, renamed by keys that people can read, in the order of a walk."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.content.models import (
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from apps.core.models import ContentConfig
from apps.flows.models import (
    BookingFlow,
    NodeType,
    ServiceSelectionEdge,
    ServiceSelectionNode,
)
from apps.flows.portable import shapes
from apps.flows.portable.places import without_ids
from apps.flows.rows import DraftRows

MAX_KEY = 60


class Keys:
    """Short names for rows: the words they stand for, and a number where two have the same."""

    def __init__(self) -> None:
        self._by_id: dict[UUID, str] = {}
        self._taken: set[str] = set()

    def of(self, row_id: UUID, words: str) -> str:
        """The row's key; made of `words` when it is asked for first."""
        if row_id not in self._by_id:
            self._by_id[row_id] = self._new(words)
        return self._by_id[row_id]

    def _new(self, words: str) -> str:
        plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_KEY].strip("-") or "x"
        key, number = slug, 1
        while key in self._taken:
            number += 1
            key = f"{slug}-{number}"
        self._taken.add(key)
        return key


@dataclass(slots=True)
class _Content:
    """The content that has been met so far, by key."""

    categories: dict[str, shapes.Words] = field(default_factory=dict)
    services: dict[str, shapes.PortableService] = field(default_factory=dict)
    questions: dict[str, shapes.PortableQuestion] = field(default_factory=dict)
    answers: dict[str, shapes.PortableAnswer] = field(default_factory=dict)
    keys: Mapping[str, Keys] = field(
        default_factory=lambda: {name: Keys() for name in ("category", "service", "question", "answer")}
    )

    def category(self, row: BookingAnswerCategory | None) -> str | None:
        if row is None:
            return None
        key = self.keys["category"].of(row.id, row.title)
        self.categories.setdefault(key, shapes.Words(**row.content()))
        return key

    def service(self, row: BookingService | None) -> str | None:
        if row is None:
            return None
        key = self.keys["service"].of(row.id, row.title)
        if key not in self.services:
            fields = {name: getattr(row, name) for name in shapes.PortableService.model_fields}
            self.services[key] = shapes.PortableService.model_validate(fields)
        return key

    def question(self, row: BookingQuestion) -> str:
        key = self.keys["question"].of(row.id, row.unique_name)
        if key not in self.questions:
            names = {"unique_name": row.unique_name, "help_text": row.help_text}
            self.questions[key] = shapes.PortableQuestion(**_words(row), **names)
        return key

    def answer(self, row: BookingQuestionAnswer) -> str:
        key = self.keys["answer"].of(row.id, row.title or str(row))
        if key not in self.answers:
            self.answers[key] = shapes.PortableAnswer(
                question=self.question(row.question),
                **_words(row),
                category=self.category(row.category),
                service=self.service(row.service),
            )
        return key


def _words(row: ContentConfig) -> dict[str, str]:
    """The row's own words, without what an answer takes from its service."""
    return {"title": row.title, "description": row.description, "icon": row.icon}


def document_of(flow: BookingFlow) -> shapes.FlowDocument:
    """The draft as a file (three queries). Ids do not occur in it; the same draft makes the same file."""
    rows, content = DraftRows.of(flow), _Content()
    steps = [
        shapes.PortableStep.model_validate(
            {
                **_words(step),
                "step_type": step.step_type,
                "active": step.active,
                "settings": without_ids(step.type_config) or None,
                "graph": _graph_of(
                    [node for node in rows.nodes if node.step_id == step.id],
                    [edge for edge in rows.edges if edge.step_id == step.id],
                    content,
                ),
            }
        )
        for step in rows.steps
    ]
    return shapes.FlowDocument(
        flow=shapes.Words(**flow.content()),
        steps=steps,
        content=shapes.PortableContent(
            categories=content.categories,
            services=content.services,
            questions=content.questions,
            answers=content.answers,
        ),
    )


def file_of(document: shapes.FlowDocument) -> bytes:
    """The file's bytes: UTF-8, indented for people, without what is as usual."""
    whole: dict[str, Any] = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    head = {"format": shapes.FORMAT, "format_version": shapes.FORMAT_VERSION}
    return f"{json.dumps({**head, **whole}, indent=2, ensure_ascii=False)}\n".encode()


def _graph_of(
    nodes: Sequence[ServiceSelectionNode], edges: Sequence[ServiceSelectionEdge], content: _Content
) -> shapes.PortableGraph | None:
    if not nodes:
        return None
    ways: dict[UUID, list[UUID]] = {node.id: [] for node in nodes}
    for edge in edges:
        ways[edge.source_id].append(edge.target_id)
    keys, ordered = Keys(), _as_walked({node.id: node for node in nodes}, ways)
    return shapes.PortableGraph(
        nodes={keys.of(node.id, str(node)): _node_of(node, content) for node in ordered},
        edges=[
            shapes.PortableEdge.model_validate({"from": keys.of(node.id, ""), "to": keys.of(target_id, "")})
            for node in ordered
            for target_id in ways[node.id]
        ],
    )


def _as_walked(
    nodes: Mapping[UUID, ServiceSelectionNode], ways: Mapping[UUID, Sequence[UUID]]
) -> list[ServiceSelectionNode]:
    """Nodes by their distance from where nothing leads to, then what lies in circles alone."""
    entered = {target_id for targets in ways.values() for target_id in targets}
    met: dict[UUID, None] = {}  # in the order in which they are met, each once
    for start in [*(node_id for node_id in nodes if node_id not in entered), *nodes]:
        waiting = [] if start in met else [start]
        met.setdefault(start)
        for node_id in waiting:  # grows while it is read
            fresh = dict.fromkeys(target_id for target_id in ways[node_id] if target_id not in met)
            met.update(fresh)
            waiting += fresh
    return [nodes[node_id] for node_id in met]


def _node_of(node: ServiceSelectionNode, content: _Content) -> shapes.PortableNode:
    at = None if node.x is None or node.y is None else (node.x, node.y)
    if node.question is not None:
        return shapes.QuestionNode(kind="question", question=content.question(node.question), at=at)
    if node.node_type == NodeType.SERVICE:
        return shapes.ServiceNode(kind="service", service=content.service(node.service) or "", at=at)
    category = content.category(node.answer_category)
    if node.answer is not None:
        return shapes.AnswerNode(kind="answer", answer=content.answer(node.answer), category=category, at=at)
    return shapes.WordsNode(kind="words", **node.inline_content(), category=category, at=at)
