"""From a file's bytes to a FlowDocument, or to a list of what is wrong with it and where. Pure: no ORM."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn
from uuid import UUID

from pydantic import ValidationError

from apps.core.icons import current_name, near_names
from apps.flows.errors import FileProblem, FlowFileInvalid
from apps.flows.portable.places import located
from apps.flows.portable.shapes import (
    FORMAT,
    FORMAT_VERSION,
    MAX_BYTES,
    AnswerNode,
    FlowDocument,
    PortableGraph,
    QuestionNode,
    ServiceNode,
)
from apps.flows.types import parse_step_config

MAX_PROBLEMS = 50
ANY_PLACE = UUID(int=0)


def parse_flow_file(raw: bytes) -> FlowDocument:
    """Read a file. Raises FlowFileInvalid with every problem and its JSON path, such as `steps[1].title`."""
    value = _json_of(raw)
    _ensure_known_format(value)
    try:
        document = FlowDocument.model_validate(value)
    except ValidationError as error:
        raise FlowFileInvalid(list(_in_words(error, ()))[:MAX_PROBLEMS]) from error
    ensure_consistent(document)
    return document


def ensure_consistent(document: FlowDocument) -> None:
    """Refuse a document whose parts do not fit together. Raises FlowFileInvalid."""
    if problems := [
        *_step_problems(document),
        *_content_problems(document),
        *_icon_problems(document.model_dump()),
    ]:
        raise FlowFileInvalid(problems[:MAX_PROBLEMS])


def _refuse(path: str, message: str) -> NoReturn:
    raise FlowFileInvalid([FileProblem(path, message)])


def _json_of(raw: bytes) -> Any:
    if len(raw) > MAX_BYTES:
        _refuse("", f"The file is larger than {MAX_BYTES // 1_000_000} MB; no flow is.")
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
        # Neither half a character nor a zero one can be stored.
        unstorable = "\\u0000" in json.dumps(value, ensure_ascii=False).encode().decode()
    except json.JSONDecodeError as error:
        _refuse("", f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.")
    except (ValueError, RecursionError):
        _refuse("", "This is not a JSON file in UTF-8. Export a flow to see what one looks like.")
    if unstorable:
        _refuse("", "A text in this file has a character that cannot be stored (\\u0000). Take it out.")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _ensure_known_format(value: Any) -> None:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        _refuse("format", f"This is no flow: the file does not say “format”: “{FORMAT}”.")
    version = value.get("format_version")
    if type(version) is not int or version != FORMAT_VERSION:  # JSON's true equals 1
        _refuse(
            "format_version",
            f"This file has format version {version!r}, and only {FORMAT_VERSION} can be read here. "
            "Export the flow again, from a Scheduler that is not newer than this one.",
        )


def _in_words(error: ValidationError, prefix: Sequence[str | int]) -> Iterator[FileProblem]:
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        message = problem["msg"].removeprefix("Value error, ")
        yield FileProblem(_path([*prefix, *problem["loc"]]), f"{message[0].upper()}{message[1:]}.")


def _path(parts: Sequence[str | int]) -> str:
    """A place as pydantic names it, without what is no part of the file: `[key]`, and the tag of a union."""
    return _joined(
        [
            part
            for position, part in enumerate(parts)
            if part != "[key]" and not (position > 1 and parts[position - 2] == "nodes")
        ]
    )


def _joined(parts: Sequence[str | int]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".")


# --- What the shape alone cannot say ----------------------------------------------------------------


def _step_problems(document: FlowDocument) -> Iterator[FileProblem]:
    times = Counter(step.step_type for step in document.steps)
    for index, step in enumerate(document.steps):
        if times[step.step_type] > 1:
            yield FileProblem(f"steps[{index}].step_type", "A flow has a step of each kind only once.")
        if step.settings is not None:
            yield from _settings_problems(step.step_type, step.settings, index)
        if step.graph is None:
            continue
        if step.step_type != "service_selection":
            yield FileProblem(f"steps[{index}].graph", "Only the step service_selection has a graph.")
        yield from _graph_problems(document, step.graph, f"steps[{index}].graph")


def _settings_problems(step_type: str, settings: dict[str, Any], index: int) -> Iterator[FileProblem]:
    try:
        parse_step_config(step_type, located(settings, lambda name: (ANY_PLACE, name)))
    except ValidationError as error:
        yield from _in_words(error, ("steps", index, "settings"))
    except ValueError as error:
        yield FileProblem(f"steps[{index}].settings", str(error))


def _graph_problems(document: FlowDocument, graph: PortableGraph, path: str) -> Iterator[FileProblem]:
    content = document.content
    for key, node in graph.nodes.items():
        place = f"{path}.nodes.{key}"
        if isinstance(node, QuestionNode):
            yield from _unknown(node.question, content.questions, f"{place}.question", "question")
        elif isinstance(node, ServiceNode):
            yield from _unknown(node.service, content.services, f"{place}.service", "service")
        else:
            if isinstance(node, AnswerNode):
                yield from _unknown(node.answer, content.answers, f"{place}.answer", "answer")
            yield from _unknown(node.category, content.categories, f"{place}.category", "category")
    seen = set[tuple[str, str]]()
    for index, edge in enumerate(graph.edges):
        place = f"{path}.edges[{index}]"
        yield from _unknown(edge.source, graph.nodes, f"{place}.from", "node")
        yield from _unknown(edge.target, graph.nodes, f"{place}.to", "node")
        if (edge.source, edge.target) in seen:
            yield FileProblem(place, "This connection stands there twice.")
        seen.add((edge.source, edge.target))


def _content_problems(document: FlowDocument) -> Iterator[FileProblem]:
    content = document.content
    names = Counter(question.unique_name for question in content.questions.values())
    for key, question in content.questions.items():
        if names[question.unique_name] > 1:
            yield FileProblem(f"content.questions.{key}.unique_name", "Another question has the same name.")
    for key, answer in content.answers.items():
        place = f"content.answers.{key}"
        yield from _unknown(answer.question, content.questions, f"{place}.question", "question")
        yield from _unknown(answer.category, content.categories, f"{place}.category", "category")
        yield from _unknown(answer.service, content.services, f"{place}.service", "service")
        if answer.service is None and not answer.title:
            yield FileProblem(f"{place}.title", "An answer without a service needs a title.")


def _icon_problems(value: Any, path: Sequence[str | int] = ()) -> Iterator[FileProblem]:
    """Icons that there are not, wherever they stand."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _icon_problems(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "icon" and isinstance(item, str) and item and current_name(item) is None:
                near = " or ".join(f"“{name}”" for name in near_names(item)[:2])
                hint = f"Did you mean {near}?" if near else "Leave it out, or choose another."
                yield FileProblem(_joined([*path, key]), f"There is no icon “{item}”. {hint}")
            else:
                yield from _icon_problems(item, (*path, key))


def _unknown(key: str | None, known: dict[str, Any], path: str, what: str) -> Iterator[FileProblem]:
    if key is not None and key not in known:
        yield FileProblem(path, f"The file has no {what} “{key}”.")
