"""Comparing two whole documents, section by section."""

from collections.abc import Iterable, Iterator

from apps.flows.differences.changes import (
    Change,
    Json,
    Section,
    added,
    changed,
    moved,
    quoted,
    removed,
    staying,
    text_change,
    words_changes,
)
from apps.flows.differences.graphs import graph_changes
from apps.flows.differences.settings import settings_changes
from apps.flows.policies import STEP_WORDS

GRAPH_KEYS = frozenset({"nodes", "edges", "root_node_id"})


def differences(old: Json, new: Json) -> list[Section]:
    """What `new` has other than `old`, both documents of versions of one flow; empty if nothing.

    Steps come in the order of `new`, removed ones after them, then services and headings.
    """
    sections = [
        Section("The flow", "", tuple(words_changes(old["content"], new["content"]))),
        *_steps(old, new),
        Section("Services", "", tuple(_services(old["services"], new["services"]))),
        Section("Headings", "", tuple(_headings(old["categories"], new["categories"]))),
    ]
    return [section for section in sections if section.changes]


def _steps(old: Json, new: Json) -> Iterator[Section]:
    before = {step["id"]: step for step in old["steps"]}
    after = {step["id"]: step for step in new["steps"]}
    stay = staying(list(before), list(after))
    previous: Json | None = None
    for step_id, step in after.items():
        changes: Iterable[Change]
        if step_id not in before:
            changes = [added(f"This step is new{_place(previous)}.")]
        else:
            changes = _step(old, new, before[step_id], step)
            if step_id not in stay:
                place = _place(previous) or " first"
                changes = [moved(f"This step has moved: it stands{place} now."), *changes]
        yield Section(_title(step), STEP_WORDS[step["step_type"]], tuple(changes))
        previous = step
    for step_id, step in before.items():
        if step_id not in after:
            gone = removed("Customers do not see this step any more.")
            yield Section(_title(step), STEP_WORDS[step["step_type"]], (gone,))


def _place(previous: Json | None) -> str:
    return f" after {quoted(_title(previous))}" if previous else ""


def _title(step: Json) -> str:
    return str(step["step_config"]["title"])


def _step(old: Json, new: Json, before: Json, after: Json) -> Iterator[Change]:
    yield from words_changes(before["step_config"], after["step_config"])
    config, was = after["type_config"], before["type_config"]
    if before["step_type"] != after["step_type"]:
        yield changed(f"It is a step “{STEP_WORDS[after['step_type']]}” now.")
        return
    settings = {key: value for key, value in config.items() if key not in GRAPH_KEYS}
    yield from settings_changes(
        after["step_type"], {key: value for key, value in was.items() if key not in GRAPH_KEYS}, settings
    )
    if "nodes" in config or "nodes" in was:
        yield from graph_changes(old, new, was, config)


# --- What several steps may show --------------------------------------------------------------------


def _services(old: Json, new: Json) -> Iterator[Change]:
    for service_id, service in new.items():
        name = quoted(service["content"]["title"])
        if service_id not in old:
            yield added(f"{name} can be booked: {_minutes(service)}, {_price(service)}.")
            continue
        was = old[service_id]
        yield from text_change("Name", was["content"]["title"], service["content"]["title"])
        yield from text_change(
            f"Description of {name}", was["content"]["description"], service["content"]["description"]
        )
        yield from text_change(f"Icon of {name}", was["content"]["icon"], service["content"]["icon"])
        if _price(was) != _price(service):
            yield changed(f"Price of {name}: {_price(service)} instead of {_price(was)}.")
        if was["duration_minutes"] != service["duration_minutes"]:
            yield changed(f"Length of {name}: {_minutes(service)} instead of {_minutes(was)}.")
        yield from text_change(f"Note on the price of {name}", was["price_note"], service["price_note"])
    for service_id, service in old.items():
        if service_id not in new:
            yield removed(f"{quoted(service['content']['title'])} cannot be booked here any more.")


def _price(service: Json) -> str:
    return f"{service['price']} {service['currency']}" if service["price"] is not None else "no fixed price"


def _minutes(service: Json) -> str:
    minutes = service["duration_minutes"]
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _headings(old: Json, new: Json) -> Iterator[Change]:
    for category_id, content in new.items():
        if category_id not in old:
            yield added(f"Heading {quoted(content['title'])} added.")
            continue
        was = old[category_id]
        yield from text_change("Heading", was["title"], content["title"])
        name = quoted(content["title"])
        yield from text_change(f"Description of {name}", was["description"], content["description"])
        yield from text_change(f"Icon of {name}", was["icon"], content["icon"])
    for category_id, content in old.items():
        if category_id not in new:
            yield removed(f"Heading {quoted(content['title'])} removed.")
