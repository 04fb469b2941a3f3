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


# The browser makes the ids; two at one moment may name the same.
constraint_means("flows_serviceselectionnode_pkey", GraphRefused)
constraint_means("flows_serviceselectionedge_pkey", GraphRefused)
constraint_means("question_name_is_unique", QuestionNameTaken)
constraint_means("step_type_once_a_flow", StepThereAlready)
