"""Comparing two question graphs: what is new, gone, reworded, and where ways lead now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from apps.flows.differences.changes import (
    Change,
    Json,
    added,
    changed,
    listed,
    moved,
    quoted,
    removed,
    staying,
    text_change,
)
from apps.flows.graph import NodeKind

KIND_WORDS = {
    NodeKind.QUESTION.value: "Question",
    NodeKind.ANSWER.value: "Answer",
    NodeKind.SERVICE.value: "Service",
}


@dataclass(slots=True)
class _Side:
    """One of the two graphs, with the titles of its services and headings."""

    document: Json
    nodes: dict[str, Json] = field(default_factory=dict)
    targets: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    root_id: str | None = None

    @classmethod
    def of(cls, document: Json, config: Json) -> "_Side":
        side = cls(document, {node["id"]: node for node in config.get("nodes", [])})
        side.root_id = config.get("root_node_id")
        side.targets = {node_id: [] for node_id in side.nodes}
        side.sources = {node_id: [] for node_id in side.nodes}
        for edge in config.get("edges", []):
            source, target = edge["source_node_id"], edge["target_node_id"]
            if source in side.nodes and target in side.nodes:
                side.targets[source].append(target)
                side.sources[target].append(source)
        return side

    def title(self, node_id: str) -> str:
        node = self.nodes[node_id]
        content = node.get("question") or node.get("answer") or {}
        return str(content.get("title") or self.service_title(node.get("service_id")))

    def service_title(self, service_id: str | None) -> str:
        service = self.document["services"].get(service_id)
        return str(service["content"]["title"]) if service else "a service"

    def heading(self, category_id: str | None) -> str:
        category = self.document["categories"].get(category_id)
        return str(category["title"]) if category else ""

    def name(self, node_id: str) -> str:
        return quoted(self.title(node_id))

    def named(self, node_id: str) -> str:
        return f"{KIND_WORDS[self.nodes[node_id]['type']]} {self.name(node_id)}"

    def place(self, node_id: str) -> str:
        sources = self.sources[node_id]
        return f" after {self.name(sources[0])}" if sources else ""


def graph_changes(old: Json, new: Json, was: Json, config: Json) -> Iterator[Change]:
    """What differs between two configs of the service selection; `old` and `new` are their documents."""
    before, after = _Side.of(old, was), _Side.of(new, config)
    for node_id in after.nodes:
        if node_id in before.nodes:
            yield from _node(before, after, node_id)
        else:
            yield added(f"{after.named(node_id)} added{after.place(node_id)}.")
    for node_id in before.nodes:
        if node_id not in after.nodes:
            yield removed(f"{before.named(node_id)} removed{before.place(node_id)}.")
    for node_id in after.nodes:
        if node_id in before.nodes:
            yield from _ways(before, after, node_id)
    root = after.root_id
    if root != before.root_id and root is not None and root in before.nodes:
        yield changed(f"Customers begin with {after.name(root)} now.")


def _node(before: _Side, after: _Side, node_id: str) -> Iterator[Change]:
    old, new = before.nodes[node_id], after.nodes[node_id]
    if old["type"] != new["type"]:
        yield changed(f"{before.named(node_id)} has become {after.named(node_id).lower()}.")
    elif new["type"] == NodeKind.QUESTION:
        yield from _question(after.name(node_id), old["question"], new["question"])
    elif new["type"] == NodeKind.ANSWER:
        yield from _answer(before, after, node_id)
    elif old["service_id"] != new["service_id"]:
        yield changed(f"Service {after.name(node_id)} takes the place of {before.name(node_id)}.")


def _question(name: str, old: Json, new: Json) -> Iterator[Change]:
    if old["id"] != new["id"]:
        yield changed(f"Question {name} takes the place of {quoted(old['title'])}.")
        return
    yield from text_change("Question", old["title"], new["title"])
    yield from text_change(f"Hint below {name}", old["help_text"], new["help_text"])
    yield from text_change(f"Description of {name}", old["description"], new["description"])
    yield from text_change(f"Icon of {name}", old["icon"], new["icon"])


def _answer(before: _Side, after: _Side, node_id: str) -> Iterator[Change]:
    old, new, name = before.nodes[node_id], after.nodes[node_id], after.name(node_id)
    asked = next((source for source in after.sources[node_id]), None)
    to_what = f"Answer to {after.name(asked)}" if asked else "Answer"
    yield from text_change(to_what, before.title(node_id), after.title(node_id))
    yield from text_change(
        f"Description of {name}", old["answer"]["description"], new["answer"]["description"]
    )
    yield from text_change(f"Icon of {name}", old["answer"]["icon"], new["answer"]["icon"])
    if old["answer"]["category_id"] != new["answer"]["category_id"]:
        yield from text_change(
            f"Heading over {name}",
            before.heading(old["answer"]["category_id"]),
            after.heading(new["answer"]["category_id"]),
        )
    if old["service_id"] != new["service_id"]:
        yield _booked_by(name, before, after, old["service_id"], new["service_id"])


def _booked_by(name: str, before: _Side, after: _Side, old: str | None, new: str | None) -> Change:
    if new is None:
        return removed(f"Answer {name} does not book {quoted(before.service_title(old))} any more.")
    if old is None:
        return added(f"Answer {name} books {quoted(after.service_title(new))}.")
    instead = quoted(before.service_title(old))
    return changed(f"Answer {name} books {quoted(after.service_title(new))} instead of {instead}.")


# --- Ways -------------------------------------------------------------------------------------------


def _ways(before: _Side, after: _Side, node_id: str) -> Iterator[Change]:
    """Where a node leads that is in both. What came or went with a node has been said already."""
    old, new = dict.fromkeys(before.targets[node_id]), dict.fromkeys(after.targets[node_id])
    came = [target for target in new if target not in old]
    went = [target for target in old if target not in new]
    name = after.name(node_id)
    if len(came) == len(went) == 1 and after.nodes[node_id]["type"] != NodeKind.QUESTION:
        yield changed(f"{name} leads to {after.name(came[0])} instead of {before.name(went[0])}.")
    else:
        known = [target for target in came if target in before.nodes]
        if known:
            yield added(f"{name} leads to {_names(after, known)} now.")
        left = [target for target in went if target in after.nodes]
        if left:
            yield removed(f"{name} does not lead to {_names(before, left)} any more.")
    common = [target for target in new if target in old]
    if len(staying(list(old), list(new))) < len(common):
        yield moved(f"The choices at {name} stand in another order: {_names(after, list(new))}.")


def _names(side: _Side, node_ids: Sequence[str]) -> str:
    return listed([side.name(node_id) for node_id in node_ids])
