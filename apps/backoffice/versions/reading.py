"""What the pages show of versions: rows of the history, sides of a comparison, a version's steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from apps.backoffice.versions.access import version_of
from apps.core.errors import NotFound
from apps.flows.differences import Section, differences, in_short
from apps.flows.documents import Draft, draft_of
from apps.flows.graph import NodeKind
from apps.flows.models import BookingFlow, FlowVersion
from apps.flows.policies import STEP_WORDS

A_PAGE = 20
MAX_LINES = 400
MAX_DIGITS = 9  # more do not fit into the column
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Row:
    """A version in the list; `summary` says what it changed."""

    version: FlowVersion
    live: bool
    summary: str


def history_of(flow: BookingFlow, *, before: int | None) -> tuple[list[Row], int | None]:
    """Versions below the number `before`, newest first; and where the next page goes on. One query."""
    versions = FlowVersion.objects.for_organization(flow.organization_id).filter(flow=flow)
    if before is not None:
        versions = versions.filter(number__lt=before)
    found = list(versions.order_by("-number")[: A_PAGE + 1])
    rows = [
        Row(version, version.id == flow.published_version_id, _summary(version, older))
        for version, older in zip_longest(found, found[1:])
    ]
    return rows[:A_PAGE], found[A_PAGE - 1].number if len(found) > A_PAGE else None


def _summary(version: FlowVersion, older: FlowVersion | None) -> str:
    if older is None:
        return "The first version" if version.number == 1 else ""
    return in_short(differences(older.document, version.document))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a version, or the draft."""

    key: str
    words: str
    document: Mapping[str, Any]
    version: FlowVersion | None = None
    draft: Draft | None = None


def side_of(flow: BookingFlow, key: str | None, *, otherwise: str) -> Side:
    """The draft, or a version by its number. Raises NotFound."""
    key = key or otherwise
    if key == DRAFT:
        draft = draft_of(flow)
        return Side(DRAFT, "the draft", draft.document, draft=draft)
    if not key.isdecimal() or len(key) > MAX_DIGITS:
        raise NotFound
    version = version_of(flow, int(key))
    return Side(key, f"version {version.number}", version.document, version=version)


def sections_between(old: Side, new: Side) -> list[Section]:
    """What the second side has other than the first."""
    return differences(old.document, new.document)


# --- A version's steps ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the question graph as customers walk it."""

    kind: str
    words: str
    depth: int
    books: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step as customers saw it; `lines` are its graph's."""

    title: str
    description: str
    kind: str
    lines: Sequence[Line]


def steps_of(document: Mapping[str, Any]) -> list[StepShown]:
    """The steps of a version, in their order."""
    return [
        StepShown(
            step["step_config"]["title"],
            step["step_config"]["description"],
            STEP_WORDS[step["step_type"]],
            list(_lines(document, step["type_config"]))[:MAX_LINES],
        )
        for step in document["steps"]
    ]


def _lines(document: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[Line]:
    """The graph depth first, in the order of display; what was shown above is not unfolded again."""
    nodes = {node["id"]: node for node in config.get("nodes", [])}
    ways: dict[str, list[str]] = {}
    for edge in config.get("edges", []):
        ways.setdefault(edge["source_node_id"], []).append(edge["target_node_id"])
    root, seen = config.get("root_node_id"), set[str]()
    waiting = [(root, 0)] if root else []
    while waiting:
        node_id, depth = waiting.pop()
        node = nodes[node_id]
        service = document["services"].get(node.get("service_id"))
        title = service["content"]["title"] if service else ""
        content = node.get("question") or node.get("answer") or {}
        yield Line(
            kind=node["type"].removesuffix("_reference"),
            words=content.get("title") or title,
            depth=min(depth, 12),
            books=title if node["type"] == NodeKind.ANSWER else "",
        )
        if node_id not in seen:
            seen.add(node_id)
            waiting += [(target, depth + 1) for target in reversed(ways.get(node_id, []))]
