"""Rules as files: CSV for a spreadsheet, JSON for programs. Pure; importing.py says what one would change."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from apps.routing.values import MAX_FLOWS, MAX_RULES

Record = dict[str, Any]
COLUMNS = ("id", "priority", "match", "path", "query", "widget", "default", "active")
YES = frozenset({"yes", "true", "1", "on", "x"})
NO = frozenset({"no", "false", "0", "off", ""})
MAX_BYTES = 5 * 1024 * 1024


class BadFile(ValueError):
    """Not a file of rules; the message says what is wrong with it as a whole."""


def as_json(records: Sequence[Record]) -> str:
    """A file that `read` takes."""
    return json.dumps({"rules": list(records)}, indent=2, ensure_ascii=False) + "\n"


def as_csv(records: Sequence[Record]) -> str:
    """A file that `read` takes: a line a rule, with a flow and its share side by side as often as need be."""
    most = max((len(record["flows"]) for record in records), default=1)
    flows = [name for number in range(1, most + 1) for name in _flow_columns(number)]
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COLUMNS, *flows], lineterminator="\n")
    writer.writeheader()
    for record in records:
        row = {
            **{name: record[name] for name in COLUMNS},
            "query": urlencode(record["query"], safe="*"),
            "default": "yes" if record["default"] else "no",
            "active": "yes" if record["active"] else "no",
        }
        for number, share in enumerate(record["flows"], start=1):
            row |= dict(zip(_flow_columns(number), (share["flow"], share["share"]), strict=True))
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return out.getvalue()


def _flow_columns(number: int) -> tuple[str, str]:
    return ("flow", "share") if number == 1 else (f"flow {number}", f"share {number}")


def _harmless(value: Any) -> Any:
    """A spreadsheet takes what begins like this for a formula, and runs it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t"} else value


def read(text: str) -> list[tuple[int, Record]]:
    """The records of a file, with their lines (in JSON: the rules' numbers). Raises BadFile."""
    if len(text) > MAX_BYTES:
        raise BadFile("The file is larger than rules can be.")
    records = _read_json(text) if text.lstrip()[:1] in {"{", "["} else _read_csv(text)
    if len(records) > MAX_RULES:
        raise BadFile(f"There may be at most {MAX_RULES:,} rules.")
    return records


def _read_json(text: str) -> list[tuple[int, Record]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFile("This begins like JSON, but is none.") from error
    rules = document.get("rules") if isinstance(document, dict) else document
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise BadFile("Rules stand in a list called “rules”.")
    return list(enumerate(rules, start=1))


def _read_csv(text: str) -> list[tuple[int, Record]]:
    text = text.lstrip("\ufeff")
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = {(name or "").strip().lower() for name in reader.fieldnames or ()}
    if not {"flow", "path"} <= names:
        raise BadFile("The first line names the columns; there are at least “path” and “flow”.")
    records = []
    try:
        for row in reader:
            said = {(name or "").strip().lower(): _text(value) for name, value in row.items()}
            if any(said.values()):
                records.append((reader.line_num, _record_of(said)))
    except csv.Error as error:
        raise BadFile("This is no CSV.") from error
    return records


def _text(value: Any) -> str:
    text = str(value or "").strip()
    return text[1:] if text[:1] == "'" else text


def _record_of(said: Mapping[str, str]) -> Record:
    flows = []
    for number in range(1, MAX_FLOWS + 2):
        flow, share = (said.get(name, "") for name in _flow_columns(number))
        if flow:
            flows.append({"flow": flow, "share": share or 1})
    query = dict(reversed(parse_qsl(said.get("query", ""), keep_blank_values=True)))
    return {
        "id": said.get("id", ""),
        "priority": said.get("priority") or 100,
        "match": said.get("match") or ("prefix" if said.get("path") else "any"),
        "path": said.get("path", ""),
        "query": query,
        "widget": said.get("widget", ""),
        "default": said.get("default", ""),
        "active": said.get("active", "yes") or "yes",
        "flows": flows,
    }


def truth_of(value: Any) -> bool | None:
    """Yes or no, as people and programs write it; None for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in YES else False if word in NO else None


def number_of(value: Any) -> int:
    """A whole number; 0, which is none of ours, for anything else."""
    if isinstance(value, bool):
        return 0
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def records_of(rows: Iterable[Any]) -> list[Record]:
    """Stored rules as records, with titles of flows and widgets; ids where titles are not unique."""
    rows = list(rows)
    flow_names = _names({flow.id: flow.title for row in rows for flow, _ in row.shares()})
    configs = {row.scheduler_config for row in rows if row.scheduler_config}
    config_names = _names({config.id: config.name for config in configs})
    return [
        {
            "id": str(row.id),
            "priority": row.priority,
            "match": row.path_match,
            "path": row.path,
            "query": row.query,
            "widget": config_names.get(row.scheduler_config_id, ""),
            "default": row.is_default,
            "active": row.active,
            "flows": [{"flow": flow_names[flow.id], "share": weight} for flow, weight in row.shares()],
        }
        for row in rows
    ]


def _names(titles: Mapping[Any, str]) -> dict[Any, str]:
    counted = list(titles.values())
    return {key: title if counted.count(title) == 1 else str(key) for key, title in titles.items()}
