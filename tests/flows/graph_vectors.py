"""The shared vectors in fixtures/graphs; their README says what is in them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "fixtures" / "graphs"
VECTORS = sorted(path.stem for path in FOLDER.glob("*.json"))


@cache
def load(name: str) -> dict[str, Any]:
    """A vector, its series written out. It is shared: do not change it."""
    vector: dict[str, Any] = _written(json.loads((FOLDER / f"{name}.json").read_text()))
    return vector


def _written(value: Any) -> Any:
    """What a value stands for: each `{"series": n, "of": […]}` in a list is written out n times."""
    if isinstance(value, list):
        return [item for part in value for item in _items(part)]
    if isinstance(value, dict):
        return {key: _written(item) for key, item in value.items()}
    return value


def _items(part: Any) -> list[Any]:
    if not isinstance(part, dict) or "series" not in part:
        return [_written(part)]
    text = json.dumps(_written(part["of"]))
    return [
        item
        for number in range(part["series"])
        for item in json.loads(text.replace("{i}", str(number)).replace("{i+1}", str(number + 1)))
    ]
