"""What a routing rule says, as whoever saves it puts it, and what may not be said. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.routing.globs import BadPattern
from apps.routing.patterns import PathMatch, Pattern

MAX_PRIORITY = 10_000
MAX_RULES = 10_000
MAX_WEIGHT = 1_000
MAX_FLOWS = 8
MAX_CONDITIONS = 8
MAX_NAME_LENGTH = 60
MAX_VALUE_LENGTH = 200
MAX_PATH_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Share:
    """A flow, and how large a share of the visitors it gets beside the others."""

    flow_id: UUID
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleValues:
    """Everything that a rule says. `shares` are its flows: one, or several among which visitors are split."""

    shares: Sequence[Share]
    priority: int = 100
    path_match: str = PathMatch.PREFIX
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    scheduler_config_id: UUID | None = None
    is_default: bool = False
    active: bool = True

    @property
    def pattern(self) -> Pattern:
        """What it looks at."""
        return Pattern.of(PathMatch(self.path_match), self.path, self.query)


def problems_of(values: RuleValues) -> dict[str, list[str]]:
    """What is wrong with these values, by field; whether the rows that they name exist is asked elsewhere."""
    problems = problems_of_pattern(values.path_match, values.path, values.query)
    if not 1 <= values.priority <= MAX_PRIORITY:
        problems["priority"] = [f"A priority is a number from 1 to {MAX_PRIORITY:,}."]
    if values.is_default and (values.path_match != PathMatch.ANY or values.query):
        problems.setdefault("is_default", []).append(
            "A default fits any page: choose “Any path”, without conditions."
        )
    problems |= _problems_of_shares(values.shares)
    return problems


def _problems_of_shares(shares: Sequence[Share]) -> dict[str, list[str]]:
    if not shares:
        return {"flow": ["Choose the flow that opens."]}
    if len({share.flow_id for share in shares}) < len(shares):
        return {"variants": ["Each flow stands once: change its share instead."]}
    if len(shares) > MAX_FLOWS:
        return {"variants": [f"A rule splits its visitors among at most {MAX_FLOWS} flows."]}
    if any(not 1 <= share.weight <= MAX_WEIGHT for share in shares):
        return {"variants": [f"A share is a number from 1 to {MAX_WEIGHT:,}."]}
    return {}


def problems_of_pattern(path_match: str, path: str, query: object) -> dict[str, list[str]]:
    """What is wrong with a rule's conditions, by field."""
    problems: dict[str, list[str]] = {}
    if path_match not in set(PathMatch):
        problems["path_match"] = ["Choose how the path is compared."]
    elif problem := _problem_of_path(PathMatch(path_match), path):
        problems["path"] = [problem]
    if problem := _problem_of_query(query):
        problems["query"] = [problem]
    return problems


def _problem_of_path(kind: PathMatch, path: str) -> str | None:
    if kind is PathMatch.ANY:
        return "Any path fits: leave this empty." if path else None
    stars = "*" in path and kind is not PathMatch.GLOB
    refusals = {
        "Write the path with a slash in front, without the name of your site.": not path.startswith("/"),
        f"A path may have at most {MAX_PATH_LENGTH} characters.": len(path) > MAX_PATH_LENGTH,
        "The path has characters that no address has.": not path.isprintable(),
        "Write only the path: what follows a ? is a condition of its own, below.": bool({"?", "#"} & {*path}),
        "To use * choose “Paths like this one”; a star that is meant as one is written %2A.": stars,
    }
    problem = next((words for words, applies in refusals.items() if applies), None)
    if problem is None:
        try:
            Pattern(kind, path).parts  # noqa: B018  (reading it is the check)
        except BadPattern as error:
            problem = str(error)
    return problem


def _problem_of_query(query: object) -> str | None:
    if not isinstance(query, Mapping):
        return "Parameters have names and values."
    if len(query) > MAX_CONDITIONS:
        return f"A rule looks at no more than {MAX_CONDITIONS} parameters."
    for name, value in query.items():
        if not isinstance(name, str) or not isinstance(value, str) or not name or not value:
            return "Each condition needs a parameter and its value; * stands for any value."
        if len(name) > MAX_NAME_LENGTH or len(value) > MAX_VALUE_LENGTH:
            return (
                f"A parameter has at most {MAX_NAME_LENGTH} characters, its value at most {MAX_VALUE_LENGTH}."
            )
        if not (name + value).isprintable():
            return "A condition has characters that no address has."
    return None
