"""From pydantic's complaints to the API's one error shape."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from apps.core.errors import InvalidInput
from apps.sessions.models import EventType

ModelT = TypeVar("ModelT", bound=BaseModel)

PLAIN_WORDS = {
    "extra_forbidden": "There is no such field.",
    "missing": "This field is required.",
    "string_pattern_mismatch": "This has characters that are not allowed here.",
}
SERVER_ONLY = "Only the server says that a session is completed."


def parse(model: type[ModelT], data: Any) -> ModelT:
    """The body as this type. Raises InvalidInput, which names each place: `events[3].data.field`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(_by_place(error)) from error


def _by_place(error: ValidationError) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for problem in error.errors(include_url=False, include_input=True):
        errors.setdefault(_place(problem["loc"]), []).append(_words(problem))
    return errors


def _place(loc: tuple[int | str, ...]) -> str:
    place = ""
    for before, part in zip((None, *loc), loc, strict=False):
        if isinstance(part, int):
            place += f"[{part}]"
        elif not (isinstance(before, int) and part in EventType.values):  # the union's tag is no place
            place += f".{part}" if place else part
    return place or "body"


def _words(problem: ErrorDetails) -> str:
    if problem["type"] == "union_tag_invalid":
        tag = problem.get("ctx", {}).get("tag")
        return SERVER_ONLY if tag == EventType.SESSION_COMPLETED else "There is no such type of event."
    if problem["type"] in PLAIN_WORDS:
        return PLAIN_WORDS[problem["type"]]
    return f"{problem['msg'].removeprefix('Value error, ')}."
