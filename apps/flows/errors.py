"""What can stand in the way of publishing a flow, or of believing a visitor's path through one."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from apps.core.constraints import constraint_means
from apps.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """One reason why a flow cannot be published; `message` says what to do about it."""

    code: str
    message: str
    step_id: UUID | None = None
    node_ids: tuple[str, ...] = ()
    # Set where it is about the steps as such: which one is missing, twice there, or in the wrong place.
    step_type: str = ""


class FlowInvalid(DomainError):
    """The draft is not fit to be published. `problems` lists everything that is wrong with it."""

    code = "FLOW_INVALID"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This flow cannot be published yet."

    def __init__(self, problems: Sequence[FlowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"{self.default_detail} {problems[0].message}" if problems else None,
            problems=[
                {
                    "code": problem.code,
                    "message": problem.message,
                    "step_id": str(problem.step_id) if problem.step_id else None,
                    "node_ids": list(problem.node_ids),
                }
                for problem in problems
            ],
        )


class StepThereAlready(DomainError):
    """A flow asks each kind of question once."""

    code = "STEP_THERE_ALREADY"
    status = HTTPStatus.CONFLICT
    default_detail = "The flow has a step of this kind already."


class StepCannotReturn(DomainError):
    """What a removed step was made of has been deleted since."""

    code = "STEP_CANNOT_RETURN"
    status = HTTPStatus.CONFLICT
    default_detail = (
        "The step cannot come back: a question, an answer or a service of it was deleted meanwhile. "
        "Add a new step."
    )


class SelectionInvalid(DomainError):
    """The path through the service selection is not one that this version of the flow offers."""

    code = "SELECTION_INVALID"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "These answers do not lead to a service any more. Choose the service again."


class GraphRefused(DomainError):
    """What was sent can never be a graph, or refers to what this business does not have."""

    code = "GRAPH_REFUSED"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This graph cannot be saved."

    def __init__(self, problems: Sequence[FlowProblem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"{self.default_detail} {problems[0].message}" if problems else None,
            problems=[
                {"code": one.code, "message": one.message, "node_ids": list(one.node_ids)} for one in problems
            ],
        )


class QuestionNameTaken(DomainError):
    """A new question got a name that another one was given at the same moment."""

    code = "QUESTION_NAME_TAKEN"
    default_detail = "Another question of this name was made at the same moment. Save again."


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing that is wrong with a flow's file. `path` is its place, such as `steps[1].title`."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class FlowFileInvalid(DomainError):
    """The file is not a flow that can be read here. `problems` lists what is wrong, and where."""

    code = "FLOW_FILE_INVALID"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This file cannot be imported."

    def __init__(self, problems: Sequence[FileProblem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"{self.default_detail} {problems[0]}" if problems else None,
            problems=[{"path": one.path, "message": one.message} for one in problems],
        )


class LocationsUnknown(DomainError):
    """The file names locations that this business does not have. Nothing was imported."""

    code = "LOCATIONS_UNKNOWN"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "The file names a location that is not here. Say which of yours is meant."

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names = tuple(names)
        listed = ", ".join(f"“{name}”" for name in names)
        super().__init__(
            f"There is no location {listed} here. Say which of yours is meant." if names else None,
            names=list(names),
        )


class ServicesGone(DomainError):
    """A version cannot be brought back, as services that it offers do not exist any more."""

    code = "SERVICES_GONE"
    default_detail = "This version offers a service that was deleted. Add it again, with the same title."

    def __init__(self, titles: Sequence[str] = ()) -> None:
        self.titles = tuple(titles)
        listed = ", ".join(f"“{title}”" for title in titles)
        super().__init__(
            f"This version offers {listed}, which you have deleted. Add it again, with the same title."
            if titles
            else None,
            titles=list(titles),
        )


class FlowInUse(DomainError):
    """Something leads to the flow; `uses` says what, in words."""

    code = "FLOW_IN_USE"
    default_detail = "Something leads to this flow. Lead it elsewhere first."

    def __init__(self, uses: Sequence[str] = ()) -> None:
        self.uses = tuple(uses)
        super().__init__(
            f"To this flow leads {', '.join(uses)}. Lead it elsewhere first." if uses else None,
            uses=list(uses),
        )


# The browser makes the ids; two at one moment may name the same.
constraint_means("flows_serviceselectionnode_pkey", GraphRefused)
constraint_means("flows_serviceselectionedge_pkey", GraphRefused)
constraint_means("question_name_is_unique", QuestionNameTaken)
constraint_means("step_type_once_a_flow", StepThereAlready)
